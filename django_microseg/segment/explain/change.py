"""The smallest change that would let somebody in, found by trying it out.

For each condition that is not met there are a few ways to meet it: something more happens now, a
fact becomes known, the moment is another. Ways of all conditions that must hold are put together,
the cheapest first, and the whole rule is asked again; only what really lets the person in is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...profile.fact_catalogue import is_list_name
from ...profile.traits.columns import column_of
from ...profile.traits.definition import TEXT_AGGREGATES, Stream, Trait
from ...profile.traits.plan import after_stream, share_streams
from ..emit import LAST_KNOWN, unit_of
from ..rule import (
    Condition,
    ContextCondition,
    FactCondition,
    Group,
    Rule,
    TraitCondition,
)
from .case import Case
from .explanation import Change
from .figures import number_text
from .specimen import OTHER_THAN, event_of, said_by, texts_other_than

__all__ = ["smallest_change"]

#: How often something may have to happen before a change is no longer called small.
MOST_EVENTS = 100
#: The largest amount, in the smallest unit, that one event is tried with.
MOST_AMOUNT = 10**9
_WAYS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to change the case. ``cost`` orders ways; ``steps`` tell it in words."""

    cost: int
    kind: str
    steps: tuple[str, ...]
    events: tuple[tuple[Stream, int, tuple[tuple[str, Any], ...]], ...] = ()
    facts: tuple[tuple[str, str | None, int | None], ...] = ()
    context: tuple[tuple[str, Any], ...] = ()

    def plus(self, other: _Way) -> _Way:
        return _Way(
            self.cost + other.cost,
            self.kind if self.cost >= other.cost else other.kind,
            self.steps + other.steps,
            self.events + other.events,
            self.facts + other.facts,
            self.context + other.context,
        )

    def applied_to(self, case: Case, now: int) -> Case:
        made = [
            event_of(stream, now, case.minor_exponent, case.zone, **dict(columns))
            for stream, times, columns in self.events
            for _each in range(times)
        ]
        # Each made-up event needs its own place in the order, those named first first.
        made = [replace(e, message_hash=f"{at:032x}") for at, e in enumerate(made)]
        case = case.with_events(made)
        for name, text, number in self.facts:
            case = case.with_fact(name, (text, number, now, None))
        for name, value in self.context:
            case = case.with_context(name, value)
        return case


_NOTHING = _Way(0, "events", ())
_Sized = Callable[[int], _Way]


def smallest_change(rule: Rule, case: Case, references: Mapping[str, int], now: int) -> Change | None:
    """The cheapest way found that lets the person in at ``now``, or None."""
    ways = sorted(_ways(rule, case, references, now, wanted=True), key=lambda way: way.cost)
    for way in ways[:_WAYS_AT_ONCE]:
        changed = way.applied_to(case, now)
        if changed.judge(rule, references).verdict(now) is True:
            return Change(way.kind, way.steps)
    return None


def _ways(rule: Rule, case: Case, references: Mapping[str, int], now: int, *, wanted: bool) -> list[_Way]:
    """Ways to make a rule true (or, with ``wanted`` False, false); a true rule needs nothing."""
    verdict = case.judge(rule, references).verdict(now)
    if verdict is wanted:
        return [_NOTHING]
    if not isinstance(rule, Group):
        return list(_leaf_ways(rule, case, references, now, wanted=wanted))
    wanted = wanted is not rule.is_negated
    inner = [_ways(each, case, references, now, wanted=wanted) for each in rule.rules]
    if (rule.combinator == "all") is wanted:
        combined = islice(product(*inner), _WAYS_AT_ONCE) if all(inner) else ()
        return [_together(parts) for parts in combined]
    return [way for ways in inner for way in ways]


def _together(parts: tuple[_Way, ...]) -> _Way:
    total = _NOTHING
    for part in parts:
        total = total.plus(part)
    return total


def _leaf_ways(
    condition: Condition, case: Case, references: Mapping[str, int], now: int, *, wanted: bool
) -> Iterator[_Way]:
    if isinstance(condition, TraitCondition):
        yield from _trait_ways(condition, case, references, now, wanted=wanted)
    elif isinstance(condition, FactCondition):
        yield from _fact_ways(condition, case, references, now, wanted=wanted)
    elif isinstance(condition, ContextCondition):
        for value in _values_near(condition.value):
            yield _context_way(condition.name, value, case)


def _context_way(name: str, value: Any, case: Case) -> _Way:
    step = _("%(name)s is %(value)s") % {"name": name, "value": value}
    if name in LAST_KNOWN and case.context is None:
        columns = ((name, str(value).casefold()),)
        return _Way(1, "context", (step,), events=((Stream("any"), 1, columns),))
    return _Way(1, "context", (step,), context=((name, value),))


def _fact_ways(
    condition: FactCondition, case: Case, references: Mapping[str, int], now: int, *, wanted: bool
) -> Iterator[_Way]:
    if is_list_name(condition.name):
        return  # nothing lets anybody in
    for value in _values_near(condition.value):
        way = _fact_way(condition.name, value, case, now)
        if way is not None and _works(way, condition, case, references, now, wanted=wanted):
            yield way


