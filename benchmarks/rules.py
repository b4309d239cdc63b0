"""A hundred rules with realistic skew: the thirteen presets and 87 made of one to four conditions."""

from __future__ import annotations

from random import Random

from django_microseg.segment.presets import PRESETS, preset_rule
from django_microseg.segment.rule import Rule, TraitCondition, conditions_of
from django_microseg.segment.text import parse

__all__ = ["hundred_rules", "many_rules"]

_WINDOWS = (7, 30, 90, 180, 365)
_EVENTS = ("product_viewed", "product_list_viewed", "product_added", "order_completed", "email_opened")
_COMPARISONS = ((">=", 1), (">=", 2), (">=", 3), (">=", 5), ("==", 0), ("<=", 2), (">=", 10))


def hundred_rules() -> dict[str, Rule]:
    """Rules by slug."""
    return many_rules(100)


def many_rules(number: int) -> dict[str, Rule]:
    """The presets that ask for traits alone, then made-up rules, ``number`` in all."""
    presets = {slug: preset_rule(slug) for slug in PRESETS}
    rules = {slug: rule for slug, rule in presets.items() if _asks_for_traits_alone(rule)}
    random = Random(3)
    while len(rules) < number:
        conditions = [_condition(random) for _ in range(random.choice((1, 1, 2, 2, 3, 4)))]
        rules[f"rule-{len(rules)}"] = parse(" and ".join(conditions))
    return dict(list(rules.items())[:number])


def _asks_for_traits_alone(rule: Rule) -> bool:
    return all(isinstance(condition, TraitCondition) for condition in conditions_of(rule))


def _condition(random: Random) -> str:
    event, days = random.choice(_EVENTS), random.choice(_WINDOWS)
    kind = random.random()
    if kind < 0.7:
        operator, number = random.choice(_COMPARISONS)
        return f'count("{event}", days={days}) {operator} {number}'
    if kind < 0.85:
        return f'sum("order_completed", "value", days={days}) >= {random.choice((20, 50, 100, 300))}'
    if kind < 0.95:
        return f'days_since("{event}") >= {random.choice((14, 30, 60, 90, 180))}'
    return f'active_days("any", days={days}) >= {random.choice((2, 5, 10))}'
