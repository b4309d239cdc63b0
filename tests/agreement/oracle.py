"""The oracle: what a trait is worth and who is a member, straight from the list of events.

It is written to be read, not to be fast: every question starts again from all events. It shares
the pure definitions with production and no line of its fold, scan or compiled rules, so that a
mistake made there is not made here. Its sentences are those of `profile.traits.definition`.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django_microseg.collect.record import EventRecord, order_key_of
from django_microseg.profile.traits.columns import Column, column_of
from django_microseg.profile.traits.definition import DAY, SHARES, TIME_SINCE, Number, Stream, Test, Trait, Window
from django_microseg.segment.rule import (
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    Operand,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
    Value,
    conditions_of,
)

Figure = int | Fraction | str | None
#: name, text, number, valid from, valid until
Fact = tuple[str, str | None, int | None, int, int | None]
Facts = Sequence[Fact]
Population = Mapping[str, tuple[int, int]]
Context = Mapping[str, Any]

#: Repeated on purpose; a test holds it equal to the catalogue's.
GROUPS = {"cart_changed": frozenset({"product_added", "product_removed", "cart_updated"})}
#: What the population remembers of the moment of the last event that told it.
REMEMBERED = frozenset({"device", "channel", "campaign", "country", "region", "language"})

# -- which events


def counts(event: EventRecord, now: int) -> bool:
    return event.occurred_at <= now and (event.voided_at is None or event.voided_at > now)


def is_named(event: EventRecord, name: str) -> bool:
    return name in ("any", event.name) or event.name in GROUPS.get(name, ())


def holds(test: Test, event: EventRecord, minor_exponent: int) -> bool:
    column = column_of(test.field, test.values)
    if column is None:
        return label_holds(test, event.labels)
    value = getattr(event, column.attribute)
    wanted = [raw(literal, column, minor_exponent) for literal in test.values]
    return value not in ("", None) and TESTS[test.op](value, wanted)


def label_holds(test: Test, labels: str) -> bool:
    name = test.field.casefold()
    cleaned = [str(value).casefold().replace("|", " ").strip() for value in test.values]
    is_found = any(f"|{name}={value}|" in labels for value in cleaned)
    return {"eq": is_found, "in": is_found, "ne": not is_found, "not_in": not is_found}[test.op] and (
        f"|{name}=" in labels
    )


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: value == wanted[0],
    "ne": lambda value, wanted: value != wanted[0],
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "ge": lambda value, wanted: value >= wanted[0],
    "le": lambda value, wanted: value <= wanted[0],
}


def raw(literal: Value, column: Column, minor_exponent: int) -> Value:
    """What a person writes, as the column holds it."""
    if isinstance(literal, str):
        return literal if column.kind == "key" else literal.casefold()
    return literal * {"money": 10**minor_exponent, "measure": 1000}.get(column.kind, 1)


def passes(tests: Iterable[Test], event: EventRecord, minor_exponent: int) -> bool:
    return all(holds(test, event, minor_exponent) for test in tests)


def picks(stream: Stream, event: EventRecord, past: Sequence[EventRecord], minor_exponent: int) -> bool:
    if not is_named(event, stream.event) or not passes(stream.where, event, minor_exponent):
        return False
    after = stream.after
    if after is None:
        return True
    is_preceded = any(
        is_named(earlier, after.event)
        and order_key_of(earlier) < order_key_of(event)
        and event.occurred_at - after.within < earlier.occurred_at
        and passes(after.where, earlier, minor_exponent)
        for earlier in past
    )
    return is_preceded != after.is_negated


def inside(window: Window, past: Sequence[EventRecord], now: int, minor_exponent: int) -> list[EventRecord]:
    found = [event for event in past if event.occurred_at <= now - window.newest]
    if window.oldest is not None:
        found = [event for event in found if event.occurred_at > now - window.oldest]
    if window.since is not None:
        marks = [event.occurred_at for event in past if picks(window.since, event, past, minor_exponent)]
        found = [event for event in found if not marks or event.occurred_at > marks[-1]]
    return found


# -- what they are worth


def trait_value(trait: Trait, events: Iterable[EventRecord], now: int, *, minor_exponent: int = 2) -> Figure:
    past = sorted((event for event in events if counts(event, now)), key=order_key_of)
    around = inside(trait.window, past, now, minor_exponent)
    found = [event for event in around if picks(trait.stream, event, past, minor_exponent)]
    if trait.field is not None:
        values = [worth(event, trait.field, past) for event in found]
        return of_values(trait.aggregate, [value for value in values if value not in ("", None)])
    if trait.aggregate in SHARES:
        kept, whole = sum(passes(trait.part, event, minor_exponent) for event in found), len(found)
        if trait.aggregate != "share":
            everyone = replace(trait.stream, after=None)
            whole = sum(picks(everyone, event, past, minor_exponent) for event in around)
        return Fraction(kept, whole) if whole else None
    return of_events(trait.aggregate, found, now)


def of_events(aggregate: str, found: Sequence[EventRecord], now: int) -> Figure:
    times = [event.occurred_at for event in found]
    days = {event.local_date for event in found if event.local_date is not None}
    if aggregate in ("count", "follows", "not_follows"):
        return len(found)
    if aggregate == "active_days":
        return len(days)
    if aggregate == "active_weeks":
        return len({(day + 3) // 7 for day in days})  # 1970-01-01 was a Thursday, so day -3 a Monday
    if aggregate == "mean_gap":
        return Fraction(times[-1] - times[0], len(times) - 1) if len(times) > 1 else None
    assert aggregate in TIME_SINCE
    return now - times[-1] if times else None


def worth(event: EventRecord, field: str, past: Sequence[EventRecord]) -> Any:
    """What the event says; of an order's value, what is left after the refunds that name it."""
    value = getattr(event, column_of(field).attribute)  # type: ignore[union-attr]
    if field != "value" or event.name != "order_completed" or value is None or not event.order_key:
        return value
    refunds = [e for e in past if e.name == "order_refunded" and e.order_key == event.order_key]
    return value - sum(refund.value or 0 for refund in refunds)