def _fact_way(name: str, value: Any, case: Case, now: int) -> _Way | None:
    step = _("%(name)s is %(value)s") % {"name": name, "value": value}
    if isinstance(value, str):
        return _Way(1, "fact", (step,), facts=((name, value.casefold(), None),))
    if name != "age":
        return _Way(1, "fact", (step,), facts=((name, None, int(Fraction(value) * 1000)),))
    today = dt.datetime.fromtimestamp(now / 1000, case.zone)
    birthday = (today.year - int(value)) * 10_000 + 101
    return _Way(1, "fact", (step,), facts=(("birthday", None, birthday),))


def _values_near(value: Any) -> list[Any]:
    """Constants that stand on, just above and just below what a condition compares with."""
    given = value if isinstance(value, tuple) else (value,)
    found: list[Any] = []
    for each in given:
        if isinstance(each, str):
            found += [each, OTHER_THAN + each]
        elif isinstance(each, int | Fraction):
            found += [each, floor(each) + 1, ceil(each) - 1]
    return found or ["something"]


def _trait_ways(
    condition: TraitCondition, case: Case, references: Mapping[str, int], now: int, *, wanted: bool
) -> Iterator[_Way]:
    for way, most in _event_ways(condition.trait, condition, case):

        def works(size: int, way: _Sized = way) -> bool:
            return _works(way(size), condition, case, references, now, wanted=wanted)

        size = _smallest(works, most)
        if size is not None:
            yield way(size)


def _event_ways(trait: Trait, condition: TraitCondition, case: Case) -> Iterator[tuple[_Sized, int]]:
    """Ways by size (how many events, or how much one is worth), each with the largest size."""
    stream = share_streams(trait)[1] if trait.aggregate in ("share", "follows_share") else trait.stream
    if trait.aggregate in TEXT_AGGREGATES:
        for value in _values_near(condition.value):
            yield _repeated(stream, _text_columns(trait, value)), MOST_EVENTS
    elif trait.aggregate in ("sum", "avg", "min", "max"):
        yield _amount(stream, trait, unit_of(trait, case.minor_exponent)), MOST_AMOUNT
    elif trait.aggregate == "distinct":
        yield _different(stream, trait), MOST_EVENTS
    else:
        yield _repeated(stream, ()), MOST_EVENTS


def _text_columns(trait: Trait, value: Any) -> tuple[tuple[str, Any], ...]:
    column = column_of(trait.field or "")
    if column is None:
        return ()
    return ((column.attribute, value if column.kind == "key" else str(value).casefold()),)


def _repeated(stream: Stream, columns: tuple[tuple[str, Any], ...]) -> _Sized:
    before = stream.after
    is_first_needed = before is not None and not before.is_negated

    def way(times: int) -> _Way:
        events = [(stream, times, columns)]
        steps = [_times_text(stream, times, columns)]
        if before is not None and is_first_needed:
            events.insert(0, (after_stream(before), 1, ()))
            steps.insert(0, _times_text(after_stream(before), 1, ()))
        return _Way(times + len(events) - 1, "events", tuple(steps), events=tuple(events))

    return way


def _amount(stream: Stream, trait: Trait, unit: int) -> _Sized:
    """One more event, worth ``size`` of the smallest unit."""
    column = column_of(trait.field or "")
    assert column is not None

    def way(size: int) -> _Way:
        amount = number_text(Fraction(size, unit))
        step = _("%(event)s worth %(amount)s") % {"event": said_by(stream), "amount": amount}
        return _Way(1, "events", (step,), events=((stream, 1, ((column.attribute, size),)),))

    return way


def _different(stream: Stream, trait: Trait) -> _Sized:
    """``size`` more events, each with a value of its own."""
    column = column_of(trait.field or "")
    assert column is not None

    def way(size: int) -> _Way:
        said = {"event": said_by(stream), "field": trait.field, "times": size}
        step = _("%(event)s with %(times)s other values of %(field)s") % said
        texts = islice(texts_other_than((), column.attribute), size)
        events = tuple((stream, 1, ((column.attribute, text),)) for text in texts)
        return _Way(size, "events", (step,), events=events)

    return way


def _times_text(stream: Stream, times: int, columns: tuple[tuple[str, Any], ...]) -> str:
    said = said_by(stream) + "".join(f", {name} {value}" for name, value in columns)
    return ngettext("%(event)s once more", "%(event)s %(times)s times more", times) % {
        "event": said, "times": times,
    }  # fmt: skip


def _smallest(works: Callable[[int], bool], most: int) -> int | None:
    """The smallest size that works, if what works stays working; doubling, then halving."""
    high = 1
    while not works(high):
        if high >= most:
            return None
        high = min(most, high * 2)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _works(way: _Way, rule: Rule, case: Case, references: Mapping[str, int], now: int, *, wanted: bool) -> bool:
    return way.applied_to(case, now).judge(rule, references).verdict(now) is wanted
