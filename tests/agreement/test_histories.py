"""What a history knows after each step, against steps written by hand; and that draws repeat."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given

from django_microseg.collect.record import EventRecord, order_key_of

from .coverage import HISTORIES, features_of_history, features_of_rule
from .histories import History, Step, draw_clock, draw_history, history_of, replay
from .oracle import Fact
from .worlds import World, worlds, worlds_from


def record(t: int, position: int = 0, **columns: str) -> EventRecord:
    return EventRecord(t, "web", columns.pop("message_hash", f"{t:032x}"), position, "order_completed", **columns)  # type: ignore[arg-type]


def arrives(t: int, visitor: str = "a", received_at: int = 100) -> Step:
    return Step(received_at, "event", visitor, record(t))


def message(t: int) -> tuple[str, str]:
    return ("web", f"{t:032x}")


VOID = Step(100, "void", message=message(10), voided_at=50)
MERGE = Step(100, "merge", "b")
TIER: Fact = ("tier", "gold", None, 0, None)


def test_a_duplicate_is_stored_once() -> None:
    history = History((arrives(10), arrives(20), arrives(10)))
    assert history.events == (record(10), record(20))
    assert [moment.stored for moment in replay(history)] == [record(10), record(20), None]


def test_late_is_what_comes_before_something_known() -> None:
    history = History((arrives(20), arrives(10), arrives(20), arrives(30)))
    assert [moment.is_late for moment in replay(history)] == [False, True, False, False]


def test_a_void_reaches_its_message_whenever_it_comes() -> None:
    voided = replace(record(10), voided_at=50)
    after, before = History((arrives(10), VOID)), History((VOID, arrives(10)))
    assert after.events == before.events == (voided,)
    assert [(moment.stored, moment.voided) for moment in replay(after)] == [(record(10), ()), (None, (voided,))]
    assert [(moment.stored, moment.voided) for moment in replay(before)] == [(None, ()), (voided, ())]


def test_a_void_reaches_the_lines_of_the_order() -> None:
    line = record(10, position=1)
    history = History((arrives(10), replace(arrives(10), record=line), VOID))
    assert {event.voided_at for event in history.events} == {50}


def test_two_visitors_know_their_own_until_they_merge() -> None:
    history = History((arrives(10), arrives(20, "b"), MERGE, arrives(30, "b")), (TIER,))
    assert [history.known(2, visitor) for visitor in "ab"] == [(record(10),), (record(20),)]
    assert [history.known(3, visitor) for visitor in "ab"] == [(record(10), record(20))] * 2
    assert history.events == (record(10), record(20), record(30))
    assert [history.known_facts(steps, "b") for steps in (2, 3, None)] == [(), (TIER,), (TIER,)]


def test_a_history_of_records_ends_with_those_records() -> None:
    records = (record(20), replace(record(10), voided_at=15), record(30))
    history = history_of(*records)
    assert history.events == records
    assert [step.kind for step in history.steps] == ["event", "event", "event", "void"]


def test_steps_come_in_the_order_of_receiving_and_never_before_they_happen() -> None:
    rng = Random(5)
    for history in (draw_history(rng, draw_clock(rng)) for _ in range(200)):
        received = [step.received_at for step in history.steps]
        assert received == sorted(received)
        assert all(s.record is None or s.record.occurred_at <= s.received_at for s in history.steps)
        assert all(s.voided_at is None or s.voided_at <= s.received_at for s in history.steps)
        assert len({order_key_of(event)[1:] for event in history.events}) == len(history.events)


def test_every_oddity_is_drawn() -> None:
    rng, number = Random(7), 400
    drawn = Counter(f for _ in range(number) for f in features_of_history(draw_history(rng, draw_clock(rng))))
    assert {name for name in HISTORIES if drawn[f"history {name}"] < number * 0.02} == set()


def test_a_seed_makes_the_same_world_again() -> None:
    assert list(worlds_from(11, 3)) == list(worlds_from(11, 3))
    assert next(worlds_from(12, 1)) != next(worlds_from(11, 1))


@given(worlds(histories=1, rules=2, nows=1))
def test_hypothesis_draws_worlds_that_the_oracle_understands(world: World) -> None:
    truths = {world.truth(0, slug, now) for slug in world.rules for now in world.nows}
    assert truths <= {True, False, None}


@pytest.mark.parametrize("feature", ["segment", "after", "history tie"])
def test_a_rule_feature_can_be_left_out(feature: str) -> None:
    without = [features_of_rule(r) for w in worlds_from(3, 20, without={feature}) for r in w.rules.values()]
    assert not any(feature in features for features in without)
