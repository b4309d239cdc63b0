"""What a rule would find, before it is saved: how many, who, and how they buy compared with everybody.

Comes in: a rule's text. Goes out: figures, or what is wrong with the text. Nothing is written. Up to `EXACT` people all
are asked; of more a random part, and then figures say how far off they may be. The part is taken by the random key of
each profile, through its index, so the same rule finds the same figures until people come and go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from .. import conf
from ..collect.fields import to_ms
from ..collect.money import minor_exponent
from ..profile.fact_rows import fact_rows
from ..profile.models import Profile
from ..profile.population import compute
from ..profile.scan import Scan
from ..profile.traits.definition import Stream, Trait
from ..profile.traits.plan import ORDER
from .errors import RuleError
from .json_form import to_json
from .part import chunks_of, part_of, scaled
from .rulebook import compile_ruleset, current, runnable
from .ruleset import Definition, Ruleset
from .text import find_errors, parse
from .validate import segments_used, validate
from .vocabulary import build_vocabulary

__all__ = ["EXACT", "Asked", "Buying", "Preview", "Problems", "ask_people", "preview_rule"]

#: Up to so many people every one is asked; of more, about so many.
EXACT = 20_000
#: How many are named.
_SHOWN = 10
_BUYS = (Trait("count", Stream(ORDER)), Trait("sum", Stream(ORDER), field="value"))

#: Profile id, whether a customer, the answers, number of orders and what they were worth.
Asked = tuple[int, bool, int, int, int]


class Problems(ValueError):
    """What is wrong with the text; each with its place, where it has one."""

    def __init__(self, *errors: RuleError | str) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors


@dataclass(slots=True)
class Buying:
    """Of some people: how many there are, how many have ordered, their orders, and what these were worth."""

    people: int = 0
    buyers: int = 0
    orders: int = 0
    value_minor: int = 0

    def add(self, orders: int, value_minor: int) -> None:
        self.people += 1
        self.buyers += orders > 0
        self.orders += orders
        self.value_minor += value_minor

    @property
    def conversion(self) -> float | None:
        return self.buyers / self.people if self.people else None

    @property
    def average_minor(self) -> int | None:
        return round(self.value_minor / self.orders) if self.orders else None


@dataclass(frozen=True, slots=True)
class Preview:
    """``size`` of ``people``; ``margin`` 0 where all were asked. ``sample`` are ids of some who are in it."""

    size: int
    people: int
    margin: int
    customers: int
    is_momentary: bool
    inside: Buying
    everybody: Buying
    sample: tuple[int, ...]

    @property
    def is_estimate(self) -> bool:
        return self.everybody.people < self.people


def preview_rule(text: str, *, slug: str = "", now: dt.datetime) -> Preview:
    """Raises `Problems`."""
    ruleset = _compiled(text, slug)
    people = Profile.objects.filter(merged_into=None).count()
    inside, everybody, customers = Buying(), Buying(), 0
    sample: list[int] = []
    moment = to_ms(now)
    for pk, is_customer, bits, orders, value in ask_people(ruleset, part_of(people, EXACT), moment, now):
        everybody.add(orders, value)
        if bits >> ruleset.position[0] & 1:
            inside.add(orders, value)
            customers += is_customer
            if len(sample) < _SHOWN:
                sample.append(pk)
    size, margin = scaled(inside.people, everybody.people, people)
    return Preview(
        size=size,
        people=people,
        margin=margin,
        customers=scaled(customers, everybody.people, people)[0],
        is_momentary=0 in ruleset.momentary,
        inside=inside,
        everybody=everybody,
        sample=tuple(sample),
    )


def _compiled(text: str, slug: str) -> Ruleset:
    """The rule as definition 0, with the rules in force that it refers to."""
    vocabulary = build_vocabulary()
    errors = find_errors(text, vocabulary)
    if errors:
        raise Problems(*errors)
    rule = parse(text)
    problems = validate(rule, vocabulary, slug=slug)
    if problems:
        raise Problems(*(f"{problem.message} {problem.suggestion}".strip() for problem in problems))
    book = current()
    written = runnable(to_json(rule))
    references = {slug: book.live[slug] for slug in segments_used(written) if slug in book.live}
    definitions = [*book.ruleset.needed(references.values()), Definition(0, "", written, references)]
    return compile_ruleset(definitions, 0)


def ask_people(ruleset: Ruleset, part: Q, moment: int, now: dt.datetime) -> Iterator[Asked]:
    """The answers of a ruleset, person by person."""
    population = compute({name for _, name in ruleset.compared_traits}, now)
    traits = (*ruleset.traits, *_BUYS)
    scan = Scan(tuple(dict.fromkeys(traits)), moment, minor_exponent(conf.get("CURRENCY")))
    places = {trait: at for at, trait in enumerate(dict.fromkeys(traits))}
    own = [places[trait] for trait in ruleset.traits]
    orders_at, value_at = (places[trait] for trait in _BUYS)
    for ids in chunks_of(part):
        customers = dict(ids)
        among = Q(pk__gte=ids[0][0], pk__lte=ids[-1][0]) & part
        facts: Any = {}
        if ruleset.plan.facts:
            facts = fact_rows(Q(profile__in=[pk for pk, _ in ids]), ruleset.plan.facts)
        for pk, values in scan.rows(among):
            bits = ruleset.members_of_values([values[at] for at in own], facts.get(pk, {}), moment, population)
            yield pk, customers.get(pk) is not None, bits, values[orders_at], values[value_at] or 0
