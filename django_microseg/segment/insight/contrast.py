"""What sets one group of people apart from another: an index for each value of each variable. Pure.

Of a text, the share of people with each value here, over the share there, times 100. Of a number, the share of people
above the others' median, likewise (the control median test of Mathisen, 1943). Who has no value is left out of the
variable: missing is unknown. Whatever is too rare to say anything is counted, not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, log
from statistics import median

from .statistics import adjusted, is_testable, p_of_shares, ratio_interval

__all__ = ["CHANCE", "FEWEST", "NO", "Contrast", "Contrasts", "People", "Share", "Value", "compare"]

#: With fewer people whose value is known, in either group, nothing is said.
FEWEST = 30
#: Above this, after allowing for the number of rows, a difference may well be chance.
CHANCE = 0.05

#: Of a yes-or-no, the yes alone is a row: the no is its mirror image.
NO = "no"

Value = str | float | None
#: By variable, the value of each person, in the same order.
People = Mapping[str, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    number: int
    of: int

    @property
    def part(self) -> float:
        return self.number / self.of


@dataclass(frozen=True, slots=True)
class Contrast:
    """One row. ``value`` is the text, or, of a number, what ``here`` and ``there`` are above.

    ``index`` None: nobody there has it. ``chance`` is the adjusted p value.
    """

    variable: str
    value: str | float
    here: Share
    there: Share
    index: float | None
    low: float
    high: float
    chance: float

    @property
    def is_sure(self) -> bool:
        return self.chance < CHANCE

    @property
    def distance(self) -> float:
        """How far from 100 it is at least, as a ratio: a rare value with a wild index does not lead."""
        if self.low <= 100 <= self.high:
            return 0.0
        nearest = self.low if self.low > 100 else self.high
        return abs(log(nearest / 100)) if nearest else inf


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Sure rows first, the strongest leading; ``rare`` values of how many were too rare to say anything."""

    rows: tuple[Contrast, ...]
    rare: int

    @property
    def sure(self) -> tuple[Contrast, ...]:
        return tuple(row for row in self.rows if row.is_sure)


def compare(here: People, there: People) -> Contrasts:
    """Every variable of both groups, judged together."""
    found: list[Contrast] = []
    rare = 0
    for variable in here:
        for row in _rows(variable, here[variable], there[variable]):
            if row is None:
                rare += 1
            else:
                found.append(row)
    chances = adjusted([row.chance for row in found])
    rows = [replace(row, chance=chance) for row, chance in zip(found, chances, strict=True)]
    rows.sort(key=lambda row: (not row.is_sure, -row.distance, row.chance, row.variable, str(row.value)))
    return Contrasts(tuple(rows), rare)


def _rows(variable: str, here: Sequence[Value], there: Sequence[Value]) -> Iterator[Contrast | None]:
    """None for each value that is too rare."""
    ours = [value for value in here if value is not None]
    theirs = [value for value in there if value is not None]
    if not ours or not theirs:
        return
    if isinstance(theirs[0], str):
        of_ours, of_theirs = Counter(ours), Counter(theirs)
        for value in sorted({*of_ours, *of_theirs} - {NO}, key=str):
            yield _row(variable, value, of_ours[value], len(ours), of_theirs[value], len(theirs))
        return
    middle = float(median(theirs))  # type: ignore[type-var]
    above, above_there = (sum(value > middle for value in group) for group in (ours, theirs))  # type: ignore[operator]
    if above or above_there:
        yield _row(variable, middle, above, len(ours), above_there, len(theirs))


def _row(variable: str, value: Value, a: int, n: int, b: int, m: int) -> Contrast | None:
    if min(n, m) < FEWEST or not is_testable(a, n, b, m):
        return None
    assert value is not None
    low, high = ratio_interval(a, n, b, m)
    index = 100 * (a / n) / (b / m) if b else None
    return Contrast(variable, value, Share(a, n), Share(b, m), index, 100 * low, 100 * high, p_of_shares(a, n, b, m))
