"""The JSON form: literal examples, and every way in which it can be wrong, by path."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from django_microseg.profile.traits.definition import DAY, Stream, Trait, Window
from django_microseg.segment.errors import RuleFormError
from django_microseg.segment.json_form import from_json, to_json
from django_microseg.segment.rule import CustomCondition, FactCondition, Group, TraitCondition
from django_microseg.segment.text import parse

COUNT = {"trait": {"aggregate": "count", "event": "a"}, "operator": ">=", "value": 1}


def form(rule: Any) -> dict[str, Any]:
    return {"version": 1, "rule": rule}


def test_compound_rule_has_this_form() -> None:
    rule = parse(
        'count("product_viewed", where(category="footwear", local_hour=between(20, 23)), days=30) >= 1'
        ' and not (days_since("a") > 1.5 * mean_gap("a", since=event("b", where(c="d"))))'
        ' and avg("order_completed", "value") >= shop("average_order_value")'
        ' and follows("a", after="b", within_hours=36, days=(90, 180)) == 2'
        ' and share("a", of=where(coupon=known())) >= 0.8'
        ' and known(context.campaign) and country in ("de", "at") and segment("vip") and odd(x=0.5, y=True)'
    )
    assert to_json(rule) == form({
        "combinator": "all",
        "not": False,
        "rules": [
            {
                "trait": {
                    "aggregate": "count",
                    "event": "product_viewed",
                    "where": [
                        {"field": "category", "op": "eq", "values": ["footwear"]},
                        {"field": "local_hour", "op": "between", "values": [20, 23]},
                    ],
                    "window": {"days": 30},
                },
                "operator": ">=",
                "value": 1,
            },
            {
                "combinator": "all",
                "not": True,
                "rules": [{
                    "trait": {"aggregate": "days_since", "event": "a"},
                    "operator": ">",
                    "value": {
                        "trait": {
                            "aggregate": "mean_gap",
                            "event": "a",
                            "window": {
                                "since": {"event": "b", "where": [{"field": "c", "op": "eq", "values": ["d"]}]}
                            },
                        },
                        "factor": {"number": "1.5"},
                    },
                }],
            },
            {
                "trait": {"aggregate": "avg", "event": "order_completed", "field": "value"},
                "operator": ">=",
                "value": {"shop": "average_order_value"},
            },
            {
                "trait": {
                    "aggregate": "follows",
                    "event": "a",
                    "after": {"event": "b", "within": {"hours": 36}},
                    "window": {"days": [90, 180]},
                },
                "operator": "==",
                "value": 2,
            },
            {
                "trait": {
                    "aggregate": "share",
                    "event": "a",
                    "of": [{"field": "coupon", "op": "ne", "values": [""]}],
                },
                "operator": ">=",
                "value": {"number": "0.8"},
            },
            {"context": "campaign", "operator": "known"},
            {"fact": "country", "operator": "in", "value": ["de", "at"]},
            {"segment": "vip"},
            {"custom": "odd", "parameters": {"x": {"number": "0.5"}, "y": True}},
        ],
    })  # fmt: skip
    assert from_json(to_json(rule)) == rule


def test_unknown_condition_type_survives() -> None:
    rule = CustomCondition("from_an_app_long_gone", (("names", ("a", None)), ("x", Fraction(1, 2))))
    assert from_json(to_json(rule)) == rule


def test_group_of_one_and_doubled_negation_are_unwrapped() -> None:
    inner = {"fact": "age", "operator": ">", "value": 5}
    once = {"combinator": "any", "not": True, "rules": [inner]}
    assert from_json(form({"combinator": "all", "not": True, "rules": [once]})) == FactCondition("age", ">", 5)


def test_whole_numbers_become_ints_however_they_are_written() -> None:
    rule = from_json(form({"fact": "age", "operator": ">", "value": {"number": "5.0"}}))
    assert repr(rule) == "FactCondition(name='age', operator='>', value=5)"


WRONG: list[tuple[Any, str, str]] = [
    (None, "$", "Here stands null where an object is needed."),
    ({"rule": COUNT}, "$", "The key 'version' is missing."),
    ({"version": 2, "rule": COUNT}, "$.version", "The rule has version 2, but only version 1 can be read."),
    ({"version": True, "rule": COUNT}, "$.version", "The rule has version True, but only version 1 can be read."),
    ({"version": 1, "rule": COUNT, "x": 1}, "$", "The key 'x' is unknown here."),
    (form([]), "$.rule", "This is neither a group nor a condition."),
    (form({}), "$.rule", "This is neither a group nor a condition."),
    (form({"fact": "a", "context": "b"}), "$.rule", "This is neither a group nor a condition."),
    (form({"combinator": "none", "rules": []}), "$.rule.combinator", "'none' is no combinator."),
    (form({"combinator": "all", "rules": {}}), "$.rule.rules", "Here stands an object where a list is needed."),
    (
        form({"combinator": "all", "not": 1, "rules": []}),
        "$.rule.not",
        "Here stands a number where true or false is needed.",
    ),
    (form({"combinator": "all", "rules": [COUNT, 5]}), "$.rule.rules[1]", "This is neither a group nor a condition."),
    (form({**COUNT, "operator": "=~"}), "$.rule.operator", "'=~' is no operator."),
    (form({**COUNT, "value": 0.5}), "$.rule.value", "Here stands a float where an exact number is needed."),
    (form({**COUNT, "value": True}), "$.rule.value", "Here stands true or false where an exact number is needed."),
    (form({**COUNT, "value": None}), "$.rule.value", "Here stands null where an exact number is needed."),
    (form({**COUNT, "value": 10**12 + 1}), "$.rule.value", "The number is beyond 1,000,000,000,000."),
    (
        form({**COUNT, "value": {"number": "1e5"}}),
        "$.rule.value",
        "Here stands an object where an exact number is needed.",
    ),
    (form({**COUNT, "value": {"number": 5}}), "$.rule.value.number", "Here stands a number where text is needed."),
    (form({**COUNT, "value": [1]}), "$.rule.value", "The operator '>=' and its value do not fit together."),
    (form({**COUNT, "operator": "in"}), "$.rule.value", "The operator 'in' and its value do not fit together."),
    (form({**COUNT, "operator": "known"}), "$.rule", "The key 'value' is unknown here."),
    (form({"fact": "a", "operator": ">"}), "$.rule", "The key 'value' is missing."),
    (
        form({"fact": "user__password", "operator": "known"}),
        "$.rule.fact",
        "'user__password' is no name that a rule can use.",
    ),
    (
        form({"context": "__class__", "operator": "known"}),
        "$.rule.context",
        "'__class__' is no name that a rule can use.",
    ),
    (form({"fact": "lambda", "operator": "known"}), "$.rule.fact", "'lambda' is no name that a rule can use."),
    (
        form({"fact": "a", "operator": "==", "value": "x" * 201}),
        "$.rule.value",
        "The text has 201 characters, more than 200.",
    ),
    (
        form({"fact": "a", "operator": "==", "value": "a\x00b"}),
        "$.rule.value",
        "The text has a control character in it.",
    ),
    (
        form({"fact": "a", "operator": "==", "value": "\ud800"}),
        "$.rule.value",
        "The text has a control character in it.",
    ),
    (
        form({"fact": "a", "operator": "in", "value": ["x"] * 101}),
        "$.rule.value",
        "The list has 101 entries, more than 100.",
    ),
    (form({"segment": ["vip"]}), "$.rule.segment", "Here stands a list where text is needed."),
    (
        form({"custom": "f", "parameters": {"a": 1.5}}),
        "$.rule.parameters.a",
        "Here stands a float where an exact number is needed.",
    ),
    (
        form({"custom": "f", "parameters": {"a": [[1]]}}),
        "$.rule.parameters.a[0]",
        "Here stands a list where an exact number is needed.",
    ),
    (
        form({"custom": "count", "parameters": {}}),
        "$.rule.custom",
        "'count' is a function of rules, not a condition of its own.",
    ),
    (form({"custom": "f", "parameters": []}), "$.rule.parameters", "Parameters are an object of at most 100 entries."),
    (form({"custom": "f", "parameters": {"a b": 1}}), "$.rule.parameters", "'a b' is no name that a rule can use."),
    (
        form({**COUNT, "value": {"shop": "a", "factor": 0.5}}),
        "$.rule.value.factor",
        "Here stands a float where an exact number is needed.",
    ),
    (form({**COUNT, "value": {"trait": {"aggregate": "count"}}}), "$.rule.value.trait", "The key 'event' is missing."),
]

WRONG_TRAITS: list[tuple[dict[str, Any], str, str]] = [
    ({"aggregate": "median", "event": "a"}, "$.rule.trait.aggregate", "'median' is no aggregate."),
    ({"aggregate": "sum", "event": "a"}, "$.rule.trait", "sum needs the key 'field'."),
    ({"aggregate": "count", "event": "a", "field": "b"}, "$.rule.trait", "count does not take the key 'field'."),
    ({"aggregate": "share", "event": "a"}, "$.rule.trait", "share needs the key 'of'."),
    ({"aggregate": "follows", "event": "a"}, "$.rule.trait", "follows needs the key 'after'."),
    ({"aggregate": "count", "event": "a", "window": {}}, "$.rule.trait.window", "One unit of time is needed."),
    (
        {"aggregate": "count", "event": "a", "window": {"days": 1, "hours": 1}},
        "$.rule.trait.window",
        "One unit of time is needed.",
    ),
    (
        {"aggregate": "count", "event": "a", "window": {"days": 0.5}},
        "$.rule.trait.window.days[0]",
        "Here stands a float where an exact number is needed.",
    ),
    (
        {"aggregate": "count", "event": "a", "window": {"days": 5000}},
        "$.rule.trait.window.days",
        "A length of time is a whole number, at most ten years.",
    ),
    (
        {"aggregate": "count", "event": "a", "window": {"days": -1}},
        "$.rule.trait.window.days",
        "A length of time is a whole number, at most ten years.",
    ),
    (
        {"aggregate": "count", "event": "a", "window": {"days": [1, 2, 3]}},
        "$.rule.trait.window.days",
        "The list has 3 entries, more than 2.",
    ),
    (
        {"aggregate": "count", "event": "a", "window": {"since": "b"}},
        "$.rule.trait.window.since",
        "Here stands text where an object is needed.",
    ),
    (
        {"aggregate": "count", "event": "a", "where": [{"field": "b", "op": "like", "values": ["c"]}]},
        "$.rule.trait.where[0].op",
        "'like' is no test.",
    ),
    (
        {"aggregate": "count", "event": "a", "where": [{"field": "b", "op": "eq", "values": []}]},
        "$.rule.trait.where[0].values",
        "The test 'eq' takes 1 values.",
    ),
    (
        {"aggregate": "count", "event": "a", "where": [{"field": "b__c", "op": "eq", "values": ["c"]}]},
        "$.rule.trait.where[0].field",
        "'b__c' is no name that a rule can use.",
    ),
    (
        {"aggregate": "follows", "event": "a", "after": {"event": "b", "within": {"days": [1, 2]}}},
        "$.rule.trait.after.within",
        "One length of time is needed, not two.",
    ),
]


@pytest.mark.parametrize(("data", "path", "message"), WRONG)
def test_wrong_form_is_refused_by_path(data: Any, path: str, message: str) -> None:
    with pytest.raises(RuleFormError) as caught:
        from_json(data)
    assert (caught.value.path, caught.value.message) == (path, message)


@pytest.mark.parametrize(("trait", "path", "message"), WRONG_TRAITS)
def test_wrong_trait_is_refused_by_path(trait: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(RuleFormError) as caught:
        from_json(form({**COUNT, "trait": trait}))
    assert (caught.value.path, caught.value.message) == (path, message)


def test_path_may_start_elsewhere() -> None:
    with pytest.raises(RuleFormError, match=r"^\$\.segments\[3\]\.rule\.rule: This is neither"):
        from_json(form({}), path="$.segments[3].rule")


def test_eight_levels_are_read_and_nine_are_not() -> None:
    def nested(levels: int) -> Any:
        return COUNT if levels == 0 else {"combinator": "all", "rules": [nested(levels - 1)]}

    from_json(form(nested(8)))
    with pytest.raises(RuleFormError, match="more than 8 deep"):
        from_json(form(nested(9)))


def test_hundred_conditions_are_read_and_one_more_is_not() -> None:
    group = {"combinator": "any", "rules": [COUNT] * 50}
    from_json(form({"combinator": "all", "rules": [group, group]}))
    with pytest.raises(RuleFormError, match="101 conditions, more than 100"):
        from_json(form({"combinator": "all", "rules": [group, group, COUNT]}))


def test_tree_that_has_no_form_is_refused_on_the_way_out() -> None:
    odd_window = Trait("count", Stream("a"), Window(0, 1))
    with pytest.raises(ValueError, match="no whole minutes"):
        to_json(TraitCondition(odd_window, ">=", 1))
    with pytest.raises(ValueError, match="needs a start"):
        to_json(TraitCondition(Trait("count", Stream("a"), Window(DAY, None)), ">=", 1))
    with pytest.raises(ValueError, match="disagree on what comes before"):
        to_json(TraitCondition(Trait("follows", Stream("a")), ">=", 1))
    with pytest.raises(TypeError, match="cannot hold float"):
        to_json(FactCondition("age", ">", 0.5))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot be written as a decimal"):
        to_json(Group("all", (FactCondition("age", ">", Fraction(1, 3)), FactCondition("age", ">", 1))))
