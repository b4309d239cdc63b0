"""Joins the conditions of a rule to one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..normal import normalise
from ..ranges import is_range
from ..rule import (
    Condition,
    CustomCondition,
    FactCondition,
    Group,
    Rule,
    SegmentCondition,
    TraitCondition,
)
from .amounts import Comparison
from .moments import context_in_words, fact_in_words
from .traits import trait_in_words
from .words import SENTENCE_LABELS, Labels

__all__ = ["describe"]


def describe(rule: Rule, labels: Labels = SENTENCE_LABELS) -> str:
    """The rule's normal form in words."""
    rule = normalise(rule)
    return _group(rule, labels) if isinstance(rule, Group) else _condition(rule, labels)


def _group(group: Group, labels: Labels) -> str:
    if not group.rules:
        return _("is anybody") if group.combinator == "all" else _("is nobody")
    parts = list(_parts(group, labels))
    if group.is_negated and len(group.rules) == 1 and isinstance(group.rules[0], SegmentCondition):
        return _("is not in the segment “%(name)s”") % {"name": _segment_name(group.rules[0], labels)}
    joiner = _(" and ") if group.combinator == "all" else _(" or ")
    text = joiner.join(parts)
    return _("does not meet: (%(rule)s)") % {"rule": text} if group.is_negated else text


def _parts(group: Group, labels: Labels) -> Iterator[str]:
    rules = list(group.rules)
    while rules:
        rule = rules.pop(0)
        if isinstance(rule, Group):
            text = _group(rule, labels)
            yield f"({text})" if len(rule.rules) > 1 and not rule.is_negated else text
        elif group.combinator == "all" and rules and _is_between(rule, rules[0]):
            yield _condition(rule, labels, upper=rules.pop(0))
        else:
            yield _condition(rule, labels)


def _is_between(low: Rule, high: Rule) -> bool:
    """Whether two neighbours say "between", both ends included."""
    operators = (getattr(low, "operator", ""), getattr(high, "operator", ""))
    return operators == (">=", "<=") and is_range(low, high)


def _condition(condition: Condition, labels: Labels, *, upper: Rule | None = None) -> str:
    match condition:
        case SegmentCondition():
            return _("is in the segment “%(name)s”") % {"name": _segment_name(condition, labels)}
        case CustomCondition():
            return _custom(condition, labels)
    end = getattr(upper, "value", None)
    comparison = Comparison(condition.operator, condition.value, end)
    if isinstance(condition, TraitCondition):
        return trait_in_words(condition.trait, comparison, labels)
    in_words = fact_in_words if isinstance(condition, FactCondition) else context_in_words
    return in_words(condition.name, comparison, labels)


def _segment_name(condition: SegmentCondition, labels: Labels) -> str:
    return labels.segments.get(condition.slug, condition.slug)


def _custom(condition: CustomCondition, labels: Labels) -> str:
    known = labels.conditions.get(condition.kind)
    if known is None:
        return _("meets the unknown condition “%(name)s”") % {"name": condition.kind}
    defaults = {each.name: each.default for each in known.parameters}
    return known.describe({**defaults, **dict(condition.parameters)})
