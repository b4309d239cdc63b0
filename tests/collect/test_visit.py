from __future__ import annotations

from dataclasses import replace

import pytest

from django_microseg.collect.arrival import Arrival
from django_microseg.collect.visit import Visit, begin_visit, continue_visit, with_page_views

MINUTE = 60_000
START = 1_700_000_000_000
FIRST = Visit("v1", START, START, number=1, views=3, arrival=Arrival("social", "spring"))
INSIDE = Arrival()


def _next(at: int, arrival: Arrival = INSIDE, previous: Visit | None = FIRST) -> Visit:
    return continue_visit(previous, arrival, now=at, idle=30 * MINUTE, new_key="v2")


def test_first_request_begins_the_first_visit():
    assert _next(START, Arrival("direct"), previous=None) == Visit(
        "v2", START, START, number=1, views=0, arrival=Arrival("direct")
    )


def test_visit_goes_on_just_before_thirty_idle_minutes():
    at = START + 30 * MINUTE - 1
    assert _next(at) == replace(FIRST, last_at=at)


def test_visit_ends_after_thirty_idle_minutes():
    at = START + 30 * MINUTE
    assert _next(at, Arrival("direct")) == begin_visit(Arrival("direct"), now=at, key="v2", number=2)


@pytest.mark.parametrize(
    ("arrival", "kept"),
    [
        (Arrival("email", "letter"), Arrival("email", "letter")),
        (Arrival("direct"), Arrival("social", "spring")),
        (Arrival("referral", "", "blog.example"), Arrival("social", "spring")),
    ],
)
def test_last_campaign_stands_for_the_visit(arrival, kept):
    assert _next(START + MINUTE, arrival).arrival == kept


def test_clock_that_goes_back_does_not_shorten_the_visit():
    assert _next(START - 5 * MINUTE).last_at == START


def test_page_view_is_counted():
    assert with_page_views(FIRST, 2) == replace(FIRST, views=5)
