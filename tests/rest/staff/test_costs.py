"""What each answer costs the database, whatever the number of segments, members, versions and runs.

Of those that change something one is the admin's history. Two statements more are the session and the account; a member
of staff who is no owner takes two for permissions.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from django_microseg.segment.models import RefreshRun, Segment
from tests.rest.staff.asking import BOUGHT, LOOKED, call, etag_of

pytestmark = pytest.mark.django_db

AUTHENTICATION = 2
#: No questions: savepoints, and on PostgreSQL how long a preview's statements may take.
ASIDE = ("SAVEPOINT", "current_setting", "set_config")


def cost(browser: Client, method: str, address: str, body: Any = None, *, seen: str = "*") -> int:
    """Questions of its own, with what a process keeps already kept."""
    call(browser, "GET", "segments/")
    ContentType.objects.get_for_model(Segment)
    with CaptureQueriesContext(connection) as captured:
        response = call(browser, method, address, body, seen=seen)
    assert response.status_code in (200, 201), response.content
    return sum(not any(word in query["sql"] for word in ASIDE) for query in captured) - AUTHENTICATION


@pytest.fixture(params=[1, 40])
def _many(request, bought, make_segment, happen):
    for number in range(request.param):
        segment = make_segment(f"s-{number}", f'segment("bought") and {LOOKED}', is_active=False)
        segment.versions.create(number=2, rule=segment.versions.get().rule, created_at=timezone.now())
        bought.versions.create(number=number + 2, rule=segment.versions.first().rule, created_at=timezone.now())
        happen("order_completed", customer=f"c-{number}", order_id=f"O-{number}", revenue="20", currency="GBP")
        RefreshRun.objects.create(kind="sweep", state="done", started_at=timezone.now())


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize(
    ("method", "address", "body", "expected"),
    [
        ("GET", "segments/", None, 5),  # rows, their versions, names in sentences, all people, what is in force
        ("GET", "segments/?page_size=200&search=s&state=draft&ordering=-size", None, 5),
        ("GET", "segments/bought/", None, 5),
        ("GET", "segments/bought/versions/", None, 3),
        ("GET", "segments/bought/growth/?days=730", None, 2),
        ("GET", "segments/bought/members/", None, 2),
        ("GET", "fields/", None, 1),
        ("GET", "runs/", None, 1),
        ("POST", "segments/", {"slug": "new", "name": "New", "rule": BOUGHT}, 1 + 4 + 1 + 5),
        ("PATCH", "segments/bought/", {"name": "Buyers", "rule": 'segment("s-0")'}, 1 + 6 + 1 + 5),
        ("PATCH", "segments/s-0/", {"name": "Other"}, 3 + 1 + 5),
        ("GET", "segments/s-0/difference/", None, 12),
        ("POST", "segments/s-0/discard/", None, 4 + 1 + 5),
        ("POST", "segments/s-0/archive/", {}, 14 + 1 + 5),  # one asks what is in force or being prepared
        ("POST", "segments/s-0/publish/", None, 59 + 1 + 5),
        ("POST", "preview/", {"rule": BOUGHT}, 7),
        ("POST", "segments/bought/explain/", {"who": "ada"}, 6),
    ],
)
def test_number_of_statements_is_the_same_for_few_and_for_many(owner, method, address, body, expected):
    assert cost(owner, method, address, body) == expected


@pytest.mark.usefixtures("_many")
def test_permissions_of_whoever_is_no_owner_take_two_statements_more(staff):
    assert cost(staff("view_segment"), "GET", "segments/") == 5 + 2


@pytest.mark.usefixtures("_many")
def test_whoever_is_refused_costs_no_more_than_knowing_them(staff, owner, django_assert_num_queries):
    nobody, looker = Client(), staff("view_refreshrun")
    with django_assert_num_queries(0):
        assert call(nobody, "GET", "segments/").status_code == 401
    with django_assert_num_queries(AUTHENTICATION + 2):
        assert call(looker, "GET", "segments/").status_code == 403
    assert etag_of(owner, "bought")
