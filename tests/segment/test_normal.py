"""The normal form says the same as the rule, under three-valued logic, and looks as stated."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_microseg.segment.normal import depth_of, normalise
from django_microseg.segment.rule import Condition, CustomCondition, Group, Rule, SegmentCondition
from tests.effort import cases

A, B, C = (SegmentCondition(slug) for slug in "abc")
Truth = bool | None


def value_of(rule: Rule, truths: Mapping[Condition, Truth]) -> Truth:
    """Kleene's logic: unknown unless the known ones settle it."""
    if not isinstance(rule, Group):
        return truths[rule]
    settling = rule.combinator == "any"
    values = {value_of(inner, truths) for inner in rule.rules}
    value = settling if settling in values else None if None in values else not settling
    return value if not rule.is_negated or value is None else not value


trees = st.recursive(
    st.sampled_from((A, B, C)),
    lambda inner: st.builds(
        Group, st.sampled_from(("all", "any")), st.lists(inner, max_size=3).map(tuple), st.booleans()
    ),
    max_leaves=12,
)
truth_values = st.sampled_from((True, False, None))


@settings(max_examples=cases(quick=300, ci=1500))
@given(trees, st.fixed_dictionaries({A: truth_values, B: truth_values, C: truth_values}))
def test_normal_form_has_the_same_truth(rule: Rule, truths: Mapping[Condition, Truth]) -> None:
    assert value_of(normalise(rule), truths) is value_of(rule, truths)
    assert depth_of(normalise(rule)) <= depth_of(rule)


def group(combinator: str, *rules: Rule, negated: bool = False) -> Group:
    return Group(combinator, rules, negated)


@pytest.mark.parametrize(
    ("rule", "normal"),
    [
        (A, A),
        (group("any", A), A),
        (group("all", group("any", group("all", A))), A),
        (group("any", A, negated=True), group("all", A, negated=True)),
        (group("all", group("all", A, negated=True), negated=True), A),
        (group("all", group("any", A, B), negated=True), group("any", A, B, negated=True)),
        (group("all", group("any", A, B, negated=True), negated=True), group("any", A, B)),
        (group("all", A, group("all", B, C)), group("all", A, B, C)),
        (group("all", A, group("all", B, C, negated=True)), group("all", A, group("all", B, C, negated=True))),
        (group("all", A, group("any", B, C)), group("all", A, group("any", B, C))),
        (group("any", negated=True), group("all")),
        (group("all", group("all"), A), A),
        (group("all", group("any"), A), group("all", group("any"), A)),
        (CustomCondition("x", (("b", 1), ("a", 2))), CustomCondition("x", (("a", 2), ("b", 1)))),
    ],
)
def test_normal_form(rule: Rule, normal: Rule) -> None:
    assert normalise(rule) == normal
