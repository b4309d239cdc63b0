"""How many people each of several rules would find, in one look at everybody, before any of them is a segment.

Comes in: rules by a name. Goes out: a size for each. Nothing is written. Of many people a random part is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from ..profile.models import Profile
from .json_form import to_json
from .patience import Patience
from .preview_figures import scaled
from .preview_people import answers, population_of
from .rule import Rule
from .rulebook import compile_ruleset, current, runnable
from .ruleset import Definition, Ruleset
from .validate import segments_used

__all__ = ["MOST_ASKED", "Counted", "Counts", "count_rules"]

#: Up to so many people every one is asked; of more, about so many. Fewer than for the preview of a single rule.
MOST_ASKED = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """How many a rule finds. ``margin`` is 0 where everybody was asked."""

    size: int
    margin: int
    is_momentary: bool


@dataclass(frozen=True, slots=True)
class Counts:
    people: int
    asked: int
    of: Mapping[str, Counted]

    @property
    def is_estimate(self) -> bool:
        return self.asked < self.people


def count_rules(rules: Mapping[str, Rule], *, now: dt.datetime) -> Counts:
    """The size of each rule's part of everybody. One look, however many rules."""
    people = Profile.objects.filter(merged_into=None).count()
    ruleset = _compiled(rules)
    found, asked = _ask(ruleset, people, now)
    counted = {}
    for number, name in enumerate(rules):
        size, margin = scaled(found[ruleset.position[-number]], asked, people)
        counted[name] = Counted(size, margin, -number in ruleset.momentary)
    return Counts(people, asked, counted)


def _compiled(rules: Mapping[str, Rule]) -> Ruleset:
    """The rules as definitions 0, -1, -2 …, with the rules in force that they refer to."""
    book = current()
    written = [runnable(to_json(rule)) for rule in rules.values()]
    references = [{slug: book.live[slug] for slug in segments_used(rule) if slug in book.live} for rule in written]
    needed = book.ruleset.needed(pk for each in references for pk in each.values())
    own = [
        Definition(-number, "", rule, refers)
        for number, (rule, refers) in enumerate(zip(written, references, strict=True))
    ]
    return compile_ruleset([*needed, *own], 0)


def _ask(ruleset: Ruleset, people: int, now: dt.datetime) -> tuple[list[int], int]:
    """How many are in each definition, by position, and how many were asked."""
    population = population_of(ruleset, current().population, now)
    wanted = min(people, MOST_ASKED)
    found, asked = [0] * len(ruleset.definitions), 0
    for _, _, bits, _, _ in answers(ruleset, wanted, people, population=population, patience=Patience(inf), now=now):
        asked += 1
        while bits:
            lowest = bits & -bits
            found[lowest.bit_length() - 1] += 1
            bits ^= lowest
    return found, asked
