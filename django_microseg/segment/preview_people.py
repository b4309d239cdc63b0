"""Asks people what somebody wants to know of them: the rules' answers, what they ordered, where they were last seen.

Everybody is asked, or of many a random part: by the random key of each profile, through its index, some thousands at a
time, so that the database finds their events by index and a preview can stop on its way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Q

from .. import conf
from ..collect.fields import to_ms
from ..collect.money import minor_exponent
from ..profile.fact_rows import fact_rows
from ..profile.population import compute, latest
from ..profile.scan import Scan
from ..profile.traits.definition import Stream, Trait
from ..profile.traits.plan import ORDER
from .emit import last_known
from .patience import Patience
from .ruleset import Population, Ruleset

__all__ = ["Answer", "answers", "last_values", "population_of", "random_part"]

_AT_ONCE = 6_000
#: After so many answers it is asked whether to go on.
_LOOK_UP_EVERY = 2_000
_BUYS = (Trait("count", Stream(ORDER)), Trait("sum", Stream(ORDER), field="value"))
_KEYS = 1 << 128

#: Profile id, whether a customer, the rules' answers as bits, number of orders, what they were worth.
Answer = tuple[int, bool, int, int, int]


def answers(
    ruleset: Ruleset, wanted: int, people: int, *, population: Population, patience: Patience, now: dt.datetime
) -> Iterator[Answer]:
    """About ``wanted`` of so many people; all of them where that is no fewer."""
    traits = tuple(dict.fromkeys((*ruleset.traits, *_BUYS)))
    moment = to_ms(now)
    scan = Scan(traits, moment, minor_exponent(conf.get("CURRENCY")), own=("customer_key",))
    orders_at, value_at = (traits.index(trait) for trait in _BUYS)
    members, no_facts = ruleset.members_of_values, {}  # type: ignore[var-annotated]
    for part in _parts(wanted, people):
        facts = fact_rows(_of_profiles(part), ruleset.plan.facts) if ruleset.plan.facts else {}
        for number, (pk, row) in enumerate(scan.rows(_within(part))):
            if number % _LOOK_UP_EVERY == 0:
                patience.go_on()
            bits = members(row, facts.get(pk, no_facts), moment, population)
            yield pk, row[-1] is not None, bits, row[orders_at], row[value_at] or 0


def random_part(wanted: int, people: int) -> Q:
    """About ``wanted`` of so many profiles, always the same ones; all of them where that is no fewer."""
    return _within((0, _end(wanted, people)))


def _end(wanted: int, people: int) -> int:
    return _KEYS if wanted >= people else _KEYS * wanted // people


def _parts(wanted: int, people: int) -> Iterator[tuple[int, int]]:
    """Ranges of keys: from, and up to without it."""
    end = _end(wanted, people)
    number = max(1, ceil(min(wanted, people) / _AT_ONCE))
    edges = [end * at // number for at in range(number + 1)]
    return pairwise(edges)


def _within(part: tuple[int, int], prefix: str = "") -> Q:
    low, high = part
    within = Q()
    if low:
        within &= Q(**{f"{prefix}key__gte": UUID(int=low)})
    if high < _KEYS:
        within &= Q(**{f"{prefix}key__lt": UUID(int=high)})
    return within


def _of_profiles(part: tuple[int, int]) -> Q:
    return Q(profile__merged_into=None) & _within(part, "profile__")


def population_of(ruleset: Ruleset, published: Population, now: dt.datetime) -> Population:
    """What people are compared with: as in force, else as last worked out, else worked out now."""
    names = {name for _, name in ruleset.compared_traits}
    known = {name: published[name] for name in names & published.keys()}
    if names - known.keys():
        known |= latest(names - known.keys())
    return {**known, **compute(names - known.keys(), now)}


def last_values(
    names: Sequence[str], groups: Sequence[Sequence[int]], most: int, now: dt.datetime
) -> list[list[list[str | None]]]:
    """The last known values of each name, in each group of profile ids; of many, of ``most`` at even distances."""
    drawn = [[ids[at * len(ids) // most] for at in range(most)] if len(ids) > most else ids for ids in groups]
    everyone = {pk for ids in drawn for pk in ids}
    found: Mapping[int, list[Any]] = {}
    if everyone:
        scan = Scan([last_known(name) for name in names], to_ms(now), minor_exponent(conf.get("CURRENCY")))
        found = dict(scan.rows(Q(pk__in=sorted(everyone))))
    return [[[found[pk][at] for pk in ids if pk in found] for ids in drawn] for at in range(len(names))]
