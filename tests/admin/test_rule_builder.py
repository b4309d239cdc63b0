"""What the rule builder asks: the description of rules, a rule in its other forms, values to choose from."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from django_microseg.collect.events import catalogue
from django_microseg.profile.models import Fact
from django_microseg.profile.population import POPULATION
from django_microseg.segment import rule as rules
from django_microseg.segment.aggregates import AGGREGATES, OPERATORS
from django_microseg.segment.builder import wording
from django_microseg.segment.conditions import ConditionType, Parameter, register_condition, unregister_condition
from django_microseg.segment.context_catalogue import CONTEXTS
from django_microseg.segment.exact import UNITS
from django_microseg.segment.json_form import to_json
from django_microseg.segment.json_reader import TEST_OPS
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.text import parse
from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.current import use_shop
from django_microseg.shop.values import CategoryInfo, ProductInfo

pytestmark = pytest.mark.django_db

ROOT = "/admin/django_microseg/segment/"
DESCRIPTION, RULE, VALUES = ROOT + "builder/", ROOT + "builder-rule/", ROOT + "builder-values/"
BUYERS = 'count("order_completed") >= 1'
MOST_BYTES = 15_000


@pytest.fixture
def author(staff: Any) -> Any:
    return staff("view_segment", "change_segment")


def _values(browser: Any, **asked: str) -> list[str]:
    return [each["value"] for each in browser.get(VALUES, asked).json()["values"]]


# -- who may ask


@pytest.mark.parametrize("permissions", [("change_segment",), ("view_segment", "add_segment")])
def test_whoever_writes_rules_may_ask(staff: Any, permissions: tuple[str, ...]) -> None:
    browser = staff(*permissions)
    assert browser.get(DESCRIPTION).status_code == 200
    assert browser.post(RULE, {"text": BUYERS}).status_code == 200
    assert browser.get(VALUES, {"subject": "segment"}).status_code == 200


@pytest.mark.parametrize("permissions", [("view_segment",), ("view_profile", "change_profile"), ()])
def test_nobody_else_may(staff: Any, permissions: tuple[str, ...]) -> None:
    browser = staff(*permissions)
    assert browser.get(DESCRIPTION).status_code == 403
    assert browser.post(RULE, {"text": BUYERS}).status_code == 403
    assert browser.get(VALUES, {"subject": "segment"}).status_code == 403


def test_strangers_are_asked_to_log_in(client: Any) -> None:
    assert "/login/" in client.get(DESCRIPTION).url
    assert "/login/" in client.post(RULE, {"text": BUYERS}).url


def test_each_address_takes_one_method(author: Any) -> None:
    assert author.post(DESCRIPTION).status_code == 403
    assert author.get(RULE).status_code == 403
    assert author.post(VALUES).status_code == 403


def test_form_brings_the_builder_to_whoever_writes_rules(owner: Any, staff: Any, make_segment: Any) -> None:
    change = f"{ROOT}{make_segment('buyers', BUYERS).pk}/change/"
    for page in (change, ROOT + "add/"):
        assert "<microseg-rule-builder" in owner.get(page).text
        assert "rule_builder.js" in owner.get(page).text
    assert "rule-builder" not in staff("view_segment").get(change).text


def test_script_is_small() -> None:
    script = Path(str(finders.find("django_microseg/rule_builder.js"))).read_bytes()
    assert len(gzip.compress(script, 9)) <= MOST_BYTES


# -- the description


def test_description_has_everything_that_a_rule_may_say(author: Any) -> None:
    said = author.get(DESCRIPTION).json()
    assert {each["name"] for each in said["figures"]} == set(AGGREGATES)
    assert {each["name"] for each in said["events"]} == {*catalogue().events, *catalogue().groups}
    assert {each["name"] for each in said["contexts"]} == set(CONTEXTS)
    assert {each["name"] for each in said["shop"]} == set(POPULATION)
    assert {name for name, _ in said["units"]} == set(UNITS)
    tests = {name for each in said["tests"].values() for name, _ in each}
    assert tests == {*TEST_OPS, "known"}
    operators = [*said["operators"].values(), *said["figure_operators"].values(), said["presence"]]
    assert {name for each in operators for name, _ in each} == OPERATORS


def test_every_kind_of_condition_and_operand_has_a_control() -> None:
    """A new one must be built into rule_builder.js, and then named here."""
    kinds = {"TraitCondition", "FactCondition", "ContextCondition", "SegmentCondition", "CustomCondition"}
    assert {each.__name__ for each in get_args(rules.Condition)} == kinds
    operands = {"TraitOperand", "PopulationOperand", "str", "int", "Fraction", "tuple"}
    assert {getattr(each, "__name__", "") for each in get_args(rules.Operand)} == operands
    assert set(wording.WINDOWS) == {"all", "last", "between", "since"}


def test_nothing_is_without_words() -> None:
    assert set(wording.FIGURES) == set(AGGREGATES)
    assert set(wording.OPERATORS) == OPERATORS
    assert set(wording.TESTS) == {*TEST_OPS, "known"}
    assert set(wording.UNITS) == set(UNITS)


def test_script_and_its_words_know_each_other() -> None:
    script = Path(str(finders.find("django_microseg/rule_builder.js"))).read_text()
    said = {*re.findall(r"\bwords\.(\w+)", script), *re.findall(r"say\(\"(\w+)\"", script)}
    assert said <= set(wording.WORDS)
    mentioned = set(re.findall(r"\w+", script))
    assert [name for name in wording.WORDS if name not in mentioned] == []


def test_what_is_offered_fits_the_kind(author: Any) -> None:
    said = author.get(DESCRIPTION).json()
    facts = {each["name"]: each for each in said["facts"]}
    assert said["operators"][facts["birthday"]["kind"]] == []
    assert [name for name, _ in said["figure_operators"]["duration"]] == [">=", ">", "<=", "<"]
    assert [name for name, _ in said["tests"]["label"]] == ["eq", "ne", "in", "not_in", "known"]
    assert "health" not in facts
    assert facts["gender"]["picker"] is True
    assert "picker" not in said["fields"]["order"]
    assert said["fields"]["local_weekday"]["choices"][6] == [6, "Sunday"]


def test_description_has_the_conditions_of_the_shop(author: Any) -> None:
    @register_condition("bought_so_often")
    class BoughtSoOften(ConditionType):
        label = "bought so often"
        parameters = (Parameter("times", "whole", default=2), Parameter("what", choices=("boots", "hats")))

        def expand(self, parameters: Any) -> Any:
            return parse(BUYERS)

    try:
        (said,) = author.get(DESCRIPTION).json()["custom"]
    finally:
        unregister_condition("bought_so_often")
    assert said["label"] == "bought so often"
    assert said["parameters"][0] == {
        "name": "times", "label": "times", "kind": "whole", "choices": [], "required": False, "default": 2,
    }  # fmt: skip
    assert said["parameters"][1]["choices"] == [["boots", "boots"], ["hats", "hats"]]


def test_description_and_answer_cost_the_same_whatever_there_is(
    author: Any, make_segment: Any, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        make_segment(f"segment-{number}", BUYERS)
    author.get(DESCRIPTION)
    with django_assert_num_queries(6):  # session, user, two of permissions, segments for rules and for words
        author.get(DESCRIPTION)
    with django_assert_num_queries(6):
        author.post(RULE, {"text": 'segment("segment-1") and segment("segment-2")'})


# -- a rule in its other forms


def test_text_becomes_a_tree(author: Any) -> None:
    said = author.post(RULE, {"text": f"{BUYERS} and  age >= 18"}).json()
    assert said["form"] == to_json(parse(f"{BUYERS} and age >= 18"))
    assert said["text"] == f"{BUYERS} and  age >= 18"
    assert said["sentence"] == "bought at least once and is at least 18 years old"
    assert said["conditions"][1] == {"text": "age >= 18", "words": "is at least 18 years old"}
    assert said["errors"] == []


def test_tree_becomes_a_text(author: Any) -> None:
    said = author.post(RULE, {"rule": json.dumps(to_json(parse(BUYERS)))}).json()
    assert (said["text"], said["sentence"], said["errors"]) == (BUYERS, "bought at least once", [])
    assert (Segment.objects.count(), SegmentVersion.objects.count()) == (0, 0)


def test_text_that_cannot_be_read_is_pointed_at(author: Any) -> None:
    said = author.post(RULE, {"text": "age >= "}).json()
    assert said["form"] is None
    assert said["errors"][0]["message"] == "The rule breaks off here. Something is missing at its end."
    assert "^" in said["errors"][0]["excerpt"]


def test_mistake_says_which_condition_it_is_about(author: Any) -> None:
    said = author.post(RULE, {"text": f'{BUYERS} and (age >= 18 or count("order_complete") >= 1)'}).json()
    (error,) = said["errors"]
    assert error["condition"] == 2
    assert error["message"].startswith('There is no event "order_complete". Did you mean')
    assert said["sentence"] == ""
    assert said["form"] is not None


def test_unfinished_tree_has_a_text_that_cannot_be_saved(author: Any, owner: Any) -> None:
    form = {"version": 1, "rule": {"fact": "gender", "operator": "==", "value": " "}}
    said = author.post(RULE, {"rule": json.dumps(form)}).json()
    assert said["text"] == 'gender == " "'
    assert said["form"] == form
    assert said["errors"][0]["condition"] == 0
    assert author.post(RULE, {"text": said["text"]}).json()["form"] == form
    given = {"name": "New", "slug": "new", "rule_text": said["text"], "state": "draft", "note": ""}
    assert owner.post(f"{ROOT}add/", given).context["adminform"].form.errors.keys() == {"rule_text"}
    assert not Segment.objects.exists()
    assert owner.post(f"{ROOT}add/", {**given, "rule_text": BUYERS}).status_code == 302


@pytest.mark.parametrize("tree", ["{", "[]", '{"version": 1, "rule": {"fact": "age"}}', "[" * 5000, '{"version": 2}'])
def test_tree_that_is_none_is_refused_with_a_word(author: Any, tree: str) -> None:
    said = author.post(RULE, {"rule": tree}).json()
    assert said["form"] is said["text"] is None
    assert said["errors"][0]["message"]


def test_too_long_a_rule_is_not_read(author: Any) -> None:
    said = author.post(RULE, {"rule": "9" * 400_001}).json()
    assert said["errors"][0]["message"] == "The rule is too long. Split it into segments that use each other."


@pytest.mark.parametrize(
    ("size", "said"),
    [(20_000, []), (20_001, ["As a text the rule has 20,001 characters, more than 20,000. Split it"])],
)
def test_tree_of_a_longer_text_than_can_be_saved_is_refused(author: Any, size: int, said: list[str]) -> None:
    values = [*(f"{number:0200}" for number in range(97)), "x" * (size - 19_802)]
    form = {"version": 1, "rule": {"fact": "gender", "operator": "in", "value": values}}
    answer = author.post(RULE, {"rule": json.dumps(form)}).json()
    assert len(answer["text"]) == size
    assert [error["message"].partition(" into")[0] for error in answer["errors"]] == said
    assert bool(answer["sentence"]) is not bool(said)


def test_circle_through_the_segment_itself_is_found(author: Any, make_segment: Any) -> None:
    make_segment("vip", BUYERS)
    text = 'segment("vip")'
    (error,) = author.post(RULE, {"text": text, "slug": "vip"}).json()["errors"]
    assert "circle" in error["message"]
    assert author.post(RULE, {"text": text, "slug": "other"}).json()["errors"] == []


# -- values


class _Shop(ShopAdapter):
    def products(self, keys: Any) -> Any:
        return {key: ProductInfo(key, "Hill Boot") for key in keys if key == "boot-1"}

    def categories(self) -> tuple[CategoryInfo, ...]:
        return (CategoryInfo("hats", "Warm hats"),)


def test_values_are_those_of_the_latest_events_the_most_frequent_first(author: Any, happen: Any) -> None:
    for brand in ("tarnway", "Karstwell", "karstwell"):
        happen("product_viewed", visitor="visitor-number-one", product_id="boot-1", brand=brand)
    happen("product_added", visitor="visitor-number-one", product_id="boot-1", brand="elsewhere")
    asked = {"subject": "field", "name": "brand", "event": "product_viewed"}
    assert _values(author, **asked) == ["karstwell", "tarnway"]
    assert _values(author, **asked, start=" KAR") == ["karstwell"]
    assert _values(author, **asked, start="arst") == []
    assert "elsewhere" in _values(author, subject="field", name="brand", event="any")


def test_products_and_categories_are_found_by_the_shops_words(author: Any, happen: Any) -> None:
    happen("product_viewed", visitor="visitor-number-one", product_id="boot-1", category="boots")
    happen("product_viewed", visitor="visitor-number-one", product_id="gone-2")
    with use_shop(_Shop()):
        product = author.get(
            VALUES, {"subject": "field", "name": "product", "event": "product_viewed", "start": "boot"}
        )
        assert product.json()["values"] == [{"value": "boot-1", "label": "Hill Boot"}]
        asked = {"subject": "field", "name": "category", "event": "product_viewed"}
        assert _values(author, **asked) == ["hats", "boots"]
        assert _values(author, **asked, start="warm") == ["hats"]


@pytest.mark.parametrize(("people", "offered"), [(2, []), (3, ["hemp shoes"])])
def test_what_people_wrote_is_offered_once_three_share_it(
    author: Any, happen: Any, people: int, offered: list[str]
) -> None:
    for number in range(people):
        happen("products_searched", visitor=f"visitor-number-{number}", query="Hemp shoes")
    assert _values(author, subject="field", name="query", event="products_searched") == offered


@pytest.mark.parametrize(("people", "offered"), [(2, []), (3, ["leeds"])])
def test_what_people_said_of_themselves_is_offered_once_three_share_it(
    author: Any, happen: Any, people: int, offered: list[str]
) -> None:
    for number in range(people):
        profile = happen("page_viewed", visitor=f"visitor-number-{number}")
        said = {"name": "city", "text": "leeds", "source": "form", "valid_from": timezone.now()}
        Fact.objects.create(profile=profile, origin=profile, **said)
    assert _values(author, subject="fact", name="city") == offered


def test_personal_keys_and_unknown_names_have_no_values(author: Any, happen: Any) -> None:
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    assert _values(author, subject="field", name="order", event="order_completed") == []
    assert _values(author, subject="field", name="brand", event="no_event") == []
    assert _values(author, subject="fact", name="health") == []
    assert _values(author, subject="fact", name="account") == []
    assert _values(author, subject="context", name="page") == []
    assert _values(author, subject="nonsense", name="brand") == []


def test_segments_are_found_by_name_and_slug_but_archived_ones_are_not(author: Any, make_segment: Any) -> None:
    make_segment("vip", BUYERS, name="Best customers")
    make_segment("new-ones", BUYERS, name="Visitors of today")
    Segment.objects.create(slug="vip-old", name="Old best", state=Segment.State.ARCHIVED)
    assert _values(author, subject="segment") == ["vip", "new-ones"]
    assert _values(author, subject="segment", start="vi") == ["vip", "new-ones"]
    assert _values(author, subject="segment", start="cust") == ["vip"]


@pytest.mark.parametrize(
    ("subject", "name", "most"),
    [
        ("segment", "", 5),
        ("field", "brand", 5),
        ("field", "query", 5),
        ("fact", "gender", 6),
        ("context", "campaign", 6),
    ],
)
def test_values_cost_few_queries(
    author: Any, django_assert_max_num_queries: Any, subject: str, name: str, most: int
) -> None:
    with django_assert_max_num_queries(most):
        author.get(VALUES, {"subject": subject, "name": name, "event": "products_searched"})


def test_at_most_twenty_are_offered(author: Any, happen: Any) -> None:
    for number in range(22):
        happen("product_viewed", visitor="visitor-number-one", product_id="boot-1", brand=f"brand {number}")
    assert len(_values(author, subject="field", name="brand", event="product_viewed")) == 20
