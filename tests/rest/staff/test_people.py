"""Who is in, why, how it grew; and what a rule would find."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from django.utils import timezone

from django_microseg.profile.models import Profile
from django_microseg.segment.models import Membership, Segment, SegmentSize, SegmentVersion
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, BOUGHT_TREE, LOOKED, call, done

pytestmark = pytest.mark.django_db


def members(browser, query: str = "") -> list[str]:
    return [each["name"] for each in done(browser, "GET", f"segments/all/members/{query}")["results"]]


# -- members


@pytest.mark.usefixtures("ada", "visitor")
def test_members_are_told_by_kind_and_only_those_of_the_rule_in_force(owner, make_segment):
    make_segment("all", "everyone()")
    make_segment("other", BOUGHT)
    assert members(owner, "?kind=customers") == ["ada"]
    (person,) = done(owner, "GET", "segments/all/members/?kind=visitors")["results"]
    assert person["customer"] is None
    assert person["profile"] == str(Profile.objects.get(customer_key=None).key)
    assert len(members(owner)) == 2
    done(owner, "POST", "segments/all/pause/", seen="*")
    assert members(owner) == []


def test_pages_of_members_hold_while_somebody_comes_although_all_came_at_once(owner, happen, make_segment):
    people = [happen("app_opened", customer=f"c-{n}") for n in range(5)]
    segment = make_segment("all", "everyone()")
    assert Membership.objects.values("since").distinct().count() == 1
    page, seen = done(owner, "GET", "segments/all/members/?page_size=2"), []
    while True:
        seen += [each["name"] for each in page["results"]]
        if page["next"] is None:
            break
        happen("app_opened", customer=f"late-{len(seen)}")
        page = owner.get(page["next"]).json()
    assert seen == ["c-4", "c-3", "c-2", "c-1", "c-0"]
    assert Membership.objects.filter(segment=segment).count() == len(people) + 2


# -- explain


def test_explanation_is_the_admins_as_json_and_names_the_person_by_key(owner, bought, ada):
    by_key = done(owner, "POST", "segments/bought/explain/", {"profile": str(ada.key)})
    by_name = done(owner, "POST", "segments/bought/explain/", {"who": " ada "})
    assert {**by_key, "now": ""} == {**by_name, "now": ""}
    assert (by_key["customer"], by_key["is_member"], by_key["sentence"]) == ("ada", True, "bought at least once")
    (condition,) = by_key["conditions"]
    assert (condition["text"], condition["evidence_total"], condition["evidence"][0]["detail"]) == (BOUGHT, 1, "A-1")
    assert "profile_id" not in by_key


def test_somebody_who_was_merged_is_explained_as_whom_they_are_now(owner, bought, ada, visitor):
    Profile.objects.filter(pk=visitor.pk).update(merged_into=ada)
    told = done(owner, "POST", "segments/bought/explain/", {"profile": str(visitor.key)})
    assert (told["profile"], told["is_member"]) == (str(ada.key), True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"who": "nobody"}, (404, "not_found")),
        ({"profile": "00000000-0000-4000-8000-000000000000"}, (404, "not_found")),
        ({}, (422, "invalid")),
        ({"who": "ada", "profile": "00000000-0000-4000-8000-000000000000"}, (422, "invalid")),
        ({"profile": "ada"}, (422, "invalid")),
        ({"who": "ada", "why": "so"}, (422, "invalid")),
    ],
)
def test_nobody_and_nonsense_are_told_apart(owner, bought, body, expected):
    assert code_of(call(owner, "POST", "segments/bought/explain/", body)) == expected


# -- growth


def test_growth_says_each_day_and_null_of_what_nobody_counted(owner, bought):
    today = timezone.localdate()
    SegmentSize.objects.all().delete()
    for ago, size in ((3, 4), (0, 6)):
        SegmentSize.objects.create(segment=bought, day=today - dt.timedelta(days=ago), size=size, joined=3, left=1)
    growth = done(owner, "GET", "segments/bought/growth/?days=3")
    assert [each["size"] for each in growth["days"]] == [4, None, None, 6]
    assert growth["days"][0]["day"] == (today - dt.timedelta(days=3)).isoformat()
    assert growth["change"] == {"before": 4, "after": 6, "difference": 2, "percent": 50.0, "days": 3}
    assert (growth["joined"], growth["left"]) == (3, 1)


@pytest.mark.parametrize("days", ["0", "731", "many", "-1"])
def test_growth_over_no_sensible_time_is_refused(owner, bought, days):
    response = call(owner, "GET", f"segments/bought/growth/?days={days}")
    assert [error["pointer"] for error in response.json()["errors"]] == ["?days"]


# -- preview


@pytest.mark.usefixtures("ada", "visitor")
@pytest.mark.parametrize("rule", [BOUGHT, BOUGHT_TREE])
def test_preview_says_how_many_who_and_how_they_buy_and_writes_nothing(owner, rule):
    found = done(owner, "POST", "preview/", {"rule": rule})
    assert (found["text"], found["sentence"]) == (BOUGHT, "bought at least once")
    assert (found["size"], found["people"], found["share"], found["margin"], found["is_estimate"]) == (
        1,
        2,
        0.5,
        0,
        False,
    )
    assert (found["identified"], found["anonymous"], found["is_momentary"]) == (1, 0, False)
    assert found["inside"] == {"people": 1, "buyers": 1, "conversion": 1.0, "orders": 1, "average_order": "20.00"}
    assert found["everybody"] == {"people": 2, "buyers": 1, "conversion": 0.5, "orders": 1, "average_order": "20.00"}
    assert [person["name"] for person in found["sample"]] == ["ada"]
    assert (Segment.objects.count(), SegmentVersion.objects.count()) == (0, 0)


@pytest.mark.usefixtures("ada", "visitor")
def test_preview_names_nobody_to_whoever_may_not_see_people(staff):
    assert done(staff("change_segment"), "POST", "preview/", {"rule": BOUGHT})["sample"] is None
    found = done(staff("change_segment", "view_profile"), "POST", "preview/", {"rule": "nobody()"})
    assert (found["sample"], found["size"], found["inside"]["conversion"]) == ([], 0, None)


def test_preview_of_a_shop_without_people_divides_by_nobody(owner):
    found = done(owner, "POST", "preview/", {"rule": LOOKED})
    assert (found["size"], found["people"], found["share"], found["sample"]) == (0, 0, None, [])


@pytest.mark.usefixtures("visitor")
def test_preview_of_many_says_that_it_is_an_estimate(owner, happen, monkeypatch):
    monkeypatch.setattr("django_microseg.segment.preview.EXACT", 5)
    monkeypatch.setattr("django_microseg.segment.preview.ASKED", 5)
    for number in range(12):
        happen("app_opened", customer=f"c-{number}")
    found = done(owner, "POST", "preview/", {"rule": "everyone()"})
    assert (found["people"], found["is_estimate"]) == (13, True)
    assert found["asked"] < 13


@pytest.mark.parametrize(
    "values", [["x", 1], [1, "x"], [2**64, 1], ["0000-01-01", 1], [True, 1], [None, 1], [1.5, 1], "x"]
)
def test_cursor_that_somebody_made_up_is_refused_and_breaks_nothing(owner, bought, values):
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    for address in ("segments/bought/members/", "runs/"):
        response = call(owner, "GET", f"{address}?cursor={cursor}")
        assert code_of(response) == (422, "invalid")
        assert [error["pointer"] for error in response.json()["errors"]] == ["?cursor"]
