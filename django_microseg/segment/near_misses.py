"""Variants of a rule with one condition left out or one step easier: who is kept out by that alone?

Pure: rules in, rules out. Every variant finds all whom the rule finds, and perhaps more; the preview asks all of them
in the pass in which it asks the rule. Only what every way into the segment needs can be left out; thresholds are eased
wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .easing import eased
from .emit import LAST_KNOWN
from .normal import normalise
from .rule import ContextCondition, Group, Rule, conditions_of

__all__ = ["MOST_VARIANTS", "NearMiss", "Variant", "variants_of"]

#: So many variants at most, and so many conditions in all of them together: each costs time for every person.
MOST_VARIANTS = 24
_MOST_CONDITIONS = 300


@dataclass(frozen=True, slots=True)
class Variant:
    """``rule`` is the rule with ``part`` eased; or with ``part`` left out, where ``eased`` is None."""

    part: Rule
    eased: Rule | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class NearMiss:
    """So many people more would be in it by the variant."""

    variant: Variant
    people: int
    margin: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of the rule: how to get there, and whether the rule wants it true."""

    path: tuple[int, ...]
    part: Rule
    wanted: bool
    is_needed: bool


def variants_of(rule: Rule, *, decimals: int) -> tuple[Variant, ...]:
    """The easier ones first, each kind from left to right."""
    rule = normalise(rule)
    places = list(_places(rule, (), wanted=True, is_needed=True))
    found = [*_easier(rule, places, decimals), *_without(rule, places)]
    size = max(1, sum(1 for _ in conditions_of(rule)))
    return tuple(found[: max(2, min(MOST_VARIANTS, _MOST_CONDITIONS // size))])


def _places(rule: Rule, path: tuple[int, ...], *, wanted: bool, is_needed: bool) -> Iterator[_Place]:
    """Conditions, and groups of alternatives of which one is needed."""
    if not isinstance(rule, Group):
        yield _Place(path, rule, wanted, is_needed)
        return
    inside = wanted is not rule.is_negated
    are_all_needed = (rule.combinator == "all") is inside or len(rule.rules) == 1
    if is_needed and not are_all_needed and path:
        yield _Place(path, rule, wanted, is_needed=True)
    for at, inner in enumerate(rule.rules):
        yield from _places(inner, (*path, at), wanted=inside, is_needed=is_needed and are_all_needed)


def _easier(rule: Rule, places: list[_Place], decimals: int) -> Iterator[Variant]:
    for place in places:
        if isinstance(place.part, Group):
            continue
        easier = eased(place.part, wanted=place.wanted, decimals=decimals)
        if easier is not None:
            yield Variant(place.part, easier, _with(rule, place.path, easier))


def _without(rule: Rule, places: list[_Place]) -> Iterator[Variant]:
    """Of a rule that is one condition nothing would be left."""
    needed = [place for place in places if place.is_needed]
    for place in needed if len(needed) > 1 else ():
        if not _is_of_the_moment(place.part):
            nothing = Group("all" if place.wanted else "any")
            yield Variant(place.part, None, normalise(_with(rule, place.path, nothing)))


def _is_of_the_moment(part: Rule) -> bool:
    """What is known only while somebody is here keeps everybody out; that is no near miss."""
    return any(isinstance(c, ContextCondition) and c.name not in LAST_KNOWN for c in conditions_of(part))


def _with(rule: Rule, path: tuple[int, ...], new: Rule) -> Rule:
    if not path:
        return new
    assert isinstance(rule, Group)
    at, *rest = path
    rules = list(rule.rules)
    rules[at] = _with(rules[at], tuple(rest), new)
    return replace(rule, rules=tuple(rules))
