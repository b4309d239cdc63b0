"""What the compiled ruleset calls: facts of the moment, and the instants at which time alone
can change a condition.

All of it is plain integers; every ``near_…`` function appends candidate instants later than
``now`` to ``out``. A candidate too many costs a comparison, one too few would be a wrong answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from heapq import nsmallest
from typing import Any

from ..profile.age import age_at, day_number, midnight_of_age
from ..profile.traits import values as _values
from ..profile.traits.state import FactRow

__all__ = ["MAX_TRIES", "make_namespace"]

#: After so many candidates the last one tried stands: early, never late.
MAX_TRIES = 64

Facts = dict[str, list[FactRow]]


def fact_row(facts: Facts, name: str, now: int) -> FactRow | None:
    """The row of a fact that is valid at ``now``: the one that began last."""
    for row in reversed(facts.get(name, ())):
        if row[2] <= now and (row[3] is None or now < row[3]):
            return row
    return None


def near_facts(out: list[int], facts: Facts, name: str, now: int) -> None:
    for row in facts.get(name, ()):
        out.extend(moment for moment in row[2:4] if moment is not None and moment > now)


def near_recent(out: list[int], times: list[int], depth: int, oldest: int, now: int) -> None:
    """The ``depth``-th last event leaves a window of ``oldest``."""
    if len(times) >= depth and times[-depth] + oldest > now:
        out.append(times[-depth] + oldest)


def near_times(out: list[int], times: list[int], newest: int, oldest: int | None, now: int) -> None:
    """Events enter a window ``newest`` after they happened and leave it ``oldest`` after."""
    for lag in (newest, oldest):
        if lag:
            at = bisect_right(times, now - lag)
            out.extend(moment + lag for moment in times[at : at + MAX_TRIES + 1])


def near_lastby(out: list[int], last: dict[Any, int], oldest: int, now: int) -> None:
    leaving = (moment + oldest for moment in last.values() if moment + oldest > now)
    out.extend(nsmallest(MAX_TRIES + 1, leaving))


def near_cross(out: list[int], start: int, slope: int, now: int) -> None:
    """``start + slope * t`` changes its sign: the whole instants on both sides of the zero."""
    if slope:
        zero = -start // slope
        out.extend(moment for moment in (zero, zero + 1) if moment > now)


def make_namespace(zone: Any) -> dict[str, Callable[..., Any]]:
    """The globals of a compiled ruleset, with the shop's calendar bound in."""

    def age_of(facts: Facts, now: int) -> int | None:
        row = fact_row(facts, "birthday", now)
        if row is None or row[1] is None:
            return None
        return age_at(row[1], day_number(now, zone))

    def near_age(out: list[int], facts: Facts, years: tuple[int, ...], now: int) -> None:
        for row in facts.get("birthday", ()):
            for turning in years if row[1] is not None else ():
                moment = midnight_of_age(row[1], turning, zone)  # type: ignore[arg-type]
                if moment is not None and moment > now:
                    out.append(moment)

    return {
        "age_of": age_of,
        "near_age": near_age,
        **{
            function.__name__: function
            for function in (
                fact_row, near_facts, near_recent, near_times, near_lastby, near_cross,
            )
        },
        **{name: getattr(_values, name) for name in _values.__all__},
        "len": len,
        "max": max,
    }  # fmt: skip
