"""What is shown before a rule goes live, what speaks against it, who approves it, and drafts that are given up."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.objections import Objection, _judges
from tests.admin.deciding import difference_url
from tests.admin.reading import read
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, LOOKED, call, done, etag_of
from tests.segment.shop import being_prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def _approval(settings):
    settings.MICROSEG = {**settings.MICROSEG, "APPROVAL": True}


@pytest.fixture
def objection(monkeypatch):
    """Somebody objects to everything, and may be told that it was read."""

    def object_with(**more: Any) -> None:
        monkeypatch.setitem(_judges, "test", lambda version, now: [Objection("odd", "It is odd.", **more)])

    return object_with


@pytest.fixture
def draft(owner, bought) -> Segment:
    """Those who looked, waiting beside those who bought."""
    done(owner, "PATCH", "segments/bought/", {"rule": LOOKED, "note": "lookers"}, seen="*")
    return bought


def number(segment: Segment) -> int:
    segment.refresh_from_db()
    return segment.live_version.number


# -- what would change


def test_difference_says_who_would_come_and_go(owner, draft, visitor):
    found = done(owner, "GET", "segments/bought/difference/")
    assert (found["live"]["number"], found["waiting"]["number"], found["waiting"]["note"]) == (1, 2, "lookers")
    change = found["difference"]
    assert (change["before"], change["after"], change["people"], change["asked"]) == (1, 1, 2, 2)
    assert (change["came"]["people"], change["came"]["margin"], change["left"]["people"]) == (1, 0, 1)
    assert [each["profile"] for each in change["came"]["sample"]] == [str(visitor.key)]
    assert [each["customer"] for each in change["left"]["sample"]] == ["ada"]
    assert (found["objections"], found["uses"], found["may_approve"]) == ([], [], False)


def test_difference_names_nobody_to_who_may_not_see_people(staff, draft):
    change = done(staff("change_segment"), "GET", "segments/bought/difference/")["difference"]
    assert (change["came"]["sample"], change["left"]["sample"], change["came"]["people"]) == (None, None, 1)


def test_difference_names_what_follows_and_what_goes_by_it(owner, draft, make_segment):
    make_segment("rare", 'not segment("bought")')
    make_segment("other", LOOKED)
    Experience.objects.create(slug="hero", name="Hero", slot="home-hero", segments=["rare"])
    found = done(owner, "GET", "segments/bought/difference/")
    (follower,) = found["difference"]["followers"]
    assert (follower["slug"], follower["name"], follower["came"], follower["left"]) == (
        "rare", "Rare", {"people": 1, "margin": 0}, {"people": 1, "margin": 0},
    )  # fmt: skip
    assert [(each["kind"], each["name"]) for each in found["uses"]] == [("experience", "Hero")]


def test_difference_is_the_one_of_the_admins_page(owner, draft):
    words = read(owner.get(difference_url(draft)).text).words
    change = done(owner, "GET", "segments/bought/difference/")["difference"]
    assert f"+{change['came']['people']} would come in" in words
    assert f"members: {change['before']} now, {change['after']} then" in words


def test_difference_of_what_is_in_force_is_refused_and_of_an_unreadable_rule_is_none(owner, bought):
    assert code_of(call(owner, "GET", "segments/bought/difference/")) == (409, "refused")
    SegmentVersion.objects.create(
        segment=bought, number=2, rule={"version": 99}, created_at=bought.versions.get().created_at
    )
    found = done(owner, "GET", "segments/bought/difference/")
    assert (found["difference"], [each["code"] for each in found["objections"]]) == (None, ["rule"])


def test_only_what_was_shown_goes_live(owner, draft):
    seen = call(owner, "GET", "segments/bought/difference/").headers["ETag"]
    assert seen == etag_of(owner, "bought")
    done(owner, "PATCH", "segments/bought/", {"rule": "everyone()"}, seen="*")
    assert code_of(call(owner, "POST", "segments/bought/publish/", seen=seen)) == (412, "changed_meanwhile")
    assert number(draft) == 1


# -- what speaks against it


def test_objection_stands_until_it_is_acknowledged_and_the_history_says_so(owner, draft, objection):
    objection(may_be_acknowledged=True, details=("Ada leaves.",))
    response = call(owner, "POST", "segments/bought/publish/", seen="*")
    assert (code_of(response), number(draft)) == ((409, "objected"), 1)
    assert response.json()["objections"] == [
        {"code": "odd", "text": "It is odd.", "details": ["Ada leaves."], "may_be_acknowledged": True}
    ]
    assert done(owner, "GET", "segments/bought/difference/")["objections"] == response.json()["objections"]
    assert call(owner, "POST", "segments/bought/publish/", {"acknowledged": ["even"]}, seen="*").status_code == 409
    done(owner, "POST", "segments/bought/publish/", {"acknowledged": ["odd"]}, seen="*")
    assert (number(draft), LogEntry.objects.latest("pk").change_message) == (2, "By the API: published, although: odd.")


def test_objection_that_has_to_be_mended_is_passed_by_nobody(owner, draft, objection):
    objection()
    response = call(owner, "POST", "segments/bought/publish/", {"acknowledged": ["odd"]}, seen="*")
    assert (code_of(response), number(draft)) == ((409, "objected"), 1)


def test_version_that_is_being_put_in_force_by_somebody_else_is_not_taken(owner, draft):
    being_prepared(draft.versions.get(number=2), worked_at=timezone.now())
    response = call(owner, "POST", "segments/bought/publish/", seen="*")
    assert (code_of(response), "at this moment" in response.json()["detail"]) == ((409, "refused"), True)


def test_what_outlasts_the_request_is_accepted_and_says_how_far_it_is(owner, draft, monkeypatch):
    monkeypatch.setattr("django_microseg.segment.launch.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("django_microseg.segment.refresh.BATCH", 1)
    response = call(owner, "POST", "segments/bought/publish/", seen="*")
    newest = response.json()["newest"]
    assert (response.status_code, newest["state"], newest["prepared_percent"]) == (202, "preparing", 50)
    assert (number(draft), LogEntry.objects.latest("pk").change_message) == (1, "By the API: put in preparation.")
    assert call(owner, "POST", "segments/bought/publish/", seen="*").json()["newest"]["prepared_percent"] == 99
    newest = done(owner, "POST", "segments/bought/publish/", seen="*")["newest"]
    assert (newest["state"], newest["prepared_percent"], number(draft)) == ("live", None, 2)


def test_what_is_being_prepared_is_given_up(owner, draft, monkeypatch):
    monkeypatch.setattr("django_microseg.segment.launch.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("django_microseg.segment.refresh.BATCH", 1)
    call(owner, "POST", "segments/bought/publish/", seen="*")
    assert done(owner, "POST", "segments/bought/discard/", seen="*")["newest"]["number"] == 1
    assert draft.versions.get(number=2).state == "discarded"


# -- four eyes


@pytest.mark.usefixtures("_approval")
def test_somebody_else_approves_and_then_it_goes_live(owner, staff, draft):
    response = call(owner, "POST", "segments/bought/publish/", {"acknowledged": ["approval"]}, seen="*")
    assert [each["code"] for each in response.json()["objections"]] == ["approval"]
    second = staff("view_segment", "approve_segment")
    assert done(second, "GET", "segments/bought/difference/")["may_approve"] is True
    approved = done(second, "POST", "segments/bought/approve/", seen=etag_of(second, "bought"))["newest"]
    assert (approved["approved_by"], approved["approved_at"] is not None) == ("user-1", True)
    done(owner, "POST", "segments/bought/publish/", seen="*")
    assert number(draft) == 2


@pytest.mark.usefixtures("_approval")
def test_author_does_not_approve(owner, draft):
    assert done(owner, "GET", "segments/bought/difference/")["may_approve"] is False
    assert code_of(call(owner, "POST", "segments/bought/approve/", seen="*")) == (409, "refused")
    assert draft.versions.get(number=2).approved_by == ""


@pytest.mark.usefixtures("_approval")
def test_draft_that_was_not_seen_is_not_approved(owner, staff, draft):
    second = staff("view_segment", "approve_segment")
    seen = etag_of(second, "bought")
    done(owner, "PATCH", "segments/bought/", {"rule": "everyone()"}, seen="*")
    assert code_of(call(second, "POST", "segments/bought/approve/", seen=seen)) == (412, "changed_meanwhile")
    assert not draft.versions.exclude(approved_by__in=["", "operator"]).exists()


# -- drafts


def test_draft_that_is_given_up_is_no_longer_the_newest_and_stays_in_the_history(owner, draft):
    before = done(owner, "POST", "segments/bought/discard/", seen="*")
    assert (before["newest"]["number"], before["live"]["number"]) == (1, 1)
    versions = done(owner, "GET", "segments/bought/versions/")["results"]
    assert [(each["number"], each["state"]) for each in versions] == [(2, "discarded"), (1, "live")]
    for address in ("discard/", "publish/"):
        assert code_of(call(owner, "POST", f"segments/bought/{address}", seen="*")) == (409, "refused")


def test_rule_that_was_given_up_comes_back_as_the_draft(owner, draft):
    done(owner, "POST", "segments/bought/discard/", seen="*")
    newest = done(owner, "POST", "segments/bought/revert/", {"number": 2}, seen="*")["newest"]
    assert (newest["number"], newest["text"], newest["note"], newest["state"]) == (3, LOOKED, "as version 2", "draft")


def test_admin_brings_back_what_the_api_brings_back(owner, draft):
    done(owner, "POST", "segments/bought/discard/", seen="*")
    past, address = draft.versions.get(number=2), reverse("admin:django_microseg_segment_bring_back", args=[draft.pk])
    owner.post(address, {"bring_back": past.pk})
    admins = draft.versions.get(number=3)
    done(owner, "POST", "segments/bought/discard/", seen="*")
    done(owner, "POST", "segments/bought/revert/", {"number": 2}, seen="*")
    fields = ("rule", "state", "author", "note")
    (apis,) = draft.versions.filter(number=4).values_list(*fields)
    assert apis == (admins.rule, "draft", admins.author, "as version 2")
    assert "same as that one" in owner.post(address, {"bring_back": past.pk}, follow=True).text


def test_next_draft_takes_the_place_of_the_one_before(owner, draft):
    done(owner, "PATCH", "segments/bought/", {"rule": "everyone()"}, seen="*")
    assert list(draft.versions.order_by("number").values_list("number", "state")) == [
        (1, "live"), (2, "discarded"), (3, "draft"),
    ]  # fmt: skip


def test_draft_is_the_newest_although_a_version_that_follows_came_later(owner, bought, make_segment):
    make_segment("rare", f'not segment("bought") and {BOUGHT}')
    done(owner, "PATCH", "segments/rare/", {"rule": LOOKED}, seen="*")
    done(owner, "PATCH", "segments/bought/", {"rule": LOOKED}, seen="*")
    done(owner, "POST", "segments/bought/publish/", seen="*")
    rare = done(owner, "GET", "segments/rare/")
    assert (rare["live"]["number"], rare["newest"]["number"], rare["newest"]["state"]) == (3, 2, "draft")
    assert call(owner, "PATCH", "segments/rare/", {"name": "X"}, seen=etag_of(owner, "rare")).status_code == 200


# -- in use


def test_what_something_goes_by_is_not_archived_and_is_named_when_it_is_paused(owner, bought):
    Experience.objects.create(slug="hero", name="Hero", slot="home-hero", segments=["bought"])
    response = call(owner, "POST", "segments/bought/archive/", seen="*")
    assert code_of(response) == (409, "in_use")
    assert [each["name"] for each in response.json()["uses"]] == ["Hero"]
    assert Segment.objects.get().state == "active"
    paused = done(owner, "POST", "segments/bought/pause/", seen="*")
    assert (paused["state"], [each["name"] for each in paused["uses"]]) == ("paused", ["Hero"])


def test_what_nothing_goes_by_is_archived(owner, bought):
    Experience.objects.create(slug="hero", name="Hero", slot="home-hero", segments=["else"])
    assert done(owner, "POST", "segments/bought/pause/", seen="*")["uses"] == []
    assert done(owner, "POST", "segments/bought/archive/", seen="*")["state"] == "archived"
