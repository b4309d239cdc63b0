"""What a hand-made tree may not hold: each problem by its code and path."""

from __future__ import annotations

from fractions import Fraction

import pytest

from django_microseg.profile.traits.definition import DAY, After, Stream, Trait, Window
from django_microseg.profile.traits.definition import Test as EventTest
from django_microseg.segment.rule import (
    CustomCondition,
    FactCondition,
    Group,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
)
from django_microseg.segment.validate import Problem, find_cycle, segments_used, validate
from tests.segment.words import vocabulary

ORDERS = Stream("order_completed")
VALUE = Trait("sum", ORDERS, field="value")


def codes(rule: Rule) -> list[tuple[str, str]]:
    return [(problem.code, problem.json_path) for problem in validate(rule, vocabulary())]


def trait(made: Trait) -> TraitCondition:
    return TraitCondition(made, ">=", 1)


def filtered(*tests: EventTest) -> TraitCondition:
    return trait(Trait("count", Stream("product_viewed", tests)))


TRAITS: list[tuple[Trait, str, str]] = [
    (Trait("median", ORDERS), "unknown-aggregate", "$.rule.trait.aggregate"),
    (Trait("count", Stream("auth_user")), "unknown-event", "$.rule.trait.event"),
    (Trait("count", ORDERS, field="value"), "wrong-parts", "$.rule.trait"),
    (Trait("sum", ORDERS), "wrong-parts", "$.rule.trait"),
    (Trait("count", ORDERS, part=(EventTest("brand", "eq", ("a",)),)), "wrong-parts", "$.rule.trait"),
    (Trait("share", ORDERS), "wrong-parts", "$.rule.trait"),
    (Trait("follows", ORDERS), "wrong-parts", "$.rule.trait"),
    (Trait("count", Stream("any", (), After("any", (), DAY))), "wrong-parts", "$.rule.trait"),
    (
        Trait("follows", Stream("any", (), After("any", (), DAY, is_negated=True))),
        "wrong-parts",
        "$.rule.trait.after",
    ),
    (Trait("follows", Stream("any", (), After("any", (), 0))), "bad-window", "$.rule.trait.after.within"),
    (Trait("follows", Stream("any", (), After("nothing", (), DAY))), "unknown-event", "$.rule.trait.after.event"),
    (Trait("count", ORDERS, Window(5 * DAY, 5 * DAY)), "bad-window", "$.rule.trait.window"),
    (Trait("count", ORDERS, Window(5 * DAY, None)), "bad-window", "$.rule.trait.window"),
    (Trait("count", ORDERS, Window(-DAY, DAY)), "bad-window", "$.rule.trait.window"),
    (Trait("count", ORDERS, Window(0, 1)), "bad-window", "$.rule.trait.window"),
    (Trait("count", ORDERS, Window(0, 4000 * DAY)), "bad-window", "$.rule.trait.window"),
    (Trait("count", ORDERS, Window(0, DAY, Stream("any"))), "bad-window", "$.rule.trait.window"),
    (Trait("count", ORDERS, Window(since=Stream("nothing"))), "unknown-event", "$.rule.trait.window.since.event"),
    (
        Trait("count", ORDERS, Window(since=Stream("any", (), After("any", (), DAY)))),
        "wrong-parts",
        "$.rule.trait.window.since",
    ),
    (Trait("sum", ORDERS, field="brand"), "unknown-field", "$.rule.trait.field"),
    (Trait("sum", ORDERS, field="local_hour"), "unknown-field", "$.rule.trait.field"),
    (Trait("sum", Stream("any"), field="dwell_seconds"), "unknown-field", "$.rule.trait.field"),
    (Trait("sum", ORDERS, field="profile__user__password"), "unknown-field", "$.rule.trait.field"),
]

