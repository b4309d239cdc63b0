"""The grid as of an instant: who bought how recently and how often, counted by cell and by group, and who moved.

Comes in: the event that counts (orders, visits, openings of the app) and an instant. Goes out: cells, groups, and for
each group thresholds in days and numbers, from which a rule can be made. Everybody with such an event is scored, in one
statement of the scan.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from ... import conf
from ...collect.fields import to_ms
from ...collect.money import minor_exponent
from ...profile.scan import Scan
from ...profile.traits.definition import DAY, Stream, Trait
from .scores import BEST, GROUPS, Group, Person, Scores, group_of, score_all

__all__ = ["EVENTS", "FEWEST", "Cell", "Grid", "GroupFigures", "grid_of", "moves_between", "rule_of"]

#: What may be counted, by its word in addresses: the event, and the field whose different values count; "": each event.
EVENTS: Mapping[str, tuple[str, str]] = {
    "orders": ("order_completed", ""),
    "visits": ("page_viewed", "visit"),
    "app": ("app_opened", ""),
}
#: Fifths of fewer people than this say nothing.
FEWEST = 25
_VALUE = Trait("sum", Stream("order_completed"), field="value")


@dataclass(frozen=True, slots=True)
class Cell:
    """``value_minor`` is what its people spent on average."""

    r: int
    f: int
    people: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """A group with its people, and between which ages and counts they lie; None where there is nobody."""

    group: Group
    people: int
    share: float
    value_minor: int
    ages: tuple[int, int] | None
    counts: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Grid:
    """``cells`` go by (r, f); ``persons`` and ``scores`` by profile id."""

    event: str
    persons: Mapping[int, Person]
    scores: Mapping[int, Scores]
    cells: Mapping[tuple[int, int], Cell]
    groups: tuple[GroupFigures, ...]

    @property
    def is_enough(self) -> bool:
        return len(self.persons) >= FEWEST


def grid_of(event: str, now: dt.datetime) -> Grid:
    """The grid of an event of `EVENTS` as it was at an instant."""
    people = _people(event, now)
    scores = score_all(people)
    persons = {person.key: person for person in people}
    cells: defaultdict[tuple[int, int], list[Person]] = defaultdict(list)
    for key, score in scores.items():
        cells[score.r, score.f].append(persons[key])
    return Grid(
        event,
        persons,
        scores,
        {place: _cell(place, cells.get(place, [])) for place in _places()},
        tuple(_figures(group, cells, len(people)) for group in GROUPS),
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


def rule_of(figures: GroupFigures, grid: Grid) -> str:
    """A rule in text that the people of the group pass now, and nobody else who is in the grid. Empty for nobody.

    Thresholds lie halfway between the group and its neighbours, so they stay when the grid moves on.
    """
    if figures.ages is None or figures.counts is None:
        return ""
    name, field = EVENTS[grid.event]
    ages = sorted({person.age for person in grid.persons.values()})
    since, figure = f'days_since("{name}")', f'distinct("{name}", "{field}")' if field else f'count("{name}")'
    parts = []
    if figures.group.r[1] < BEST:
        parts.append(f"{since} > {_days_before(figures.ages[0], ages)}")
    if figures.group.r[0] > 1:
        parts.append(f"{since} <= {_days_after(figures.ages[1], ages)}")
    low, high = figures.counts
    if figures.group.f[0] > 1:
        parts.append(f"{figure} >= {low}")
    if figures.group.f[1] < BEST:
        parts.append(f"{figure} <= {high}")
    if figures.group.f[0] == 1:
        parts.append(f"{figure} >= 1")
    return " and ".join(parts)


def _people(event: str, now: dt.datetime) -> list[Person]:
    name, field = EVENTS[event]
    stream = Stream(name)
    frequency = Trait("distinct", stream, field=field) if field else Trait("count", stream)
    traits: Sequence[Trait] = (Trait("days_since", stream), frequency, _VALUE)
    moment = to_ms(now)
    rows = Scan(traits, moment, minor_exponent(conf.get("CURRENCY"))).rows(Q())
    return [Person(pk, moment - last, count, value or 0) for pk, (last, count, value) in rows if last and count]


def _places() -> list[tuple[int, int]]:
    return [(r, f) for r in range(BEST, 0, -1) for f in range(1, BEST + 1)]


def _cell(place: tuple[int, int], people: Sequence[Person]) -> Cell:
    return Cell(*place, len(people), _mean(people))


def _mean(people: Sequence[Person]) -> int:
    return sum(person.value for person in people) // len(people) if people else 0


def _figures(group: Group, cells: Mapping[tuple[int, int], Sequence[Person]], whole: int) -> GroupFigures:
    people = [person for (r, f), inside in cells.items() if group.has(r, f) for person in inside]
    ages, counts = [person.age for person in people], [person.count for person in people]
    return GroupFigures(
        group,
        len(people),
        len(people) / whole if whole else 0.0,
        _mean(people),
        (min(ages), max(ages)) if people else None,
        (min(counts), max(counts)) if people else None,
    )


def _days_before(age: int, ages: Sequence[int]) -> str:
    """Halfway to whoever is next more recent."""
    return _days(age, max((each for each in ages if each < age), default=0))


def _days_after(age: int, ages: Sequence[int]) -> str:
    """Halfway to whoever is next less recent."""
    return _days(age, min((each for each in ages if each > age), default=age + 2 * DAY))


def _days(one: int, other: int) -> str:
    """The middle, as few digits as keep it between both."""
    middle = (one + other) / 2 / DAY
    low, high = sorted((one / DAY, other / DAY))
    for digits in range(9):
        text = f"{middle:.{digits}f}"
        if low < float(text) < high:
            return text
    return f"{middle:.9f}"
