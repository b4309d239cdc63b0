"""What is wrong with a rule is pointed at: in a text by line and column, in a tree by its path."""

from __future__ import annotations

import copy
import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.segment.models import Segment, SegmentVersion
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, BOUGHT_TREE, call, create, done

pytestmark = pytest.mark.django_db

WRONG = f'{BOUGHT}\nand count("order_complete") >= 1'


def errors_of(response):
    assert code_of(response) == (422, "invalid")
    return response.json()["errors"]


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "segments/", {"slug": "a", "name": "A", "rule": WRONG}),
        ("PATCH", "segments/bought/", {"rule": WRONG}),
        ("POST", "preview/", {"rule": WRONG}),
    ],
)
def test_text_is_pointed_at_by_line_and_column(owner, bought, method, address, body):
    (error,) = errors_of(call(owner, method, address, body, seen="*"))
    assert (error["pointer"], error["line"], error["column"], error["length"]) == ("#/rule", 2, 11, 16)
    assert 'Did you mean "order_completed"?' in error["detail"]
    assert error["excerpt"] == '  and count("order_complete") >= 1\n            ^^^^^^^^^^^^^^^^'
    assert (Segment.objects.count(), SegmentVersion.objects.count()) == (1, 1)


def test_all_that_is_wrong_is_told_at_once(owner):
    errors = errors_of(call(owner, "POST", "preview/", {"rule": 'count("a") >= 1 and agee >= 3'}))
    assert [error["column"] for error in errors] == [7, 21]


def tree(**changes):
    return {**BOUGHT_TREE, "rule": {**copy.deepcopy(BOUGHT_TREE["rule"]), **changes}}


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({}, "#/rule"),
        ({"version": 2, "rule": {}}, "#/rule/version"),
        (tree(operator="~"), "#/rule/rule/operator"),
        (tree(value=1.5), "#/rule/rule/value"),
        (tree(trait={"aggregate": "count", "event": "order_complete"}), "#/rule/rule/trait/event"),
        ({"version": 1, "rule": {"segment": "nothing"}}, "#/rule/rule/segment"),
        (
            {
                "version": 1,
                "rule": {"combinator": "all", "not": False, "rules": [BOUGHT_TREE["rule"], {"segment": "x"}]},
            },
            "#/rule/rule/rules/1/segment",
        ),
        # written otherwise than it is kept: the place is not known, so the whole is pointed at
        (
            {"version": 1, "rule": {"combinator": "all", "not": False, "rules": [{"segment": "x"}]}},
            "#/rule",
        ),
    ],
)
def test_tree_is_pointed_at_by_its_path(owner, rule, pointer):
    errors = errors_of(call(owner, "POST", "preview/", {"rule": rule}))
    assert [error["pointer"] for error in errors] == [pointer]
    assert "line" not in errors[0]


def test_rule_may_not_use_its_own_segment(owner, make_segment):
    make_segment("outer", 'segment("inner")', is_active=False)
    make_segment("inner", BOUGHT)
    done(owner, "POST", "segments/outer/publish/", seen="*")
    tree = {"version": 1, "rule": {"segment": "outer"}}
    for rule, pointer in (('segment("outer")', "#/rule"), (tree, "#/rule/rule")):
        for method, address, body in [
            ("PATCH", "segments/inner/", {"rule": rule}),
            ("POST", "preview/", {"rule": rule, "slug": "inner"}),
        ]:
            (error,) = errors_of(call(owner, method, address, body, seen="*"))
            assert (error["code"], error["pointer"]) == ("circle", pointer)


def test_version_whose_rule_nobody_can_evaluate_any_more_comes_back_as_a_draft_alone(owner, bought):
    bought.versions.update(rule={"version": 1, "rule": {"segment": "gone"}})
    done(owner, "PATCH", "segments/bought/", {"rule": BOUGHT}, seen="*")
    done(owner, "POST", "segments/bought/revert/", {"number": 1}, seen="*")
    response = call(owner, "POST", "segments/bought/publish/", seen="*")
    assert (code_of(response), [each["code"] for each in response.json()["objections"]]) == (
        (409, "objected"),
        ["rule"],
    )
    assert Segment.objects.get().live_version.number == 1


def test_version_whose_rule_can_no_longer_be_read_does_not_come_back(owner, bought):
    bought.versions.update(rule={"version": 99, "rule": {}})
    done(owner, "PATCH", "segments/bought/", {"rule": BOUGHT}, seen="*")
    assert code_of(call(owner, "POST", "segments/bought/revert/", {"number": 1}, seen="*")) == (409, "refused")
    assert SegmentVersion.objects.count() == 2


def test_rule_that_can_no_longer_be_read_does_not_hide_its_segment(owner, bought):
    bought.versions.update(rule={"version": 99, "rule": {}})
    (found,) = done(owner, "GET", "segments/")["results"]
    assert found["live"]["text"] == ""
    assert found["live"]["sentence"].startswith("This rule can no longer be read")
    assert done(owner, "GET", "segments/bought/versions/")["results"][0]["rule"] == {"version": 99, "rule": {}}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["all", "count", "segment"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["version", "rule", "rules", "combinator", "trait", "value"]), inner)
    ),
    max_leaves=8,
)


@pytest.fixture
def _unlimited(settings):
    settings.MICROSEG = {"API_STAFF_LIMIT": None, "API_NETWORK_LIMIT": None}


@pytest.mark.usefixtures("_unlimited")
@given(JSON)
def test_anything_at_all_as_a_rule_is_answered(value):
    owner = Client()
    owner.force_login(User.objects.get_or_create(username="owner", is_staff=True, is_superuser=True)[0])
    for rule in (value, {"version": 1, "rule": value}):
        body = json.dumps({"rule": rule, "slug": "a", "name": "A"}).encode()
        response = call(owner, "POST", "segments/", body)
        assert response.status_code in (400, 422), response.content


def test_rule_as_it_is_told_can_be_sent_back(owner, make_segment):
    first = create(owner, "one", 'count("order_completed", days=180) >= 5 and not age < 30')
    again = create(owner, "two", first["newest"]["rule"])
    third = create(owner, "three", first["newest"]["text"])
    assert first["newest"]["rule"] == again["newest"]["rule"] == third["newest"]["rule"]


def of_length(size):
    """A tree whose text has so many characters."""
    values = [*(f"{number:0200}" for number in range(97)), "x" * (size - 19_802)]
    return {"version": 1, "rule": {"fact": "gender", "operator": "in", "value": values}}


@pytest.mark.parametrize("address", ["segments/", "preview/"])
def test_tree_of_a_longer_text_than_a_text_may_be_is_refused(owner, address):
    named = {"slug": "a", "name": "A"} if address == "segments/" else {}
    (error,) = errors_of(call(owner, "POST", address, {**named, "rule": of_length(20_001)}))
    assert error["code"] == "too-long"
    assert error["detail"] == (
        "As a text the rule has 20,001 characters, more than 20,000. Split it into segments that use each other."
    )
    assert call(owner, "POST", address, {**named, "rule": of_length(20_000)}).status_code in (200, 201)


def test_text_that_is_longer_than_anybody_reads_is_refused_before_it_is_parsed(owner):
    long = " or ".join([BOUGHT] * 800)
    (error,) = errors_of(call(owner, "POST", "preview/", {"rule": long}))
    assert (error["code"], error["pointer"]) == ("too-long", "#/rule")
    body = {"rule": " " * (256 * 1024)}
    assert code_of(call(owner, "POST", "preview/", body)) == (413, "too_large")
