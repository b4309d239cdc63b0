"""Who was in a segment at a past moment: the log read backwards is what was shown then, and the rule of now, asked
about a past moment, is what the oracle says of the events and facts that there were."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from django_microseg.collect.fields import from_ms
from django_microseg.segment.insight import then
from django_microseg.segment.models import Membership, MembershipChange, Segment
from tests.effort import cases

from .compare import Member, compare
from .evaluators import add_person, add_records
from .live import LivePath
from .table import in_force
from .worlds import World, share_of

pytestmark = pytest.mark.django_db


def _by_rule_of_now(world: World) -> Iterator[Member]:
    with in_force(world), mock.patch.object(then, "compute", return_value=world.population):
        people = {}
        for number, history in enumerate(world.histories):
            profile = add_person(number, history.known_facts())
            add_records(profile, history.events)
            people[profile.pk] = number
        for segment in Segment.objects.filter(slug__in=world.rules):
            for now in world.nows:
                found = then.compare_then(segment, from_ms(now)).recomputed
                assert found is not None
                for pk, number in people.items():
                    yield Member(history=number, now=now, slug=segment.slug, value=pk in found)


def test_rule_of_now_at_a_past_moment_is_what_the_oracle_says() -> None:
    report = compare(share_of(711, cases(quick=3, ci=30), nows=2, histories=6), _by_rule_of_now)
    assert report.cases >= 100


def _members() -> dict[int, frozenset[int]]:
    rows = Membership.objects.values_list("segment", "profile")
    return {pk: frozenset(who for segment, who in rows if segment == pk) for pk, _ in rows}


def _retold(segment: Segment, now: int) -> frozenset[int]:
    return frozenset(then.shown_then(segment, from_ms(now)).values_list("pk", flat=True))


def _moments_retold(world: World) -> int:
    """How many moments there were of which the log, asked later on, told what had been shown; each is asked again."""
    shown: dict[int, dict[int, frozenset[int]]] = {}
    for answer in LivePath()(world):
        if answer.now not in shown:
            for segment in Segment.objects.all():
                for now, members in shown.items():
                    assert _retold(segment, now) == members.get(segment.pk, frozenset()), (
                        world.seed,
                        segment.slug,
                        now,
                    )
        shown[answer.now] = _members()
    return len(shown)


def test_log_read_backwards_is_what_was_shown_then() -> None:
    worlds = share_of(712, cases(quick=4, ci=16), histories=1, nows=6, rules=4)
    assert sum(_moments_retold(world) for world in worlds) >= 30
    assert not MembershipChange.objects.exists()  # each world took its people along
