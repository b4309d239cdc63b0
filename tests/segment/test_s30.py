"""S30 word for word: "returning female customers 28-32 who browsed eco-friendly footwear on mobile after 8 pm".

The browsing is one filter on one past event: the product's attribute and category, the device and the hour on
the visitor's own clock. The age follows from the birthday.
"""

from __future__ import annotations

from django_microseg.profile.traits.definition import Stream, Trait
from django_microseg.profile.traits.definition import Test as EventTest
from django_microseg.segment.json_form import from_json, to_json
from django_microseg.segment.rule import FactCondition, Group, SegmentCondition, TraitCondition
from django_microseg.segment.sentence import Labels, describe
from django_microseg.segment.text import find_errors, parse, render
from tests.segment.words import vocabulary

TEXT = (
    'segment("returning-customer") and gender == "female" and 28 <= age <= 32 and count("product_viewed", '
    'where(category="footwear", attribute="eco-friendly", device="mobile", local_hour=at_least(20))) >= 1'
)
TREE = Group(
    "all",
    (
        SegmentCondition("returning-customer"),
        FactCondition("gender", "==", "female"),
        FactCondition("age", ">=", 28),
        FactCondition("age", "<=", 32),
        TraitCondition(
            Trait(
                "count",
                Stream(
                    "product_viewed",
                    (
                        EventTest("category", "eq", ("footwear",)),
                        EventTest("attribute", "eq", ("eco-friendly",)),
                        EventTest("device", "eq", ("mobile",)),
                        EventTest("local_hour", "ge", (20,)),
                    ),
                ),
            ),
            ">=",
            1,
        ),
    ),
)
SENTENCE = (
    "is in the segment “Returning customers” and has “female” as gender and is between 28 and 32 years old and "
    "viewed a product (category footwear, attribute eco-friendly, on a phone, from 20:00) at least once"
)


def test_its_four_faces_agree() -> None:
    assert parse(TEXT) == TREE
    assert render(TREE) == TEXT
    assert from_json(to_json(TREE)) == TREE
    assert describe(TREE, Labels(segments={"returning-customer": "Returning customers"})) == SENTENCE


def test_only_the_segment_must_be_installed() -> None:
    (error,) = find_errors(TEXT, vocabulary())
    assert error.message == 'There is no segment "returning-customer".'
