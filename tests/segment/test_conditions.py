"""Condition types of a shop: registered, validated, expanded, described, and harmless when broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from django_microseg.segment.conditions import (
    BrokenCondition,
    ConditionType,
    Parameter,
    UnknownCondition,
    condition_types,
    expand_custom,
    register_condition,
    unregister_condition,
)
from django_microseg.segment.rule import CustomCondition, FactCondition, Group, Rule
from django_microseg.segment.sentence import Labels, describe
from django_microseg.segment.text import find_errors, parse, render
from tests.segment.words import vocabulary


class BoughtCategory(ConditionType):
    label = "bought a category"
    parameters = (
        Parameter("category"),
        Parameter("at_least", "whole", default=1),
        Parameter("device", default=None, choices=("mobile", "desktop")),
    )

    def expand(self, parameters: Mapping[str, Any]) -> Rule:
        category, least = parameters["category"], parameters["at_least"]
        return parse(f'count("product_purchased", where(category="{category}")) >= {least}')

    def validate(self, parameters: Mapping[str, Any]) -> Iterable[str]:
        if parameters["at_least"] < 1:
            yield "At least one is needed."

    def describe(self, parameters: Mapping[str, Any]) -> str:
        return f"bought {parameters['at_least']} of {parameters['category']}"


@pytest.fixture
def _registered() -> Iterator[None]:
    register_condition("bought_category")(BoughtCategory)
    yield
    for kind in list(condition_types()):
        unregister_condition(kind)


def errors(text: str) -> list[str]:
    words = replace(vocabulary(), conditions=condition_types())
    return [f"{error.column}: {error.full_message}" for error in find_errors(text, words)]


@pytest.mark.usefixtures("_registered")
class TestRegistered:
    def test_it_expands_to_a_rule_with_its_defaults(self) -> None:
        rule = expand_custom(parse('not bought_category(category="boots") and age > 5'))
        assert render(rule) == 'not (count("product_purchased", where(category="boots")) >= 1) and age > 5'

    def test_it_is_valid_and_its_parameters_are_checked_at_their_place(self) -> None:
        assert errors('bought_category(category="boots", at_least=3)') == []
        assert errors("bought_category()") == ["1: bought_category() needs the parameter category. Write category=…"]
        assert errors('bought_category(category="a", atleast=3)') == [
            "31: bought_category() has no parameter atleast. Did you mean `at_least`?"
        ]
        assert errors("bought_category(category=5)") == ["17: The parameter category does not fit. Give a text."]
        assert errors('bought_category(category="a", at_least=2.5)') == [
            "31: The parameter at_least does not fit. Give a whole number."
        ]
        assert errors('bought_category(category="a", device="tv")') == [
            "31: The parameter device does not fit. Give one of: mobile, desktop."
        ]
        assert errors('bought_category(category="a", at_least=0)') == ["1: At least one is needed."]

    def test_unknown_one_is_refused_with_the_nearest_name(self) -> None:
        assert errors('bought_categry(category="a")') == [
            "1: There is no condition `bought_categry`. Did you mean `bought_category`?"
        ]

    def test_it_describes_itself(self) -> None:
        rule = parse('bought_category(category="boots") and age > 5')
        labels = Labels(conditions=condition_types())
        assert describe(rule, labels) == "bought 1 of boots and is more than 5 years old"
        assert describe(rule) == "meets the unknown condition “bought_category” and is more than 5 years old"

    def test_another_class_cannot_take_its_name(self) -> None:
        with pytest.raises(ValueError, match="BoughtCategory already has this name"):
            register_condition("bought_category")(type("Other", (BoughtCategory,), {}))
        register_condition("bought_category")(BoughtCategory)

    def test_faulty_expansion_is_a_problem_of_the_rule(self) -> None:
        class Faulty(ConditionType):
            def expand(self, parameters: Mapping[str, Any]) -> Rule:
                return FactCondition("passwrd", "==", "a")

        register_condition("faulty")(Faulty)
        assert errors("age > 5 and faulty()")[0].startswith(
            "13: faulty() stands for a faulty rule: There is no fact `passwrd`."
        )

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (lambda: CustomCondition("broken"), "expands to itself again and again"),
            (lambda: 1 / 0, "failed: ZeroDivisionError"),
            (lambda: None, "gave no rule but NoneType"),
            (lambda: Group("all", (FactCondition("age", ">", 5),) * 1001), "1001 conditions, more than 1000"),
        ],
    )
    def test_broken_expansion_raises_one_kind_of_error(self, body: Any, message: str) -> None:
        class Broken(ConditionType):
            def expand(self, parameters: Mapping[str, Any]) -> Rule:
                return body()  # type: ignore[no-any-return]

        register_condition("broken")(Broken)
        with pytest.raises(BrokenCondition, match=message) as caught:
            expand_custom(CustomCondition("broken"))
        assert isinstance(caught.value, UnknownCondition)
        assert caught.value.kind == "broken"
        assert errors("broken()") != []

    def test_unfitting_parameters_do_not_reach_the_expansion(self) -> None:
        with pytest.raises(BrokenCondition, match="needs the parameter category"):
            expand_custom(CustomCondition("bought_category"))


def test_unknown_condition_is_named() -> None:
    with pytest.raises(UnknownCondition, match=r"There is no condition gone\(\)") as caught:
        expand_custom(Group("any", (FactCondition("age", ">", 5), CustomCondition("gone"))))
    assert caught.value.kind == "gone"


@pytest.mark.parametrize("kind", ["count", "where", "a__b", "lambda", "A", "_a", ""])
def test_names_that_rules_cannot_call_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="cannot be registered"):
        register_condition(kind)(BoughtCategory)


def test_parameters_need_names_that_can_be_written() -> None:
    class Odd(ConditionType):
        parameters = (Parameter("in"),)

        def expand(self, parameters: Mapping[str, Any]) -> Rule:
            return Group("all")

    with pytest.raises(ValueError, match="parameter 'in'"):
        register_condition("odd")(Odd)


@pytest.mark.parametrize(
    ("kind", "fitting", "unfitting"),
    [
        ("text", ["a"], [1, True, None, ("a",)]),
        ("whole", [1, -1], [Fraction(1, 2), True, "1"]),
        ("number", [1, Fraction(1, 2)], [0.5, False, "1"]),
        ("flag", [True, False], [0, "yes"]),
        ("texts", ["a", ("a", "b"), ()], [("a", 1), 5]),
        ("event", ["any"], [5]),
        ("segment", ["vip"], [None]),
    ],
)
def test_kinds_of_parameters(kind: str, fitting: list[Any], unfitting: list[Any]) -> None:
    parameter = Parameter("x", kind)
    assert [parameter.fits(value) for value in fitting] == [True] * len(fitting)
    assert [parameter.fits(value) for value in unfitting] == [False] * len(unfitting)
