"""Says in words why a persona is not where it belongs: the conditions that stand in the way, and what is instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ...collect.fields import to_ms
from ..explain.case import Case
from ..explain.figures import actual_of, needed_of
from ..rule import Condition, CustomCondition, Group, Rule, SegmentCondition
from ..ruleset import Definition, Ruleset
from ..sentence import describe
from .story import PersonaStory
from .verdict import Rules, Verdict

__all__ = ["complaints_of", "reasons_of"]

_MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class _Asking:
    """One rule before one persona."""

    case: Case
    references: Any
    now: int

    def verdict(self, rule: Rule) -> bool | None:
        return self.case.judge(rule, self.references).verdict(self.now)


def complaints_of(story: PersonaStory, verdict: Verdict, rules: Rules, *, labels: Any, now: dt.datetime) -> list[str]:
    """A sentence for each segment that the persona is in and should not be, or the other way round."""
    lines = []
    for slug in (*verdict.missing, *verdict.extra):
        is_missing = slug in verdict.missing
        text = _("%(persona)s is not in “%(segment)s”: %(why)s") if is_missing else _(
            "%(persona)s is in “%(segment)s”: %(why)s"
        )  # fmt: skip
        why = reasons_of(story, slug, rules, wanted=is_missing, labels=labels, now=now)
        names = {"persona": story.name, "segment": labels.segments.get(slug, slug), "why": "; ".join(why)}
        lines.append(text % names)
    return lines


def reasons_of(
    story: PersonaStory, slug: str, rules: Rules, *, wanted: bool, labels: Any, now: dt.datetime
) -> list[str]:
    """The conditions against it, in words; ``wanted`` says whether the persona should be in."""
    ruleset = rules.compiled([slug])
    own = next(each for each in ruleset.definitions if each.slug == slug)
    asking = _Asking(_case(story, ruleset, own, rules), own.references, to_ms(now))
    found = list(_blamed(own.rule, asking, wanted=wanted))
    lines = [_line(condition, asking, wanted=expected, labels=labels) for condition, expected in found[:_MOST_REASONS]]
    more = len(found) - len(lines)
    if not lines:
        return [_("its rule is true for nobody") if wanted else _("its rule is true for everybody")]
    return [*lines, _("and %s more") % more] if more > 0 else lines


def _case(story: PersonaStory, ruleset: Ruleset, own: Definition, rules: Rules) -> Case:
    return Case(
        events=story.records,
        facts=story.facts,
        population=rules.population,
        others=tuple(each for each in ruleset.definitions if each.id != own.id),
        minor_exponent=ruleset.minor_exponent,
        zone=ruleset.zone,
        context=story.context,
    )


def _blamed(rule: Rule, asking: _Asking, *, wanted: bool) -> Iterator[tuple[Condition, bool]]:
    """The conditions that are not as they should be, each with how it should be."""
    if not isinstance(rule, Group):
        yield rule, wanted
        return
    inner = wanted is not rule.is_negated
    verdicts = [(each, asking.verdict(each)) for each in rule.rules]
    against = [each for each, found in verdicts if found is (not inner)]
    for each in against or [each for each, found in verdicts if found is None]:
        yield from _blamed(each, asking, wanted=inner)
    if against and inner:  # what is unknown stands in the way of what should be true, too
        for each in (each for each, found in verdicts if found is None):
            yield from _blamed(each, asking, wanted=inner)


def _line(condition: Condition, asking: _Asking, *, wanted: bool, labels: Any) -> str:
    sentence = describe(condition, labels)
    if isinstance(condition, SegmentCondition | CustomCondition):
        return sentence if not wanted else _("not so: %s") % sentence
    values = {
        "sentence": sentence,
        "needed": needed_of(condition, asking.case, asking.now),
        "actual": actual_of(condition, asking.case, asking.now),
    }
    if wanted:
        return _("%(sentence)s (%(needed)s needed, %(actual)s there)") % values
    return _("%(sentence)s (%(actual)s there)") % values
