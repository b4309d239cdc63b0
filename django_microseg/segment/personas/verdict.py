"""Asks personas whether they are where they belong, by the rules in force or with other rules in their place.

Comes in: stories, and rules by slug. Goes out: for each what is amiss, and of which segments nothing can be said
because they are not in force. Only the rules that are asked for, and those that they use, are compiled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...collect.fields import to_ms
from ...profile.traits.fold import Folder
from ..json_form import to_json
from ..models import Segment
from ..rule import Rule
from ..rulebook import compile_ruleset, current, runnable
from ..ruleset import Definition, Population, Ruleset
from ..validate import segments_used
from .story import PersonaStory

__all__ = ["Rules", "Verdict", "ask", "known_slugs", "rules_in_force"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What personas are asked by: a rule for each segment in force, and the shop's own figures."""

    by_slug: Mapping[str, Rule]
    population: Population

    def with_changes(self, changed: Mapping[str, Rule | None]) -> Rules:
        """With these in the place of what is in force; None takes a segment out of force."""
        others = {slug: rule for slug, rule in self.by_slug.items() if slug not in changed}
        new = {slug: runnable(to_json(rule)) for slug, rule in changed.items() if rule is not None}
        return Rules({**others, **new}, self.population)

    def users_of(self, slugs: Iterable[str]) -> frozenset[str]:
        """These segments, and those that use them, themselves or through others."""
        used = {slug: segments_used(rule) for slug, rule in self.by_slug.items()}
        found, waiting = set(slugs), True
        while waiting:
            waiting = bool(more := {slug for slug, inner in used.items() if inner & found} - found)
            found |= more
        return frozenset(found)

    def compiled(self, slugs: Iterable[str]) -> Ruleset:
        """The rules of these segments, with those that they use."""
        wanted = [slug for slug in slugs if slug in self.by_slug]
        rules: dict[str, Rule] = {}
        while wanted:
            slug = wanted.pop()
            if slug not in rules:
                rules[slug] = self.by_slug[slug]
                wanted += [each for each in segments_used(rules[slug]) if each in self.by_slug]
        ids = {slug: number for number, slug in enumerate(sorted(rules), start=1)}
        definitions = [
            Definition(ids[slug], slug, rule, {each: ids[each] for each in segments_used(rule) if each in ids})
            for slug, rule in sorted(rules.items())
        ]
        return compile_ruleset(definitions, 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``missing`` are segments that the persona should be in, ``extra`` those it should not, ``waiting`` those that are
    not in force."""

    persona: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.missing and not self.extra


def rules_in_force() -> Rules:
    """The rules in force, as pages know them; one or two statements."""
    book = current()
    return Rules({slug: each.rule for slug, each in book.in_force.items()}, book.population)


def known_slugs() -> frozenset[str]:
    """The segments of which something may be expected, in force or not."""
    return frozenset(Segment.objects.exclude(state=Segment.State.ARCHIVED).values_list("slug", flat=True))


def ask(stories: Sequence[PersonaStory], rules: Rules, *, now: dt.datetime) -> list[Verdict]:
    """Whether each is where it belongs. No statement."""
    ruleset = rules.compiled(frozenset().union(*(story.asked for story in stories)))
    folder, moment = Folder(ruleset.plan, ruleset.minor_exponent), to_ms(now)
    verdicts = []
    for story in stories:
        facts = {name: rows for name, rows in story.facts.items() if name in ruleset.plan.facts}
        state = folder.build(story.records, moment, facts)
        bits = ruleset.members(state, moment, rules.population, story.context)
        inside = {each.slug for at, each in enumerate(ruleset.definitions) if bits >> at & 1}
        in_force = story.asked & rules.by_slug.keys()
        missing, extra = (story.wanted & in_force) - inside, story.unwanted & inside
        waiting = story.asked - in_force
        verdicts.append(Verdict(story.name, *(tuple(sorted(each)) for each in (missing, extra, waiting))))
    return verdicts
