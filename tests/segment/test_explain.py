"""Explain tells the truth from the events, and what it foretells comes true."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

import pytest

from django_microseg.profile.facts import set_fact
from django_microseg.profile.traits.definition import Stream
from django_microseg.segment import rulebook
from django_microseg.segment.explain import explain
from django_microseg.segment.explain.explain import NotInForce
from django_microseg.segment.explain.specimen import OTHER_THAN, event_of, texts_other_than
from django_microseg.segment.models import Segment
from django_microseg.segment.refresh import refresh_due
from tests.segment.shop import DAY, NOW, buy, do, members, profile_of, put_in_force

pytestmark = pytest.mark.django_db


def ask(customer: str, slug: str, now: dt.datetime = NOW):  # type: ignore[no-untyped-def]
    return explain(profile_of(customer), Segment.objects.get(slug=slug), now=now)


def test_member_is_told_since_when_why_and_until_when() -> None:
    put_in_force(frequent='count("order_completed", days=30) >= 2')
    buy("ann", NOW - 20 * DAY)
    buy("ann", NOW - 10 * DAY)
    answer = ask("ann", "frequent")
    (trace,) = answer.conditions
    assert answer.is_member
    assert (trace.is_met, trace.actual, trace.needed) == (True, "2", "at least 2")
    assert answer.since == trace.met_since == NOW - 10 * DAY
    assert answer.leaves_at == NOW + 10 * DAY
    assert [each.occurred_at for each in trace.evidence] == [NOW - 20 * DAY, NOW - 10 * DAY]
    assert answer.change is None


def test_leaves_at_comes_true_when_the_clock_moves() -> None:
    put_in_force(frequent='count("order_completed", days=30) >= 2')
    buy("ann", NOW - 20 * DAY)
    buy("ann", NOW - 10 * DAY)
    leaves_at = ask("ann", "frequent").leaves_at
    refresh_due(leaves_at - dt.timedelta(milliseconds=1))
    assert members("frequent") == ["ann"]
    refresh_due(leaves_at)
    assert members("frequent") == []


def test_since_is_the_last_time_that_it_became_true_not_the_first() -> None:
    put_in_force(quiet='count("order_completed", days=(3, 4)) == 0')
    buy("ann", NOW - 10 * DAY)
    buy("ann", NOW - 8 * DAY)
    buy("ann", NOW - 7 * DAY)
    # the first order is in the window from day 7 to 6 before now, the others from day 5 to 3
    assert ask("ann", "quiet").since == NOW - 3 * DAY


def test_smallest_change_lets_the_person_in_when_it_is_made() -> None:
    put_in_force(frequent='count("order_completed", days=30) >= 3')
    buy("ann", NOW - 10 * DAY)
    answer = ask("ann", "frequent")
    assert not answer.is_member
    assert answer.change.steps == ("order_completed 2 times more",)
    buy("ann")
    assert members("frequent") == []
    buy("ann")
    assert members("frequent") == ["ann"]


def test_smallest_change_of_an_amount_is_exact_to_the_penny() -> None:
    put_in_force(spenders='sum("order_completed", "value") >= 200')
    buy("ann", revenue=150)
    assert ask("ann", "spenders").change.steps == ("order_completed worth 50",)


def test_what_only_time_can_do_is_to_wait() -> None:
    put_in_force(idle='days_since("product_viewed") >= 7')
    do("ann", "product_viewed", product_id="p1")
    answer = ask("ann", "idle")
    assert answer.joins_at == NOW + 7 * DAY
    assert answer.change.kind == "wait"
    assert answer.change.at == NOW + 7 * DAY


def test_missing_fact_is_unknown_and_named_as_the_change() -> None:
    put_in_force(ladies='gender == "female" and count("order_completed") >= 1')
    buy("ann")
    answer = ask("ann", "ladies")
    assert [(trace.is_met, trace.actual) for trace in answer.conditions] == [(None, "unknown"), (True, "1")]
    assert answer.change.steps == ("gender is female",)
    set_fact(profile_of("ann"), "gender", "female", source="form", now=NOW)
    assert members("ladies") == ["ann"]


def test_own_cadence_is_shown_in_days() -> None:
    put_in_force(lost='days_since("order_completed") > 2 * mean_gap("order_completed")')
    for days in (60, 50, 40):
        buy("ann", NOW - days * DAY)
    (trace,) = ask("ann", "lost").conditions
    assert (trace.actual, trace.needed, trace.is_met) == ("40 days", "more than 20 days", True)
    assert trace.met_since == NOW - 20 * DAY + dt.timedelta(milliseconds=1)


def test_segment_of_a_segment_is_explained_through_it() -> None:
    put_in_force(buyers='count("order_completed") >= 1')
    put_in_force(strangers='not segment("buyers")')
    do("ann", "product_viewed", product_id="p1")
    buy("bob")
    assert ask("ann", "strangers").is_member
    assert not ask("bob", "strangers").is_member


def test_explanation_as_json_and_lines_say_the_same() -> None:
    put_in_force(frequent='count("order_completed", days=30) >= 2')
    buy("ann")
    answer = ask("ann", "frequent")
    assert answer.to_json()["change"]["steps"] == ["order_completed once more"]
    assert "The smallest change that would let them in: order_completed once more." in list(answer.lines())


def test_segment_that_is_not_in_force_cannot_be_explained() -> None:
    segment = Segment.objects.create(slug="draft", name="draft")
    put_in_force(other='count("order_completed") >= 1')
    buy("ann")
    with pytest.raises(NotInForce):
        explain(profile_of("ann"), segment, now=NOW)


def test_age_is_explained_from_the_birthday() -> None:
    put_in_force(adult="age >= 18")
    buy("ann")
    set_fact(profile_of("ann"), "birthday", dt.date(2010, 5, 1), source="crm", now=NOW)
    answer = ask("ann", "adult")
    assert [(trace.is_met, trace.actual, trace.needed) for trace in answer.conditions] == [(False, "15", "at least 18")]
    # The first of May, 2028, begins in London at 23:00 UTC of the day before.
    assert answer.joins_at == dt.datetime(2028, 4, 30, 23, tzinfo=dt.UTC)


def test_change_is_made_of_what_an_event_can_say() -> None:
    """A country is two letters, so somebody who is not in this one is in another of two letters."""
    others = islice(texts_other_than(["aa", "ac"], "country"), 30)
    assert [len(text) for text in others] == [2] * 30
    assert list(islice(texts_other_than(["aa", "ac"], "country"), 2)) == ["ab", "ad"]
    stream = Stream("any", ())
    record = event_of(stream, 0, 2, dt.UTC, country=OTHER_THAN + "aa", brand=OTHER_THAN + "vale")
    assert (record.country, record.brand) == ("ab", "other than vale")


def test_explanation_takes_the_same_few_statements_however_many_segments_there_are(
    django_assert_num_queries: Any,
) -> None:
    buy("ann")
    put_in_force(**{f"s{n}": f'count("order_completed") >= {n + 1} and known(gender)' for n in range(20)})
    profile, segment = profile_of("ann"), Segment.objects.select_related("live_version").get(slug="s3")
    rulebook.current()
    # the publication's version, their events, the names of their facts, the names of segments
    with django_assert_num_queries(4):
        explain(profile, segment, now=NOW)
