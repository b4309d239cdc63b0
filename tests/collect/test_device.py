from __future__ import annotations

import pytest

from django_microseg.collect.device import read_agent

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("", ""),
        ("curl/8.5", ""),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0.0.0 Safari/537.36", "desktop"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "desktop"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) {WEBKIT} Version/17.5 Safari/605.1.15", "desktop"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/130.0.0.0 Safari/537.36", "desktop"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {WEBKIT} Mobile/15E148 Safari/604.1", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {WEBKIT} Chrome/130.0.0.0 Mobile Safari/537.36", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 14; SM-X910) {WEBKIT} Chrome/130.0.0.0 Safari/537.36", "tablet"),
        (f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {WEBKIT} Mobile/15E148 Safari/604.1", "tablet"),
        ("Mozilla/5.0 (Android 13; Tablet; rv:131.0) Gecko/131.0 Firefox/131.0", "tablet"),
        ("Mozilla/5.0 (Android 13; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "mobile"),
    ],
)
def test_class_of_a_device_is_told_from_its_header(agent, device):
    assert read_agent(agent).device == device


def test_overlong_header_is_cut_before_it_is_read():
    assert read_agent("Mozilla/5.0 (iPhone) " + "x" * 100_000).device == "mobile"