def of_values(aggregate: str, values: list[Any]) -> Figure:
    if aggregate == "sum":
        return sum(values)
    if aggregate == "distinct":
        return len(set(values))
    if not values:
        return None
    if aggregate == "avg":
        return Fraction(sum(values), len(values))
    if aggregate == "top":
        tally = Counter(values)
        return min(value for value in tally if tally[value] == max(tally.values()))
    return {"min": min(values), "max": max(values), "first": values[0], "last": values[-1]}[aggregate]


# -- who is a member


@dataclass(frozen=True, slots=True)
class Situation:
    """All that an answer depends on. ``context`` None asks for the population."""

    events: Sequence[EventRecord]
    facts: Facts
    population: Population
    segments: Mapping[str, Rule]
    context: Context | None
    now: int
    minor_exponent: int
    time_zone: dt.tzinfo


def is_member(
    rule: Rule,
    events: Sequence[EventRecord],
    facts: Facts,
    population: Population,
    segments: Mapping[str, Rule],
    context: Context | None,
    now: int,
    *,
    minor_exponent: int = 2,
    time_zone: dt.tzinfo = dt.UTC,
) -> bool | None:
    """Whether the rule is true, false or unknown; a member is one for whom it is true.

    Hand in rules with the shop's own conditions expanded: one that is left, or a segment that
    nobody knows, empties the whole rule.
    """
    here = Situation(events, facts, population, segments, context, now, minor_exponent, time_zone)
    return verdict(rule, here)


def verdict(rule: Rule, here: Situation) -> bool | None:
    return False if has_unknown_part(rule, here.segments) else judge(rule, here)


def has_unknown_part(rule: Rule, segments: Mapping[str, Rule]) -> bool:
    return any(
        isinstance(condition, CustomCondition)
        or (isinstance(condition, SegmentCondition) and condition.slug not in segments)
        for condition in conditions_of(rule)
    )


