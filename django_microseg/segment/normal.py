"""The normal form of a rule: the one tree that every way of writing the same rule comes down to.

JSON and text are read into it and rendered from it. It keeps every condition, in order, and changes
only the groups around them; three-valued logic allows each of the steps.
"""

from __future__ import annotations

from dataclasses import replace

from .rule import Condition, CustomCondition, Group, Rule

__all__ = ["canonical", "depth_of", "normalise"]

_DUAL = {"all": "any", "any": "all"}


def normalise(rule: Rule) -> Rule:
    """Flatten groups of the same kind, unwrap groups of one, resolve doubled negations.

    A negation of one condition is an ``all`` of it; a negated empty group is the empty group of the
    other kind; parameters of a custom condition are sorted by name.
    """
    if not isinstance(rule, Group):
        return _normal_condition(rule)
    rules: list[Rule] = []
    for inner in map(normalise, rule.rules):
        if isinstance(inner, Group) and not inner.is_negated and inner.combinator == rule.combinator:
            rules.extend(inner.rules)
        else:
            rules.append(inner)
    plain = rules[0] if len(rules) == 1 else Group(rule.combinator, tuple(rules))
    return _negate(plain) if rule.is_negated else plain


def _negate(rule: Rule) -> Rule:
    """The negation of a normal rule, in normal form."""
    if not isinstance(rule, Group):
        return Group("all", (rule,), is_negated=True)
    if not rule.rules:
        return Group(_DUAL[rule.combinator])
    if rule.is_negated and len(rule.rules) == 1:
        return rule.rules[0]
    return replace(rule, is_negated=not rule.is_negated)


def _normal_condition(condition: Condition) -> Condition:
    if isinstance(condition, CustomCondition):
        parameters = tuple(sorted(condition.parameters, key=lambda item: item[0]))
        if parameters != condition.parameters:
            return replace(condition, parameters=parameters)
    return condition


def depth_of(rule: Rule) -> int:
    """How many groups lie inside each other at most."""
    if not isinstance(rule, Group):
        return 0
    return 1 + max(map(depth_of, rule.rules), default=0)


def canonical(rule: Rule) -> Rule:
    """The normal form without what is no difference: the order within a group, and a condition said twice."""
    normal = normalise(rule)
    if not isinstance(normal, Group):
        return normal
    inner = {repr(each): each for each in map(canonical, normal.rules)}
    return normalise(replace(normal, rules=tuple(inner[name] for name in sorted(inner))))
