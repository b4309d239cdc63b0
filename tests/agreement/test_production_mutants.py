"""Mistakes planted in today's production code: the evaluator that each belongs to must notice.

A mutant that survives, or whose place in the code is gone, fails here. So the 0 differences of
`test_agreement` and `test_windows` mean something.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from .clock import LateViews, Sweeps, with_birthdays
from .compare import Evaluator, Truths, find_wrong, first_difference
from .evaluators import by_fold, by_scan
from .live import LivePath
from .mutants import PRODUCTION, Mutant, planted
from .worlds import World, worlds_from

pytestmark = pytest.mark.django_db

SEED, MOST = 7001, 400


class Hunt:
    """An evaluator with worlds of its own, which are drawn and judged by the oracle once for all mutants."""

    def __init__(self, evaluator: Evaluator, **sizes: Any) -> None:
        self._evaluator, self._sizes = evaluator, sizes
        self._truths, self._world = Truths(), cache(self._draw)

    def find(self) -> int | None:
        """How many worlds it took."""
        return first_difference(map(self._world, range(MOST)), self._evaluator, self._truths)

    def agrees_at(self, number: int) -> bool:
        return find_wrong(self._world(number), self._evaluator, truth_of=self._truths) is None

    def _draw(self, number: int) -> World:
        # Every fourth world is one in which profiles outgrow their states.
        sizes = self._sizes | ({"state_cap": 6} if number % 4 == 3 else {})
        (world,) = with_birthdays(worlds_from(SEED + number, 1, **sizes))
        return world


@pytest.fixture(scope="module")
def hunts() -> Mapping[str, Hunt]:
    return {
        "fold": Hunt(by_fold),
        "scan": Hunt(by_scan, histories=6, nows=2),
        "live": Hunt(LivePath(), histories=3, rules=8, nows=2),
        "sweep": Hunt(Sweeps(), rules=4),
        "view": Hunt(LateViews(), rules=4),
    }


@pytest.mark.parametrize("mutant", PRODUCTION, ids=lambda one: one.name)
def test_a_planted_mistake_is_caught_and_its_absence_is_not(hunts: Mapping[str, Hunt], mutant: Mutant) -> None:
    hunt = hunts[mutant.evaluator]
    with planted(mutant):
        number = hunt.find()
    assert number is not None, f"no difference in {MOST} worlds"
    print(f"MUTANT {mutant.evaluator} {number} {mutant.name}")
    assert hunt.agrees_at(number - 1)
