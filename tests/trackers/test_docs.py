"""docs/tracking.md names every refusal, with the status that it has."""

from __future__ import annotations

from django_microseg.trackers.refusal import REFUSALS
from tests.conftest import ROOT


def test_page_names_every_code_with_its_status():
    text = (ROOT / "docs" / "tracking.md").read_text(encoding="utf-8")
    missing = [code for code, (status, _) in REFUSALS.items() if f"| {int(status)} | `{code}` |" not in text]
    assert missing == []
