"""The grid in figures that name nobody, kept for some minutes: reading all orders for each look would be dear.

A look says when it was worked out. It lies in the cache that ``MICROSEG["CACHE"]`` names, else in the default one; a
cache that fails costs time, nothing else.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.db.models import Q

from ... import conf
from .grid import Figures, Grid, grid_of, moves_between, people_of, rule_of
from .letters import Letters
from .scores import Group, Person, Scale, Scores, group_of, scale_of

__all__ = ["KEPT_SECONDS", "Look", "Picture", "Standing", "end_of", "look_at", "standing_of", "today"]

KEPT_SECONDS = 600
#: The bounds of scores move slowly, and the page of a person must not wait for everybody's orders.
SCALE_KEPT_SECONDS = 86_400
_VERSION = 1
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Picture:
    """``rules`` go by the slug of a cell or group."""

    people: int
    is_enough: bool
    cells: tuple[Figures, ...]
    groups: tuple[Figures, ...]
    rules: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The scale of everybody at an instant."""

    as_of: dt.datetime
    is_enough: bool
    scale: Scale


@dataclass(frozen=True, slots=True)
class Look:
    """The picture of a day, and who went from which group to which since an earlier one (``moves``: from, to, how
    many); ``is_known`` whether there were enough people then. ``worked_out_at`` is when all this was read.
    """

    picture: Picture
    is_known: bool
    moves: tuple[tuple[str, str, int], ...]
    worked_out_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands among all, by what they did up to now; ``as_of`` is when the bounds were worked out."""

    scores: Scores
    group: Group
    person: Person
    as_of: dt.datetime


def today(now: dt.datetime) -> dt.date:
    """The day that the shop's calendar shows."""
    return now.astimezone(_zone()).date()


def end_of(day: dt.date, now: dt.datetime) -> dt.datetime:
    """The last moment of a day in the shop's zone; of a day that is not over, now."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=_zone()).astimezone(dt.UTC)
    return min(after - dt.timedelta(milliseconds=1), now)


def look_at(letters: Letters, first: dt.date, last: dt.date, *, now: dt.datetime, is_anew: bool = False) -> Look:
    """The grid of the day ``last`` and the moves since ``first``; ``is_anew``: whatever is kept."""

    def work_out() -> Look:
        before, after = grid_of(letters, end_of(first, now)), grid_of(letters, end_of(last, now))
        if end_of(last, now) == now:
            _keep(_key("bounds", letters), _bounds(after, now), SCALE_KEPT_SECONDS)
        moves = moves_between(before, after) if before.is_enough else ()
        return Look(_picture(after), before.is_enough, tuple(moves), now)

    return _kept(_key("look", letters, first, last), work_out, is_anew=is_anew)


def standing_of(profile_id: int, letters: Letters, *, now: dt.datetime) -> Standing | None:
    """Where a person stands; None for whoever did nothing that counts, or where there are too few people to say."""
    bounds = _kept(
        _key("bounds", letters), lambda: _bounds(grid_of(letters, now), now), SCALE_KEPT_SECONDS
    )  # fmt: skip
    if not bounds.is_enough:
        return None
    for person in people_of(letters, now, Q(pk=profile_id)):
        # Ages as they were then: whoever did nothing since has the score that the grid gave them.
        then = replace(person, age=person.age - (now - bounds.as_of) // dt.timedelta(milliseconds=1))
        scores = bounds.scale.scores_of(then)
        return Standing(scores, group_of(scores.r, scores.f), person, bounds.as_of)
    return None


def _bounds(grid: Grid, as_of: dt.datetime) -> Bounds:
    return Bounds(as_of, grid.is_enough, scale_of(list(grid.persons.values())))


def _picture(grid: Grid) -> Picture:
    cells = tuple(grid.cells.values())
    rules = {figures.place.slug: rule_of(figures, grid) for figures in (*cells, *grid.groups)}
    return Picture(len(grid.persons), grid.is_enough, cells, grid.groups, rules)


def _zone() -> ZoneInfo:
    return ZoneInfo(conf.get("TIME_ZONE") or settings.TIME_ZONE)


def _key(kind: str, letters: Letters, *days: dt.date) -> str:
    return ":".join(["django_microseg.rfm", str(_VERSION), kind, letters.r, letters.f, letters.m, *map(str, days)])


def _kept(key: str, work_out: Callable[[], _T], seconds: int = KEPT_SECONDS, *, is_anew: bool = False) -> _T:
    found: _T | None = None
    try:
        found = None if is_anew else _cache().get(key)
    except Exception:  # noqa: BLE001 - backends raise what they like
        _log.warning("The cache does not answer; the RFM grid is worked out anew.", exc_info=True)
    if found is None:
        found = work_out()
        _keep(key, found, seconds)
    return found


def _keep(key: str, value: object, seconds: int) -> None:
    try:
        _cache().set(key, value, seconds)
    except Exception:  # noqa: BLE001
        _log.warning("The RFM grid could not be kept.", exc_info=True)


def _cache() -> BaseCache:
    return caches[conf.get("CACHE") or "default"]
