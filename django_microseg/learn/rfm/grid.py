"""The grid as of an instant: who did something how recently and how often, by cell and by group, and who moved.

Comes in: what each letter counts, and an instant. Goes out: cells and groups with their people, and for each a rule in
text that finds them. Everybody who did what R and F count is scored, in one statement of the scan.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from ... import conf
from ...collect.fields import to_ms
from ...collect.money import minor_exponent
from ...profile.scan import Scan
from ...profile.traits.definition import DAY
from .letters import Letters
from .scores import BEST, GROUPS, Group, Person, Scores, group_of, score_all

__all__ = ["FEWEST", "Figures", "Grid", "figures_in", "grid_of", "moves_between", "people_of", "rule_of"]

#: Fifths of fewer people than this say nothing.
FEWEST = 25


@dataclass(frozen=True, slots=True)
class Figures:
    """A rectangle of the grid (a cell or a group) and its people: how many, what part of all, what they are worth on
    average (``value_minor``, and ``m`` as a score), and between which ages and counts they lie; None where there is
    nobody.
    """

    place: Group
    people: int
    share: float
    value_minor: int
    m: float | None
    ages: tuple[int, int] | None
    counts: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Grid:
    """``cells`` go by (r, f); ``persons`` and ``scores`` by profile id; ``ages`` are all that occur, rising."""

    letters: Letters
    persons: Mapping[int, Person]
    scores: Mapping[int, Scores]
    ages: tuple[int, ...]
    cells: Mapping[tuple[int, int], Figures]
    groups: tuple[Figures, ...]

    @property
    def is_enough(self) -> bool:
        return len(self.persons) >= FEWEST


def grid_of(letters: Letters, now: dt.datetime) -> Grid:
    """The grid as it was at an instant."""
    people = people_of(letters, now)
    scores = score_all(people)
    cells: defaultdict[tuple[int, int], list[Person]] = defaultdict(list)
    for person in people:
        score = scores[person.key]
        cells[score.r, score.f].append(person)
    return Grid(
        letters,
        {person.key: person for person in people},
        scores,
        tuple(sorted({person.age for person in people})),
        {place: figures_in(_cell(*place), cells, scores) for place in _places()},
        tuple(figures_in(group, cells, scores) for group in GROUPS),
    )


def people_of(letters: Letters, now: dt.datetime, which: Q | None = None) -> list[Person]:
    """Those (or some of those) who did what R and F count, up to an instant."""
    moment = to_ms(now)
    rows = Scan(letters.traits, moment, minor_exponent(conf.get("CURRENCY"))).rows(Q() if which is None else which)
    return [Person(pk, moment - last, count, value or 0) for pk, (last, count, value) in rows if last and count]


def figures_in(
    place: Group, cells: Mapping[tuple[int, int], Sequence[Person]], scores: Mapping[int, Scores]
) -> Figures:
    people = [person for (r, f), inside in cells.items() if place.has(r, f) for person in inside]
    number = len(people)
    if not number:
        return Figures(place, 0, 0.0, 0, None, None, None)
    ages, counts = [person.age for person in people], [person.count for person in people]
    return Figures(
        place,
        number,
        number / len(scores),
        sum(person.value for person in people) // number,
        sum(scores[person.key].m for person in people) / number,
        (min(ages), max(ages)),
        (min(counts), max(counts)),
    )


def moves_between(before: Grid, after: Grid) -> list[tuple[str, str, int]]:
    """From which group to which how many went, the most first; whoever is new comes from ""."""
    moves: Counter[tuple[str, str]] = Counter()
    for key, score in after.scores.items():
        old = before.scores.get(key)
        source = group_of(old.r, old.f).slug if old else ""
        target = group_of(score.r, score.f).slug
        if source != target:
            moves[source, target] += 1
    return [(*pair, number) for pair, number in sorted(moves.items(), key=lambda row: (-row[1], row[0]))]


def rule_of(figures: Figures, grid: Grid) -> str:
    """A rule in text that the people of a cell or group pass now, and nobody else in the grid. Empty for nobody.

    Thresholds lie halfway between them and their neighbours, so they stay when the grid moves on.
    """
    if figures.ages is None or figures.counts is None:
        return ""
    place, since, often = figures.place, grid.letters.since_text, grid.letters.often_text
    parts = []
    if place.r[1] < BEST:
        parts.append(f"{since} > {_days_before(figures.ages[0], grid.ages)}")
    if place.r[0] > 1:
        parts.append(f"{since} <= {_days_after(figures.ages[1], grid.ages)}")
    low, high = figures.counts
    if place.f[0] > 1:
        parts.append(f"{often} >= {low}")
    if place.f[1] < BEST:
        parts.append(f"{often} <= {high}")
    if place.f[0] == 1:
        parts.append(f"{often} >= 1")
    return " and ".join(parts)


def _places() -> list[tuple[int, int]]:
    return [(r, f) for r in range(BEST, 0, -1) for f in range(1, BEST + 1)]


def _cell(r: int, f: int) -> Group:
    return Group(f"r{r}-f{f}", (r, r), (f, f))


def _days_before(age: int, ages: Sequence[int]) -> str:
    """Halfway to whoever is next more recent."""
    at = bisect_left(ages, age)
    return _days(age, ages[at - 1] if at else 0)


def _days_after(age: int, ages: Sequence[int]) -> str:
    """Halfway to whoever is next less recent."""
    at = bisect_right(ages, age)
    return _days(age, ages[at] if at < len(ages) else age + 2 * DAY)


def _days(one: int, other: int) -> str:
    """The middle, as few digits as keep it between both."""
    middle = (one + other) / 2 / DAY
    low, high = sorted((one / DAY, other / DAY))
    for digits in range(9):
        text = f"{middle:.{digits}f}"
        if low < float(text) < high:
            return text
    return f"{middle:.9f}"
