"""Mistakes planted in today's production code: the evaluator that each belongs to must notice.

A mutant that survives, or whose place in the code is gone, fails here. So the 0 differences of
`test_agreement` and `test_windows` mean something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest

from .clock import LateViews, Sweeps, with_birthdays
from .compare import Evaluator, Truths, find_wrong, first_difference
from .evaluators import by_fold, by_scan
from .histories import draw_clock
from .live import LivePath
from .mutants import PRODUCTION, Mutant, planted
from .worlds import World, draw_world

#: What is planted is Python, and noticed on any database.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SEED, MOST = 7001, 400


EVALUATORS: Mapping[str, tuple[Evaluator, Mapping[str, Any]]] = {
    "fold": (by_fold, {}),
    "scan": (by_scan, {"nows": 2}),
    "live": (LivePath(), {"histories": 3, "rules": 12, "nows": 2}),
    "sweep": (Sweeps(), {"rules": 4}),
    "view": (LateViews(), {"rules": 4}),
}


def where(mutant: Mutant) -> dict[str, Any]:
    """The worlds in which the mutant can be seen."""
    return {name: getattr(mutant, name) for name in ("wanted", "lives", "without", "state_cap")}


class Hunt:
    """Worlds of one kind, which are drawn and judged by the oracle once for all mutants that live there."""

    def __init__(self, mutant: Mutant) -> None:
        self._evaluator, sizes = EVALUATORS[mutant.evaluator]
        self._sizes = {**sizes, **where(mutant)}
        self._truths, self._world = Truths(), cache(self._draw)

    def find(self) -> int | None:
        """How many worlds it took."""
        return first_difference(map(self._world, range(MOST)), self._evaluator, self._truths)

    def agrees_at(self, number: int) -> bool:
        return find_wrong(self._world(number), self._evaluator, truth_of=self._truths) is None

    def _draw(self, number: int) -> World:
        rng = Random(SEED + number)
        clock = replace(draw_clock(rng), span=4)  # little time, so that much coincides
        (world,) = with_birthdays([draw_world(rng, clock=clock, seed=SEED + number, **self._sizes)])
        events = [event for history in world.histories for event in history.events]
        voids = {event.voided_at for event in events if event.voided_at is not None}
        return replace(world, nows=tuple(sorted({*world.nows, *sorted(voids)[:1]})))


@pytest.fixture(scope="module")
def hunts() -> dict[tuple[Any, ...], Hunt]:
    return {}


@pytest.mark.parametrize("mutant", PRODUCTION, ids=lambda one: one.name)
def test_a_planted_mistake_is_caught_and_its_absence_is_not(hunts: dict[tuple[Any, ...], Hunt], mutant: Mutant) -> None:
    hunt = hunts.setdefault((mutant.evaluator, *where(mutant).values()), Hunt(mutant))
    with planted(mutant):
        number = hunt.find()
    assert number is not None, f"no difference in {MOST} worlds"
    print(f"MUTANT {mutant.evaluator} {number} {mutant.name}")
    assert hunt.agrees_at(number - 1)
