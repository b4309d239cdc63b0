"""When a membership next changes if nothing else happens, found by asking the oracle at every edge.

Between two neighbouring edges (something enters or leaves a window, a fact begins or ends, a day
on which somebody grows older) each figure either stands still or grows with the clock. So each
comparison that involves a time can turn only where two straight lines cross, and the oracle is
asked there too: at the millisecond itself and one to either side.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import chain, pairwise

from django_microseg.profile.traits.definition import DAY, TIME_SINCE, Trait
from django_microseg.segment.rule import Rule, SegmentCondition, TraitCondition, TraitOperand, conditions_of

from .oracle import Situation, figure, verdict, wanted_by

__all__ = ["traits_of", "true_flip"]


def true_flip(rule: Rule, here: Situation, horizon: int) -> int | None:
    """The first instant after ``here.now``, up to ``horizon``, at which member and no member swap.

    The events are taken as they are: one that lies after ``here.now`` opens what it opens.
    """
    is_in = _is_in(rule, here, here.now)
    conditions = list(_timed_conditions(rule, here.segments))
    edges = sorted({here.now, horizon, *(edge for edge in _edges(rule, here, horizon) if here.now < edge < horizon)})
    for start, end in pairwise(edges):
        crossings = chain.from_iterable(_crossings(condition, here, start, end) for condition in conditions)
        around = {instant + step for instant in (start, end, *crossings) for step in (-1, 0, 1)}
        for instant in sorted(instant for instant in around if max(here.now, start - 1) < instant <= end):
            if _is_in(rule, here, instant) != is_in:
                return instant
    return None


def traits_of(condition: object) -> tuple[Trait, ...]:
    """The traits that a condition asks for, its operand's included."""
    if not isinstance(condition, TraitCondition):
        return ()
    operand = condition.value
    return (condition.trait, operand.trait) if isinstance(operand, TraitOperand) else (condition.trait,)


def _is_in(rule: Rule, here: Situation, now: int) -> bool:
    return verdict(rule, replace(here, now=now)) is True


def _all_conditions(rule: Rule, segments: Mapping[str, Rule]) -> Iterator[object]:
    for condition in conditions_of(rule):
        yield condition
        if isinstance(condition, SegmentCondition) and condition.slug in segments:
            yield from _all_conditions(segments[condition.slug], segments)


def _timed_conditions(rule: Rule, segments: Mapping[str, Rule]) -> Iterator[TraitCondition]:
    for condition in _all_conditions(rule, segments):
        if isinstance(condition, TraitCondition) and any(t.aggregate in TIME_SINCE for t in traits_of(condition)):
            yield condition


def _edges(rule: Rule, here: Situation, horizon: int) -> Iterator[int]:
    traits = [trait for condition in _all_conditions(rule, here.segments) for trait in traits_of(condition)]
    lengths = {0, *(trait.window.newest for trait in traits), *(trait.window.oldest or 0 for trait in traits)}
    for event in here.events:
        yield from (event.occurred_at + length for length in lengths)
        if event.voided_at is not None:
            yield event.voided_at
    for name, _text, number, valid_from, valid_until in here.facts:
        yield from (instant for instant in (valid_from, valid_until) if instant is not None)
        if name == "birthday" and number is not None:
            yield from _midnights_of_ageing(number, here, horizon)


def _midnights_of_ageing(birthday: int, here: Situation, horizon: int) -> Iterator[int]:
    """Every local midnight that makes somebody born on that day older."""
    first = dt.datetime.fromtimestamp(here.now // 1000, here.time_zone).date()
    days = [first + dt.timedelta(days=number) for number in range((horizon - here.now) // DAY + 2)]
    ages = [(day.year * 10_000 + day.month * 100 + day.day - birthday) // 10_000 for day in days]
    for day, younger, older in zip(days[1:], ages, ages[1:], strict=False):
        if younger != older:
            midnight = dt.datetime.combine(day, dt.time(), here.time_zone)
            yield int(midnight.timestamp()) * 1000


def _crossings(condition: TraitCondition, here: Situation, start: int, end: int) -> Iterator[int]:
    """Where left and right side are equal, if both move along straight lines from start to end."""
    if end - start < 2:
        return
    first, last = start, end - 1
    before, after = (_gap(condition, replace(here, now=now)) for now in (first, last))
    if before is None or after is None or before == after:
        return
    crossing = first - (last - first) * before / (after - before)
    if first <= crossing <= last:
        yield from (math.floor(crossing), math.ceil(crossing))


def _gap(condition: TraitCondition, here: Situation) -> Fraction | None:
    left, right = figure(condition.trait, here), wanted_by(condition, here)
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return Fraction(left) - right
    return None
