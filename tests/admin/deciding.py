"""What a marketer does after saving a changed rule: looks at what would change, and decides."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from django_microseg.segment.models import Membership, Segment
from tests.admin.reading import read

__all__ = ["change_url", "decide", "difference_url", "members_of", "shown"]


def change_url(segment: Segment) -> str:
    return reverse("admin:django_microseg_segment_change", args=[segment.pk])


def members_of(segment: Segment) -> set[str]:
    rows = Membership.objects.filter(segment=segment, definition__state="live")
    return {str(row.profile) for row in rows.select_related("profile")}


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
