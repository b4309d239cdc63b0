"""The figures of a preview as plain values: buying, mixes, overlap, and how exact what was counted in a part is.

Pure arithmetic: counts in, shares, indexes and margins out. What nobody knows is None, never a zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

__all__ = ["Buying", "Mix", "MixRow", "Overlap", "mix_of", "scaled"]

#: 95 of 100 such parts are closer than this many standard errors.
_Z = 1.96
_MOST_ROWS = 5
#: Below so many people an index says little.
_ENOUGH = 30


@dataclass(slots=True)
class Buying:
    """Of some people: how many there are, how many have ordered, their orders, and what these were worth."""

    people: int = 0
    buyers: int = 0
    orders: int = 0
    value_minor: int = 0

    def add(self, orders: int, value_minor: int) -> None:
        self.people += 1
        self.buyers += orders > 0
        self.orders += orders
        self.value_minor += value_minor

    @property
    def conversion(self) -> float | None:
        return self.buyers / self.people if self.people else None

    @property
    def average_minor(self) -> int | None:
        return round(self.value_minor / self.orders) if self.orders else None


@dataclass(frozen=True, slots=True)
class MixRow:
    """Which part of those in it, and of everybody, has a value; both between 0 and 1."""

    value: str
    inside: float
    everybody: float

    @property
    def index(self) -> int | None:
        """100 is as everybody; None where nobody at all was found to have it."""
        return round(100 * self.inside / self.everybody) if self.everybody else None


@dataclass(frozen=True, slots=True)
class Mix:
    """Of how many people the value was known, and the most frequent ones among those in it."""

    name: str
    inside: int
    everybody: int
    rows: tuple[MixRow, ...]

    @property
    def are_enough(self) -> bool:
        """Whether an index says something."""
        return self.inside >= _ENOUGH


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many are in another segment, and how many of those in both."""

    slug: str
    other: int
    both: int
    margin: int


def mix_of(name: str, inside: Iterable[str | None], everybody: Iterable[str | None]) -> Mix | None:
    """None where nothing is known of anybody inside."""
    ours, all_ = (Counter(value for value in values if value) for values in (inside, everybody))
    n, of_all = ours.total(), all_.total()
    if not n:
        return None
    values = sorted(ours | all_, key=lambda value: (-ours[value], -all_[value], value))[:_MOST_ROWS]
    rows = (MixRow(value, ours[value] / n, all_[value] / of_all if of_all else 0.0) for value in values)
    return Mix(name, n, of_all, tuple(rows))


def scaled(found: int, asked: int, people: int) -> tuple[int, int]:
    """The number among all, and how far off it may be (normal approximation to the binomial, 95 %)."""
    if asked in (0, people):
        return found, 0
    share = found / asked
    margin = _Z * sqrt(max(share * (1 - share), 1 / asked) / asked)
    return round(share * people), max(1, round(margin * people))
