"""The example shop in a real browser. One server process and one Chromium serve all of these tests."""
