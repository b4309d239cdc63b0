"""Rules that nobody can ever fit: found where they are plain, and never claimed of a rule that somebody fits."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from django_microseg.segment.contradiction import clash_of
from django_microseg.segment.presets import TEMPLATES, preset_rule
from django_microseg.segment.rule import FactCondition, Group, Rule, SegmentCondition
from django_microseg.segment.text import parse, render

LATE = 'days_since("order_completed") > 2 * mean_gap("order_completed")'
ORDERS = 'count("order_completed")'


@pytest.mark.parametrize(
    "text",
    [
        "nobody()",
        "not everyone()",
        'segment("vip") and not segment("vip")',
        f"{ORDERS} >= 5 and {ORDERS} < 3",
        f"{ORDERS} > 3 and {ORDERS} < 4",
        f"{ORDERS} < 0",
        f"{ORDERS} <= 1 and {ORDERS} != 0 and {ORDERS} != 1",
        f"not ({ORDERS} >= 1) and {ORDERS} >= 2",
        "28 <= age <= 20",
        "age > 20 and age <= 20",
        "known(age) and unknown(age)",
        "unknown(age) and age >= 18",
        'country == "de" and country == "at"',
        'country in ("de", "at") and country not in ("de", "at", "ch")',
        'country == "de" and country != "de"',
        'share("order_completed", of=where(coupon=known())) > 1',
        f'(segment("a") or {ORDERS} >= 5) and not segment("a") and {ORDERS} == 1',
        f'(segment("a") and nobody()) or ({ORDERS} >= 2 and {ORDERS} <= 1)',
        '(segment("a") or segment("b")) and not (segment("a") or segment("b"))',
        'avg("order_completed", "value") > 5 and not (avg("order_completed", "value") > 5)',
        f"{LATE} and not ({LATE})",
    ],
)
def test_what_nobody_can_fit_is_found(text):
    assert clash_of(parse(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "everyone()",
        f"{ORDERS} >= 3 and {ORDERS} <= 3",
        f"{ORDERS} > 3 and {ORDERS} < 5",
        f"{ORDERS} <= 1 and {ORDERS} != 0",
        'count("order_completed", days=180) >= 1 and count("order_completed", days=90) == 0',
        f'{ORDERS} >= 5 and count("product_viewed") < 3',
        'avg("order_completed", "value") > 3 and avg("order_completed", "value") < 4',
        "age < 0 or age >= 0",
        'country == "DE" and country == "de"',
        'country == "DE" and country != "de"',
        'country in ("de", "at") and country != "de"',
        'segment("a") or not segment("a")',
        "not (unknown(age) and known(age))",
        'share("order_completed", of=where(coupon=known())) >= 1',
        f'(segment("a") or {ORDERS} >= 5) and not segment("a")',
    ],
)
def test_what_somebody_can_fit_is_not_claimed(text):
    assert clash_of(parse(text)) is None


@pytest.mark.parametrize("slug", TEMPLATES)
def test_no_ready_made_segment_is_claimed(slug):
    assert clash_of(preset_rule(slug)) is None


def test_clash_names_what_excludes_each_other():
    clash = clash_of(parse(f'segment("a") and {ORDERS} >= 5 and age >= 18 and {ORDERS} < 3'))
    assert sorted(map(render, clash or ())) == [f"{ORDERS} < 3", f"{ORDERS} >= 5"]


def test_rule_with_too_many_branches_is_not_claimed():
    choices = [f'(segment("a{n}") or segment("b{n}") or segment("c{n}"))' for n in range(16)]
    closed = "(age > 5 or age > 6 or age > 7) and (age < 5 or age < 4 or age < 3)"
    text = " and ".join([*choices[:8], closed, *choices[8:]])
    assert (clash_of(parse(text)), clash_of(parse(closed)) is not None) == (None, True)


# -- three-valued logic over every small world

AGES = (None, 0, 1, 2, 3)
WORDS = (None, "de", "DE", "at")
conditions = st.one_of(
    st.builds(FactCondition, st.just("age"), st.sampled_from([">=", ">", "<", "<=", "==", "!="]), st.integers(0, 3)),
    st.builds(FactCondition, st.just("age"), st.sampled_from(["known", "unknown"]), st.just(())),
    st.builds(FactCondition, st.just("country"), st.sampled_from(["==", "!="]), st.sampled_from(["de", "DE", "at"])),
    st.builds(FactCondition, st.just("country"), st.sampled_from(["in", "not_in"]),
              st.sampled_from([("de", "at"), ("DE",), ("at", "fr")])),
    st.builds(SegmentCondition, st.sampled_from("ab")),
)  # fmt: skip
rules = st.recursive(
    conditions,
    lambda inner: st.builds(
        Group, st.sampled_from(["all", "any"]), st.lists(inner, max_size=4).map(tuple), is_negated=st.booleans()
    ),
    max_leaves=9,
)


def truth(rule: Rule, world: dict[str, object], fold) -> bool | None:
    if isinstance(rule, SegmentCondition):
        return bool(world[rule.slug])
    if isinstance(rule, FactCondition):
        return _fact_truth(rule, world[rule.name], fold)
    found = [truth(each, world, fold) for each in rule.rules]
    decisive = rule.combinator == "any"
    value = decisive if decisive in found else (None if None in found else not decisive)
    return value if value is None or not rule.is_negated else not value


def _fact_truth(rule: FactCondition, value: object, fold) -> bool | None:
    if rule.operator in ("known", "unknown"):
        return (value is None) is (rule.operator == "unknown")
    if value is None:
        return None
    value = fold(value)
    against = [fold(each) for each in (rule.value if isinstance(rule.value, tuple) else (rule.value,))]
    return {
        ">=": lambda: value >= against[0], ">": lambda: value > against[0], "<": lambda: value < against[0],
        "<=": lambda: value <= against[0], "==": lambda: value in against, "in": lambda: value in against,
        "!=": lambda: value not in against, "not_in": lambda: value not in against,
    }[rule.operator]()  # fmt: skip


def test_rules_that_are_drawn_have_claims_among_them():
    assert clash_of(find(rules, lambda rule: clash_of(rule) is not None)) is not None


@given(rules)
def test_never_claims_what_somebody_in_some_world_fits(rule):
    if clash_of(rule) is None:
        return
    for fold in (lambda value: value, lambda value: value.casefold() if isinstance(value, str) else value):
        for age, country, a, b in itertools.product(AGES, WORDS, (True, False), (True, False)):
            world = {"age": age, "country": country, "a": a, "b": b}
            assert truth(rule, world, fold) is not True
