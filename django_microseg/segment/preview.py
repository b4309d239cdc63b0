"""What a rule would find, before it is saved: how many, who, how they buy, and who is kept out by one condition alone.

Comes in: a rule that was judged. Goes out: figures. Nothing is written. Up to `EXACT` people all
are asked; of more a random part, and then figures say how far off they may be. The part is taken by the random key of
each profile, through its index, so the same rule finds the same figures until people come and go. Variants of the rule,
and another segment to compare with, are answered in the same pass.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .. import conf
from ..collect.money import minor_exponent
from ..profile.models import Profile
from .json_form import to_json
from .near_misses import NearMiss, Variant, variants_of
from .patience import Patience
from .preview_figures import Buying, Mix, Overlap, mix_of, scaled
from .preview_people import Answer, answers, last_values, population_of
from .rule import Rule
from .rulebook import Rulebook, compile_ruleset, current, runnable
from .ruleset import Definition, Ruleset
from .validate import segments_used

__all__ = ["ASKED", "EXACT", "Buying", "Mix", "NearMiss", "Overlap", "Preview", "preview_rule"]

#: Up to so many people every one is asked; of more, about so many of them.
EXACT, ASKED = 20_000, 5_000
#: How many are named.
_SHOWN = 10
_MIXES = ("device", "country")
#: Of so many at most in each group it is looked up where they were last seen.
_LOOKED_UP = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """``size`` of ``people``; ``margin`` 0 where all were asked. ``sample`` are ids of some who are in it.

    ``near`` has only variants that would bring somebody in, those that bring most first.
    """

    size: int
    people: int
    margin: int
    customers: int
    is_momentary: bool
    inside: Buying
    everybody: Buying
    sample: tuple[int, ...]
    near: tuple[NearMiss, ...] = ()
    mixes: tuple[Mix, ...] = ()
    overlap: Overlap | None = None

    @property
    def is_estimate(self) -> bool:
        return self.everybody.people < self.people


@dataclass(frozen=True, slots=True)
class _Question:
    """The rule as definition 0, its variants below it, and what they use; ``other`` is a segment to compare with."""

    ruleset: Ruleset
    variants: tuple[Variant, ...]
    book: Rulebook
    other: str = ""

    def place(self, definition: int) -> int:
        return self.ruleset.position[definition]


@dataclass(slots=True)
class _Tally:
    """What was counted of those asked so far. ``patterns`` counts each combination of the rules' answers."""

    inside: Buying = field(default_factory=Buying)
    everybody: Buying = field(default_factory=Buying)
    customers: int = 0
    patterns: Counter[int] = field(default_factory=Counter)
    members: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def take(self, found: Iterable[Answer], place: int) -> None:
        inside, everybody, patterns = self.inside, self.everybody, self.patterns
        for pk, is_customer, bits, orders, value in found:
            everybody.add(orders, value)
            patterns[bits] += 1
            self.asked.append(pk)
            if bits >> place & 1:
                inside.add(orders, value)
                self.customers += is_customer
                self.members.append(pk)

    def count(self, having: int, lacking: int = 0) -> int:
        """Of how many the answers have all of these bits and none of those."""
        return sum(n for bits, n in self.patterns.items() if bits & having == having and not bits & lacking)


def preview_rule(rule: Rule, *, overlap: str = "", patience: Patience | None = None, now: dt.datetime) -> Preview:
    """Of a rule that `judged` lets through. Raises `TooMuch` or `Overtaken` (of `patience`) where it had to stop."""
    patience = patience or Patience()
    with patience.in_database():
        question = _question(rule, overlap)
        patience.go_on()
        people = Profile.objects.filter(merged_into=None).count()
        tally, wanted = _Tally(), people if people <= EXACT else ASKED
        population = population_of(question.ruleset, question.book.population, now)
        asked = answers(question.ruleset, wanted, people, population=population, patience=patience, now=now)
        tally.take(asked, question.place(0))
        patience.go_on()
        mixes = _mixes(tally, now)
    return _preview(question, tally, people, mixes)


def _preview(question: _Question, tally: _Tally, people: int, mixes: tuple[Mix, ...]) -> Preview:
    size, margin = scaled(tally.inside.people, tally.everybody.people, people)
    return Preview(
        size=size,
        people=people,
        margin=margin,
        customers=scaled(tally.customers, tally.everybody.people, people)[0],
        is_momentary=0 in question.ruleset.momentary,
        inside=tally.inside,
        everybody=tally.everybody,
        sample=tuple(tally.members[:_SHOWN]),
        near=_near(question, tally, people),
        mixes=mixes,
        overlap=_overlap(question, tally, people),
    )


def _question(rule: Rule, other: str) -> _Question:
    variants = variants_of(rule, decimals=minor_exponent(conf.get("CURRENCY")))
    book = current()
    written = [runnable(to_json(each)) for each in (rule, *(variant.rule for variant in variants))]
    references = {used: book.live[used] for used in segments_used(written[0]) if used in book.live}
    wanted = {*references.values(), *([book.live[other]] if other in book.live else ())}
    own = [Definition(-at, "", each, references) for at, each in enumerate(written)]
    ruleset = compile_ruleset([*book.ruleset.needed(wanted), *own], 0)
    return _Question(ruleset, variants, book, other if other in book.live else "")


def _near(question: _Question, tally: _Tally, people: int) -> tuple[NearMiss, ...]:
    own = 1 << question.place(0)
    found = []
    for at, variant in enumerate(question.variants, start=1):
        more = tally.count(1 << question.place(-at), own)
        if more:
            found.append(NearMiss(variant, *scaled(more, tally.everybody.people, people)))
    return tuple(sorted(found, key=lambda near: -near.people))


def _overlap(question: _Question, tally: _Tally, people: int) -> Overlap | None:
    if not question.other:
        return None
    own, other = (1 << question.place(each) for each in (0, question.book.live[question.other]))
    of_other, both = (scaled(tally.count(bits), tally.everybody.people, people) for bits in (other, own | other))
    return Overlap(question.other, of_other[0], *both)


def _mixes(tally: _Tally, now: dt.datetime) -> tuple[Mix, ...]:
    """Where those in it were last seen, against everybody."""
    if not tally.members:
        return ()
    found = last_values(_MIXES, (tally.members, tally.asked), _LOOKED_UP, now)
    mixes = (mix_of(name, inside, everybody) for name, (inside, everybody) in zip(_MIXES, found, strict=True))
    return tuple(mix for mix in mixes if mix is not None)
