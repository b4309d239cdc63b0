"""What a marketer does after saving a changed rule: looks at what would change, and decides."""

from __future__ import annotations

from typing import Any

from django.test import Client

from django_microseg.segment.models import Segment
from tests.admin.reading import read

__all__ = ["decide", "difference_url", "shown"]


def difference_url(segment: Segment) -> str:
    return f"/admin/django_microseg/segment/{segment.pk}/difference/"


def shown(browser: Client, segment: Segment) -> dict[str, str]:
    """The version and what is in force, as the page holds them."""
    page = read(browser.get(difference_url(segment)).text)
    return {name: page.all("input", name=name)[0]["value"] for name in ("version", "live")}


def decide(browser: Client, segment: Segment, button: str = "go", **more: Any) -> Any:
    """Press a button of the page of differences."""
    given = {**shown(browser, segment), button: "1", **more}
    return browser.post(difference_url(segment), given, follow=True)