def judge(rule: Rule, here: Situation) -> bool | None:
    if isinstance(rule, Group):
        return combine(rule, [judge(inner, here) for inner in rule.rules])
    if isinstance(rule, SegmentCondition):
        return verdict(here.segments[rule.slug], here) is True
    if isinstance(rule, TraitCondition):
        return compare(figure(rule.trait, here), rule.operator, wanted_by(rule, here))
    if isinstance(rule, FactCondition):
        scale = 1 if rule.name == "age" else 1000
        return compare(fact_value(rule.name, here), rule.operator, constant(rule.value, scale))
    assert isinstance(rule, ContextCondition)
    return compare(context_value(rule.name, here), rule.operator, constant(rule.value, 1))


def combine(group: Group, truths: list[bool | None]) -> bool | None:
    """Kleene's strong logic: one false decides "all", one true decides "any"."""
    decisive = group.combinator == "any"
    if decisive in truths:
        return decisive != group.is_negated
    return None if None in truths else decisive == group.is_negated


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
}


def compare(value: Any, comparison: str, wanted: Any) -> bool | None:
    if comparison in ("known", "unknown"):
        return (value is None) == (comparison == "unknown")
    if value is None or wanted is None:
        return None
    each = wanted if isinstance(wanted, tuple) else (wanted,)
    if any(isinstance(value, str) != isinstance(one, str) for one in each):
        return None
    return COMPARISONS[comparison](value, wanted)


def figure(trait: Trait, here: Situation) -> Figure:
    return trait_value(trait, here.events, here.now, minor_exponent=here.minor_exponent)


def wanted_by(condition: TraitCondition, here: Situation) -> Any:
    """The right side in the raw unit of the left one."""
    wanted = condition.value
    if isinstance(wanted, TraitOperand):
        other = figure(wanted.trait, here)
        return other if other is None or isinstance(other, str) else other * wanted.factor
    if isinstance(wanted, PopulationOperand):
        numerator, denominator = here.population.get(wanted.name, (0, 0))
        return Fraction(numerator, denominator) * wanted.factor if denominator else None
    column = None if condition.trait.field is None else column_of(condition.trait.field)
    is_key = column is not None and column.kind == "key"
    return constant(wanted, unit_of(condition.trait, column, here.minor_exponent), is_key=is_key)


def unit_of(trait: Trait, column: Column | None, minor_exponent: int) -> int:
    if trait.aggregate in TIME_SINCE or trait.aggregate == "mean_gap":
        return TIME_SINCE.get(trait.aggregate, DAY)
    if column is None or trait.aggregate == "distinct":
        return 1
    return {"money": 10**minor_exponent, "measure": 1000}.get(column.kind, 1)


def constant(wanted: Operand, unit: int, *, is_key: bool = False) -> Any:
    if isinstance(wanted, tuple):
        return tuple(constant(one, unit, is_key=is_key) for one in wanted)
    if isinstance(wanted, str):
        return wanted if is_key else wanted.casefold()
    assert isinstance(wanted, Number)
    return wanted * unit


def fact_value(name: str, here: Situation) -> Figure:
    sought = "birthday" if name == "age" else name
    valid = [
        (valid_from, index, text, number)
        for index, (other, text, number, valid_from, valid_until) in enumerate(here.facts)
        if other == sought and valid_from <= here.now and (valid_until is None or here.now < valid_until)
    ]
    if not valid:
        return None
    *_, text, number = max(valid, key=lambda row: row[:2])
    if name != "age":
        return number if text is None else text
    return None if number is None else (today(here.now, here.time_zone) - number) // 10_000


def today(now: int, time_zone: dt.tzinfo) -> int:
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=now)
    return int(moment.astimezone(time_zone).strftime("%Y%m%d"))


def context_value(name: str, here: Situation) -> Any:
    if here.context is None:
        return figure(Trait("last", Stream("any"), field=name), here) if name in REMEMBERED else None
    value = here.context.get(name)
    return value.casefold() or None if isinstance(value, str) else value
