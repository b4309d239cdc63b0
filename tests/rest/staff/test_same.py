"""What the API says is what the admin says: the same figures, sentences, names and reasons."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from django_microseg.collect.in_words import money_in_words
from django_microseg.segment.aggregates import OPERATORS
from django_microseg.segment.builder.description import describe_vocabulary
from django_microseg.segment.conditions import (
    ConditionType,
    Parameter,
    condition_types,
    register_condition,
    unregister_condition,
)
from django_microseg.segment.explain import explain
from django_microseg.segment.json_form import from_json
from django_microseg.segment.json_reader import TEST_OPS
from django_microseg.segment.models import Segment
from django_microseg.segment.patience import Patience, TooMuch
from django_microseg.segment.text import parse
from django_microseg.segment.validate import validate
from django_microseg.segment.vocabulary import build_labels, build_vocabulary
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, call, done

pytestmark = pytest.mark.django_db

ADMIN = "/admin/django_microseg/segment/"
#: Of ada, who has bought, and a visitor, who has looked.
RULES = [
    (BOUGHT, 1, "1 person, 50.0 % of 2"),
    ("everyone()", 2, "2 people: everybody there is"),
    ("nobody()", 0, "Nobody, of 2 people"),
    ('count("product_viewed", days=30) >= 1 or age < 30', 1, "1 person, 50.0 % of 2"),
    ('sum("order_completed", "value") >= 20 and not segment("bought")', 0, "Nobody, of 2 people"),
]


@pytest.mark.parametrize(("rule", "size", "line"), RULES)
def test_preview_finds_what_the_admins_panel_finds(owner, bought, rule, size, line):
    said = owner.post(f"{ADMIN}preview/", {"rule_text": rule}).json()
    found = done(owner, "POST", "preview/", {"rule": rule})
    assert (said["lines"][0], found["size"], found["people"], found["share"]) == (line, size, 2, size / 2)
    assert found["sentence"] in said["sentence"]
    assert [each["name"] for each in said["people"]] == [each["name"] for each in found["sample"]]


def test_near_misses_mixes_and_overlap_are_those_of_the_admins_panel(owner, bought, happen):
    for name in ("bea", "cleo"):
        happen("order_completed", customer=name, order_id=name, revenue="20", currency="GBP", device="phone")
    rule = 'count("order_completed") >= 1 and count("product_viewed") >= 1 or count("order_completed") >= 2'
    said = owner.post(f"{ADMIN}preview/", {"rule_text": BOUGHT, "overlap": "bought"}).json()
    found = done(owner, "POST", "preview/", {"rule": BOUGHT, "overlap": "bought"})
    assert found["overlap"] == {"slug": "bought", "other": 3, "both": 3, "margin": 0}
    assert said["overlap"][0] == "3 are in “Bought” too"
    assert [(each["name"], each["inside"], each["rows"]) for each in found["mixes"]] == [
        ("device", 2, [{"value": "phone", "inside": 1.0, "everybody": 1.0, "index": None}])
    ]
    assert [row["name"] for row in said["mixes"][0]["rows"]] == ["phone"]
    told = owner.post(f"{ADMIN}preview/", {"rule_text": rule}).json()["near"]
    near = done(owner, "POST", "preview/", {"rule": rule})["near"]
    nearest = '(count("order_completed") >= 1 and count("product_viewed") >= 1) or count("order_completed") >= 1'
    assert [each["rule"] for each in told] == [nearest]
    assert [(each["rule"], each["people"]) for each in near] == [(nearest, 3)]


def test_segment_to_compare_with_must_be_in_force(owner, bought):
    response = call(owner, "POST", "preview/", {"rule": BOUGHT, "overlap": "nothing"})
    assert (code_of(response), response.json()["errors"][0]["pointer"]) == ((422, "invalid"), "#/overlap")
    assert done(owner, "POST", "preview/", {"rule": BOUGHT})["overlap"] is None


def test_too_much_to_count_is_said_and_may_be_asked_again(owner, bought, monkeypatch):
    def give_up(patience: Patience) -> None:
        raise TooMuch

    monkeypatch.setattr(Patience, "go_on", give_up)
    response = call(owner, "POST", "preview/", {"rule": BOUGHT})
    assert (code_of(response), response.headers["Retry-After"]) == ((503, "unavailable"), "5")
    assert response.json()["detail"].startswith("There is too much to count just now.")


def test_preview_has_the_admins_money(owner, bought):
    (_, _, buying) = owner.post(f"{ADMIN}preview/", {"rule_text": BOUGHT}).json()["lines"]
    found = done(owner, "POST", "preview/", {"rule": BOUGHT})
    assert f"{found['inside']['average_order']} {found['currency']}" == money_in_words(2000)
    assert f"{money_in_words(2000)} an order" in buying


@pytest.mark.parametrize("rule", ['count("order_complete") >= 1', "agee > 3", "(", 'segment("nothing")'])
def test_mistake_is_the_one_that_the_admins_form_points_at(owner, bought, rule):
    (said,) = owner.post(f"{ADMIN}preview/", {"rule_text": rule}).json()["errors"]
    (error,) = call(owner, "POST", "preview/", {"rule": rule}).json()["errors"]
    assert said["text"] == f"{error['detail']} (line {error['line']}, column {error['column']})"
    assert said["excerpt"] == error["excerpt"]


def test_list_says_the_sentences_and_sizes_of_the_admins_list(owner, bought, make_segment):
    make_segment("draft", 'count("app_opened") >= 2', is_active=False)
    page = owner.get(ADMIN).text
    for segment in done(owner, "GET", "segments/")["results"]:
        assert f"somebody who {segment['newest']['sentence']}" in page
    assert '<span class="microseg-size">1</span>' in page
    assert done(owner, "GET", "segments/bought/")["size"] == 1


def test_explanation_is_the_one_of_the_persons_page(owner, bought, ada, visitor):
    for profile in (ada, visitor):
        told = done(owner, "POST", "segments/bought/explain/", {"profile": str(profile.key)})
        segment = Segment.objects.select_related("live_version").get(slug="bought")
        expected = explain(profile, segment, now=_moment(told["now"])).to_json()
        assert {**told, "profile_id": profile.pk} == {
            **expected, "profile": str(profile.key), "customer": profile.customer_key, "name": str(profile),
        }  # fmt: skip


def test_segment_that_the_api_published_looks_in_the_admin_as_if_it_were_published_there(owner, bought):
    done(owner, "POST", "segments/", {"slug": "twin", "name": "Twin", "rule": BOUGHT})
    done(owner, "POST", "segments/twin/publish/", seen="*")
    twin = Segment.objects.get(slug="twin")
    assert (twin.state, twin.size, twin.size_identified) == (bought.state, bought.size, bought.size_identified)
    members = [set(each.memberships.values_list("profile", flat=True)) for each in (twin, bought)]
    assert members[0] == members[1]


def test_fields_are_the_names_that_rules_are_judged_by(owner, bought):
    fields, known = done(owner, "GET", "fields/"), build_vocabulary()
    names = {kind: [each["name"] for each in fields[kind]] for kind in ("events", "facts", "context", "shop")}
    assert names == {
        "events": list(known.events), "facts": list(known.facts), "context": list(known.contexts),
        "shop": list(known.population),
    }  # fmt: skip
    event = next(each for each in fields["events"] if each["name"] == "order_completed")
    assert {each["name"] for each in event["filters"]} == set(known.events["order_completed"].filters)
    assert fields["segments"] == [{"slug": "bought", "name": "Bought", "state": "active"}]


def test_operators_of_facts_and_context_are_those_that_the_admins_builder_offers(owner):
    fields, known = done(owner, "GET", "fields/"), build_vocabulary()
    offered = describe_vocabulary(known, build_labels())["operators"]
    terms = [*fields["facts"], *fields["context"]]
    for term in terms:
        assert set(term["operators"]) == {*dict(offered[term["kind"]]), "known", "unknown"}, term["name"]
    assert {term["kind"] for term in terms} >= {"text", "date"}


def is_fitting(known, trait, operator=">=", value=None):
    """Whether a figure may be compared so, whatever the value."""
    compared = {"value": ["x"] if operator in ("in", "not_in") else "x"} if value is None else {"value": value}
    compared = {} if operator in ("known", "unknown") else compared
    rule = from_json({"version": 1, "rule": {"trait": trait, "operator": operator, **compared}})
    return not {problem.code for problem in validate(rule, known)} & {"wrong-operator", "unknown-operator"}


def test_tests_of_a_filter_are_those_that_it_may_ask(owner):
    fields, known, wrong = done(owner, "GET", "fields/"), build_vocabulary(), []
    for event in fields["events"]:
        for term, op in product(event["filters"], TEST_OPS):
            where = [{"field": term["name"], "op": op, "values": ["x", "y"] if op == "between" else ["x"]}]
            trait = {"aggregate": "count", "event": event["name"], "where": where}
            if is_fitting(known, trait, value=1) is not (op in term["operators"]):
                wrong.append((event["name"], term["name"], op))
    assert wrong == []
    assert {term["kind"] for event in fields["events"] for term in event["filters"]} >= {"text", "money"}


def test_operators_of_aggregates_and_of_what_they_take_are_those_that_a_figure_may_be_compared_by(owner):
    fields, known, wrong = done(owner, "GET", "fields/"), build_vocabulary(), []
    kinds = {"number": ("number", "money", "measure"), "text": ("text", "key")}
    for event in fields["events"]:
        for each in (each for each in fields["aggregates"] if each["field"]):
            for term in (term for term in event["aggregated"] if term["kind"] in kinds[each["field"]]):
                own = term["operators"] if each["kind"] == "field" else []
                for operator in OPERATORS:
                    trait = {"aggregate": each["name"], "event": event["name"], "field": term["name"]}
                    if is_fitting(known, trait, operator) is not (operator in {*own, *each["operators"]}):
                        wrong.append((event["name"], each["name"], term["name"], operator))
    assert wrong == []


def test_operators_of_figures_without_a_property_and_of_the_shops_are_those_that_fit(owner):
    fields, known = done(owner, "GET", "fields/"), build_vocabulary()
    plain = [each for each in fields["aggregates"] if not (each["field"] or each["takes_part"] or each["takes_after"])]
    assert {each["name"] for each in plain} >= {"count", "days_since", "mean_gap"}
    for each in plain:
        trait = {"aggregate": each["name"], "event": "order_completed"}
        assert set(each["operators"]) == {op for op in OPERATORS if is_fitting(known, trait, op)}, each["name"]
    assert {tuple(each["operators"]) for each in fields["shop"]} == {("<", "<=", ">", ">=", "==", "!=")}


def test_each_example_of_the_fields_is_a_rule_that_is_taken(owner):
    for aggregate in done(owner, "GET", "fields/")["aggregates"]:
        assert call(owner, "POST", "preview/", {"rule": aggregate["example"]}).status_code == 200, aggregate["name"]


@pytest.mark.usefixtures("_own_condition")
def test_condition_of_the_shops_own_is_among_the_fields_with_its_parameters(owner):
    (condition,) = done(owner, "GET", "fields/")["conditions"]
    assert (condition["name"], condition["label"]) == ("bought_often", "bought often")
    times, since = condition["parameters"]
    assert times == {
        "name": "times", "kind": "whole", "label": "how often", "is_required": True, "default": None, "choices": [],
    }  # fmt: skip
    assert (since["label"], since["is_required"], since["default"]) == ("since", False, "ever")
    assert since["choices"] == ["ever", "year"]
    assert done(owner, "POST", "preview/", {"rule": "bought_often(times=2)"})["text"] == "bought_often(times=2)"


@pytest.fixture
def _own_condition():
    others = dict(condition_types())
    for name in others:
        unregister_condition(name)

    @register_condition("bought_often")
    class BoughtOften(ConditionType):
        label = "bought often"
        parameters = (
            Parameter("times", "whole", "how often"),
            Parameter("since", default="ever", choices=("ever", "year")),
        )

        def expand(self, parameters):
            return parse(f'count("order_completed") >= {parameters["times"]}')

    yield
    unregister_condition("bought_often")
    for name, each in others.items():
        register_condition(name)(type(each))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