TESTS: list[tuple[EventTest, str, str]] = [
    (EventTest("profile__customer_key", "eq", ("a",)), "unknown-field", "[0].field"),
    (EventTest("category", "like", ("a",)), "unknown-operator", "[0].op"),
    (EventTest("category", "eq", ()), "wrong-parts", "[0]"),
    (EventTest("category", "eq", ("a", "b")), "wrong-parts", "[0]"),
    (EventTest("category", "in", tuple("a" * 101)), "wrong-parts", "[0]"),
    (EventTest("category", "ge", ("a",)), "wrong-operator", "[0]"),
    (EventTest("attribute", "between", ("a", "b")), "wrong-operator", "[0]"),
    (EventTest("category", "eq", (5,)), "wrong-value", "[0].values[0]"),
    (EventTest("attribute", "eq", (5,)), "wrong-value", "[0].values[0]"),
    (EventTest("category", "in", ("a", "")), "wrong-value", "[0].values[1]"),
    (EventTest("category", "eq", (" a",)), "wrong-value", "[0].values[0]"),
    (EventTest("category", "eq", ("a\n",)), "wrong-value", "[0].values[0]"),
    (EventTest("category", "eq", ("a" * 201,)), "too-long", "[0].values[0]"),
    (EventTest("quantity", "eq", ("5",)), "wrong-value", "[0].values[0]"),
    (EventTest("local_hour", "ge", (24,)), "out-of-range", "[0].values[0]"),
    (EventTest("local_hour", "between", (22, 4)), "empty-range", "[0]"),
    (EventTest("value", "ge", (Fraction(1, 1000),)), "too-exact", "[0].values[0]"),
    (EventTest("quantity", "ge", (Fraction(1, 3),)), "too-exact", "[0].values[0]"),
]

CONDITIONS: list[tuple[Rule, str, str]] = [
    (FactCondition("password", "==", "a"), "unknown-fact", "$.rule.fact"),
    (FactCondition("gender", "=~", "a"), "unknown-operator", "$.rule.operator"),
    (FactCondition("gender", ">", "a"), "wrong-operator", "$.rule.operator"),
    (FactCondition("gender", "==", 5), "wrong-value", "$.rule.value"),
    (FactCondition("gender", "in", "a"), "wrong-value", "$.rule.value"),
    (FactCondition("gender", "==", ("a",)), "wrong-value", "$.rule.value"),
    (FactCondition("gender", "in", ()), "too-long", "$.rule.value"),
    (FactCondition("gender", "known", "a"), "wrong-value", "$.rule.value"),
    (FactCondition("birthday", ">=", 20000101), "wrong-operator", "$.rule.operator"),
    (FactCondition("nps", ">", 10**12 + 1), "too-large", "$.rule.value"),
    (FactCondition("nps", ">", Fraction(1, 10_000)), "too-exact", "$.rule.value"),
    (FactCondition("nps", ">", TraitOperand(VALUE)), "wrong-value", "$.rule.value"),
    (SegmentCondition("nobody-knows"), "unknown-segment", "$.rule.segment"),
    (CustomCondition("nobody_knows"), "unknown-condition", "$.rule.custom"),
    (Group("none", ()), "unknown-combinator", "$.rule.combinator"),
    (TraitCondition(Trait("count", ORDERS), ">=", Fraction(5, 2)), "too-exact", "$.rule.value"),
    (TraitCondition(Trait("count", ORDERS), ">=", -1), "out-of-range", "$.rule.value"),
    (TraitCondition(Trait("count", ORDERS), "in", (1, 2)), "wrong-operator", "$.rule.operator"),
    (TraitCondition(Trait("count", ORDERS), "known", ()), "wrong-operator", "$.rule.operator"),
    (TraitCondition(Trait("days_since", ORDERS), "!=", 5), "wrong-operator", "$.rule.operator"),
    (TraitCondition(Trait("days_since", ORDERS), ">", -5), "out-of-range", "$.rule.value"),
    (TraitCondition(Trait("top", ORDERS, field="coupon"), ">", "a"), "wrong-operator", "$.rule.operator"),
    (TraitCondition(VALUE, ">", PopulationOperand("average_orders")), "wrong-kind", "$.rule.value"),
    (TraitCondition(VALUE, ">", PopulationOperand("average_order_value", 0)), "bad-factor", "$.rule.value.factor"),
    (TraitCondition(VALUE, ">", TraitOperand(VALUE, Fraction(1, 3))), "bad-factor", "$.rule.value.factor"),
    (TraitCondition(VALUE, ">", TraitOperand(VALUE, 10**6 + 1)), "bad-factor", "$.rule.value.factor"),
    (
        TraitCondition(VALUE, ">", TraitOperand(Trait("sum", ORDERS, field="x"))),
        "unknown-field",
        "$.rule.value.trait.field",
    ),
]


