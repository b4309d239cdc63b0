"""The search for the next flip against a clock that simply tries every millisecond."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest

from django_microseg.collect.record import EventRecord
from django_microseg.profile.traits.definition import DAY, MINUTE, Stream, Trait, Window
from django_microseg.segment.rule import FactCondition, Group, Rule, TraitCondition, TraitOperand
from tests.effort import cases

from .brute import true_flip
from .histories import Clock
from .oracle import Situation, verdict
from .worlds import draw_world

NOW = 40
LAST = Trait("minutes_since", Stream("view"))
EARLIER = Trait("minutes_since", Stream("view"), Window(newest=30))
CADENCE = Trait("mean_gap", Stream("view"))
SOME = Trait("count", Stream("view"), Window(oldest=25))


def view(t: int, voided_at: int | None = None) -> EventRecord:
    return EventRecord(t, "web", f"{t:032x}", 0, "view", voided_at)


def at(now: int, *events: EventRecord, **more: object) -> Situation:
    return replace(Situation(events, (), {}, {}, None, now, 2, dt.UTC), **more)  # type: ignore[arg-type]


def tried_flip(rule: Rule, here: Situation, horizon: int) -> int | None:
    """The first millisecond at which the membership is another one."""
    is_in = verdict(rule, here) is True
    instants = range(here.now + 1, horizon + 1)
    return next((now for now in instants if (verdict(rule, replace(here, now=now)) is True) != is_in), None)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (TraitCondition(SOME, ">=", 2), 45),
        (TraitCondition(SOME, ">=", 1), 60),
        (TraitCondition(SOME, "<", 3), None),
        (TraitCondition(Trait("count", Stream("view"), Window(newest=20, oldest=25)), "==", 1), 45),
        (TraitCondition(Trait("count", Stream("view"), Window(newest=12)), ">=", 2), 47),
        (TraitCondition(LAST, ">=", Fraction(9, MINUTE)), 44),
        (TraitCondition(LAST, ">", Fraction(9, MINUTE)), 45),
        (TraitCondition(LAST, "<=", Fraction(9, MINUTE)), 45),
        (TraitCondition(LAST, "<", Fraction(9, MINUTE)), 44),
        (TraitCondition(LAST, "==", Fraction(9, MINUTE)), 44),
        (TraitCondition(LAST, "!=", Fraction(9, MINUTE)), 44),
        (TraitCondition(LAST, ">", Fraction(19, 2 * MINUTE)), 45),
        (TraitCondition(LAST, ">", TraitOperand(CADENCE, Fraction(4, 5))), 48),
        (TraitCondition(EARLIER, "known", ()), 50),
        (TraitCondition(LAST, ">=", TraitOperand(EARLIER, Fraction(1, 3))), 50),
        (Group("all", (TraitCondition(SOME, ">=", 2),), is_negated=True), 45),
        (FactCondition("tier", "==", "gold"), 77),
    ],
)
def test_flips_worked_out_by_hand(rule: Rule, expected: int | None) -> None:
    # Views at 20 and 35; "gold" until 77. The mean gap is 15, four fifths of it are 12.
    here = at(NOW, view(20), view(35), facts=(("tier", "gold", None, 0, 77),))
    assert true_flip(rule, here, 200) == expected == tried_flip(rule, here, 200)


def test_a_void_that_lies_ahead_is_a_flip() -> None:
    assert true_flip(TraitCondition(LAST, "known", ()), at(NOW, view(20, voided_at=55)), 200) == 55


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_a_birthday_flips_at_local_midnight(zone: str) -> None:
    time_zone = ZoneInfo(zone)
    midnights = [int(dt.datetime(2025, *day, tzinfo=time_zone).timestamp()) * 1000 for day in ((3, 1), (6, 12))]
    for birthday, midnight in zip((19960229, 19960612), midnights, strict=True):
        here = at(midnight - 40 * DAY, facts=(("birthday", None, birthday, 0, None),), time_zone=time_zone)
        assert true_flip(FactCondition("age", ">=", 29), here, midnight + DAY) == midnight
        assert true_flip(FactCondition("age", ">=", 29), here, midnight - 1) is None


def test_no_flip_is_missed_or_invented() -> None:
    flips = 0
    for seed in range(cases(quick=60, ci=600)):
        clock = Clock(start=1_000, grid=1, span=12, zone=ZoneInfo("UTC"))
        world = draw_world(Random(seed), histories=2, rules=3, nows=2, clock=clock)
        for history in range(2):
            here = world.situation(history, world.nows[seed % len(world.nows)])
            for rule in world.rules.values():
                found = true_flip(rule, here, here.now + 60)
                assert found == tried_flip(rule, here, here.now + 60), f"seed {seed}: {rule}"
                flips += found is not None
    assert flips > 20
