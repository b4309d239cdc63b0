"""Scores from 1 to 5 by average percentile rank, and the ten groups of the grid. Pure.

A score is ``ceil(5 * average percentile rank)``: equal values get equal scores, and the order of rows never matters.
(Ranking ties by their place, as ``qcut(rank("first"))`` does, moves people when rows are shuffled.) Recency counts the
other way round: the latest are best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

__all__ = ["BEST", "GROUPS", "Group", "Person", "Scale", "Scores", "group_of", "scale_of", "score_all", "scores_of"]

BEST = 5


@dataclass(frozen=True, slots=True)
class Person:
    """``age`` is how long ago the last event was, in milliseconds; ``value`` in minor units."""

    key: int
    age: int
    count: int
    value: int


@dataclass(frozen=True, slots=True)
class Scores:
    r: int
    f: int
    m: int


@dataclass(frozen=True, slots=True)
class Group:
    """A rectangle of the grid, both ends included. ``slug`` names it; words for people are the page's."""

    slug: str
    r: tuple[int, int]
    f: tuple[int, int]

    def has(self, r: int, f: int) -> bool:
        return self.r[0] <= r <= self.r[1] and self.f[0] <= f <= self.f[1]


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores of everybody in a few numbers: for each letter, up to which value a score reaches, the worst first.

    Names nobody, so it may be kept; whoever was scored by all gets the same scores by it.
    """

    r: tuple[int, ...]
    f: tuple[int, ...]
    m: tuple[int, ...]

    def scores_of(self, person: Person) -> Scores:
        return Scores(
            _score(-person.age, self.r), _score(person.count, self.f), _score(person.value, self.m)
        )  # fmt: skip


#: 25 cells, none in two groups.
GROUPS = (
    Group("champions", (5, 5), (4, 5)),
    Group("loyal", (3, 4), (4, 5)),
    Group("potential-loyalists", (4, 5), (2, 3)),
    Group("new", (5, 5), (1, 1)),
    Group("promising", (4, 4), (1, 1)),
    Group("need-attention", (3, 3), (3, 3)),
    Group("about-to-sleep", (3, 3), (1, 2)),
    Group("cannot-lose", (1, 2), (5, 5)),
    Group("at-risk", (1, 2), (3, 4)),
    Group("hibernating", (1, 2), (1, 2)),
)


def group_of(r: int, f: int) -> Group:
    return next(group for group in GROUPS if group.has(r, f))


def score_all(people: Sequence[Person]) -> dict[int, Scores]:
    """The scores of each, among all of them."""
    recency = scores_of([-person.age for person in people])
    frequency = scores_of([person.count for person in people])
    money = scores_of([person.value for person in people])
    return {person.key: Scores(recency[-person.age], frequency[person.count], money[person.value]) for person in people}


def scale_of(people: Sequence[Person]) -> Scale:
    return Scale(
        _reaches([-person.age for person in people]),
        _reaches([person.count for person in people]),
        _reaches([person.value for person in people]),
    )


def _reaches(values: Sequence[int]) -> tuple[int, ...]:
    """For each score but the best the greatest value that has it; where nobody has it, the reach of the score below."""
    scores, lowest = scores_of(values), min(values, default=0) - 1
    return tuple(
        max((value for value, score in scores.items() if score <= step), default=lowest) for step in range(1, BEST)
    )


def _score(value: int, reaches: Sequence[int]) -> int:
    return 1 + sum(value > reach for reach in reaches)


def scores_of(values: Sequence[int]) -> Mapping[int, int]:
    """The score of each value, the greatest being the best."""
    number, below = len(values), 0
    scores: dict[int, int] = {}
    for value, ties in sorted(Counter(values).items()):
        # Ranks below + 1 to below + ties have this average; exact, so that no rounding moves anybody.
        twice_rank = 2 * below + ties + 1
        scores[value] = min(BEST, max(1, ceil(BEST * twice_rank / (2 * number)))) if number else 1
        below += ties
    return scores
