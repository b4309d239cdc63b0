"""Templates of packs: every rule is one that any shop can evaluate, and says what it is for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from django_microseg.segment.errors import InvalidRule
from django_microseg.segment.presets import PACKS, PRESETS, TEMPLATES, preset_rule, preset_text, typed_value
from django_microseg.segment.text import find_errors, parse
from django_microseg.segment.validate import validate
from django_microseg.segment.vocabulary import build_vocabulary

PACKED = [preset.slug for pack in PACKS for preset in pack.presets]


def test_five_trades_with_five_to_eight_each():
    assert [pack.slug for pack in PACKS] == ["fashion", "grocery", "electronics", "beauty", "b2b"]
    assert {5 <= len(pack.presets) <= 8 for pack in PACKS} == {True}


def test_no_slug_is_given_twice():
    assert (len(set(PACKED)), len(TEMPLATES)) == (len(PACKED), len(PACKED) + len(PRESETS))


@pytest.mark.parametrize("slug", PACKED)
def test_rule_is_one_that_any_shop_can_evaluate(slug):
    vocabulary, text = build_vocabulary({}), preset_text(slug)
    assert (find_errors(text, vocabulary), validate(parse(text), vocabulary)) == ([], [])


@pytest.mark.parametrize("slug", PACKED)
def test_each_says_why_it_matters_and_what_to_do(slug):
    preset = TEMPLATES[slug]
    assert all((preset.description, preset.why, preset.action))


@pytest.mark.parametrize("slug", PRESETS)
def test_each_preset_says_what_to_do(slug):
    assert TEMPLATES[slug].action


def test_words_of_the_shop_are_filled_in_and_quoted():
    text = preset_text("fashion-half-outfit", has='coats "long"', lacks="hats")
    assert 'where(category="coats \\"long\\"")' in text
    assert 'where(category="hats")' in text


@pytest.mark.parametrize(
    ("typed", "value"), [("3", 3), ("0.5", Fraction(1, 2)), ("3.0", 3), ("three", "three"), ("inf", "inf"), ("", "")]
)
def test_what_somebody_typed_is_read_as_a_number_where_it_is_one(typed, value):
    found = typed_value(typed)
    assert found == value


@pytest.mark.parametrize("values", [{"orders": "three"}, {"orders": 0}, {"share": -1}, {"nothing": 1}])
def test_a_value_that_does_not_fit_is_refused(values):
    with pytest.raises(InvalidRule):
        preset_rule("fashion-return-much", **values)
