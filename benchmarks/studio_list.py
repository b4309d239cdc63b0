"""The admin's list of two thousand segments: statements of the page, whatever is filtered, searched and sorted by."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from benchmarks.request import put_in_force
from benchmarks.result import Result
from django_microseg.segment.models import Segment, SegmentSize

__all__ = ["run"]

SEGMENTS = 2000
LIST = "/admin/django_microseg/segment/"
#: The bare list, and everything at once.
PAGES = ("", "?q=rule-1", "?folder=F7", "?tag=t7", "?in_use=no", "?o=-3", "?folder=F7&tag=t7&q=7&in_use=no&o=-3")


def run(database: str) -> Iterator[Result]:
    put_in_force(SEGMENTS)
    _file()
    user = User.objects.create(username="viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_segment"))
    browser = Client()
    browser.force_login(user)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        browser.get(LIST, secure=True)
        taken = {page: _queries(browser, page) for page in PAGES}
        start = time.process_time()
        browser.get(LIST, secure=True)
        spent = time.process_time() - start
    yield Result(
        "studio.list_queries_2000_segments", max(taken.values()), "queries", "lower", len(PAGES),
        f"{database}, the most of {len(PAGES)} ways to filter, search and sort, login and permissions among them; "
        f"{1e3 * spent:.0f} ms of CPU for the page here",
    )  # fmt: skip


def _file() -> None:
    """Folders, tags, and 31 days of sizes."""
    segments, today = list(Segment.objects.all()), timezone.localdate()
    for number, segment in enumerate(segments):
        segment.folder, segment.tags, segment.size = f"F{number % 40} / {number % 400}", f",t{number % 90},", number
    Segment.objects.bulk_update(segments, ["folder", "tags", "size"], batch_size=500)
    SegmentSize.objects.all().delete()
    days = [today - dt.timedelta(days=number) for number in range(31)]
    SegmentSize.objects.bulk_create(
        (SegmentSize(segment=segment, day=day, size=segment.size or 0) for segment in segments for day in days),
        batch_size=5000,
    )


def _queries(browser: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(f"{LIST}{page}", secure=True)
    assert answer.status_code == 200, answer.status_code
    return len(captured)
