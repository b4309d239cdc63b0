"""docs/events.md is what the catalogue says; the program that writes such pages tells when one is behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from django_microseg.collect.catalogue import EVENTS
from scripts.docs import find_stale, write
from scripts.docs_events import events_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "events.md"


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == events_page(), "run: python scripts/docs.py"


def test_every_event_with_every_property_is_on_the_page():
    text = events_page()
    for event in EVENTS.values():
        section = text.split(f"\n### {event.name}\n")[1].split("\n#")[0]
        assert event.summary in section
        assert all(f"| `{prop.name}`" in section for prop in event.properties)


def test_the_program_is_content_with_the_pages_of_the_repository():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("old", [None, "", "old\n", "new"])
def test_a_missing_or_different_page_is_behind_until_it_is_written(tmp_path, old):
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    if old is not None:
        page.write_text(old, encoding="utf-8")
    assert find_stale(tmp_path, {"docs/page.md": lambda: "new\n"}) == ["docs/page.md"]
    write(page, "new\n")
    assert find_stale(tmp_path, {"docs/page.md": lambda: "new\n"}) == []
    assert [file.name for file in page.parent.iterdir()] == ["page.md"]


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("old\n", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(page, "\ud800")
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["old\n"]