@pytest.mark.parametrize(("made", "code", "path"), TRAITS)
def test_faulty_trait(made: Trait, code: str, path: str) -> None:
    assert (code, path) in codes(trait(made))


@pytest.mark.parametrize(("test", "code", "path"), TESTS)
def test_faulty_filter(test: EventTest, code: str, path: str) -> None:
    assert codes(filtered(test)) == [(code, f"$.rule.trait.where{path}")]


@pytest.mark.parametrize(("rule", "code", "path"), CONDITIONS)
def test_faulty_condition(rule: Rule, code: str, path: str) -> None:
    assert codes(rule) == [(code, path)]


def test_measures_of_different_units_are_not_compared() -> None:
    seen = Trait("sum", Stream("page_dwelled"), field="dwell_seconds")
    hovered = Trait("sum", Stream("product_hovered"), field="hover_seconds")
    product = Trait("sum", Stream("product_dwelled"), field="dwell_seconds")
    assert codes(TraitCondition(seen, ">", TraitOperand(hovered))) == [("wrong-kind", "$.rule.value")]
    assert codes(TraitCondition(seen, ">", TraitOperand(product))) == []


def test_filter_is_limited() -> None:
    assert codes(filtered(*[EventTest("category", "eq", ("a",))] * 101)) == [("too-long", "$.rule.trait.where")]


def test_problem_reads_as_a_sentence_with_its_path() -> None:
    (problem,) = validate(FactCondition("agee", ">", 5), vocabulary())
    assert str(problem) == "$.rule.fact: There is no fact `agee`. Did you mean `age`?"


def test_paths_lead_through_groups() -> None:
    rule = Group("all", (FactCondition("age", ">", 5), Group("any", (FactCondition("a", ">", 5),), is_negated=True)))
    assert codes(rule) == [("unknown-fact", "$.rule.rules[1].rules[0].fact")]


def test_size_is_limited() -> None:
    many = Group("all", (FactCondition("age", ">", 5),) * 101)
    assert codes(many) == [("too-many-conditions", "$.rule")]
    deep: Rule = FactCondition("age", ">", 5)
    for _ in range(9):
        deep = Group("all", (deep,))
    assert codes(deep) == [("too-deep", "$.rule")]


def test_circle_through_the_segment_itself_is_found() -> None:
    # The vocabulary of these tests says that "lost" uses "vip".
    problems = validate(SegmentCondition("lost"), vocabulary(), slug="vip")
    assert problems == [
        Problem(
            "circle",
            (),
            'Segments go in a circle: "lost" uses "vip" uses "lost".',
            "Take one of these references away.",
        )
    ]
    assert validate(SegmentCondition("lost"), vocabulary(), slug="gold") == []


def test_find_cycle() -> None:
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": set()}) is None
    assert find_cycle({"a": {"a"}}) == ("a", "a")
    circle = find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert circle is not None
    assert circle[0] == circle[-1]
    assert set(circle) == {"a", "b", "c"}


def test_segments_used() -> None:
    rule = Group("all", (SegmentCondition("b"), Group("any", (SegmentCondition("a"),), is_negated=True)))
    assert segments_used(rule) == {"a", "b"}
