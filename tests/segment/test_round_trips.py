"""JSON and text each read back into the same tree, for generated rules of every kind."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from django_microseg.segment.json_form import from_json, to_json
from django_microseg.segment.normal import normalise
from django_microseg.segment.rule import Rule, conditions_of
from django_microseg.segment.sentence import describe
from django_microseg.segment.text import find_errors, parse, render
from django_microseg.segment.validate import validate
from tests.effort import cases
from tests.segment.words import vocabulary
from tests.strategies.rules import custom_conditions, rules

WORDS = vocabulary()
valid_rules = rules(WORDS)
any_rules = rules(WORDS, extra=custom_conditions())
many = settings(max_examples=cases(quick=60, ci=500))


@many
@given(any_rules)
def test_text_reads_back_into_the_same_tree(rule: Rule) -> None:
    assert parse(render(rule)) == normalise(rule)


@many
@given(any_rules)
def test_json_reads_back_into_the_same_tree(rule: Rule) -> None:
    form = json.loads(json.dumps(to_json(rule)))
    assert from_json(form) == normalise(rule)
    assert to_json(from_json(form)) == form


@many
@given(any_rules)
def test_text_is_one_line_and_settles_at_once(rule: Rule) -> None:
    text = render(rule)
    assert "\n" not in text
    assert render(parse(text)) == text


@many
@given(any_rules)
def test_normal_form_is_settled_and_keeps_every_condition_in_order(rule: Rule) -> None:
    normal = normalise(rule)
    assert normalise(normal) == normal
    kept = [normalise(condition) for condition in conditions_of(rule)]
    assert list(conditions_of(normal)) == kept


@many
@given(valid_rules)
def test_generated_rules_are_valid_as_tree_and_as_text(rule: Rule) -> None:
    assert validate(rule, WORDS) == []
    assert find_errors(render(rule), WORDS) == []


@many
@given(any_rules)
def test_every_rule_has_a_sentence(rule: Rule) -> None:
    assert describe(rule)


@settings(max_examples=cases(quick=30, ci=200))
@given(any_rules, st.data())
def test_json_keys_may_come_in_any_order(rule: Rule, data: st.DataObject) -> None:
    """PostgreSQL's jsonb sorts keys its own way."""
    shuffled = _shuffled(to_json(rule), data)
    assert from_json(shuffled) == normalise(rule)


def _shuffled(form: object, data: st.DataObject) -> object:
    if isinstance(form, list):
        return [_shuffled(item, data) for item in form]
    if isinstance(form, dict):
        return {key: _shuffled(form[key], data) for key in data.draw(st.permutations(list(form)))}
    return form
