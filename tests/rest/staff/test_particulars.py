"""What is said of a segment besides its rule: checked as the admin checks it, and not at all if a file says it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from django_microseg.segment.models import Segment
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, LOOKED, call, create, done, etag_of, slugs

pytestmark = pytest.mark.django_db

SAID = {
    "folder": "Retention/ Win  back", "tags": ["Summer", "a, B"], "owner": "grace", "purpose": "the newsletter",
    "in_force_from": "2100-01-01T00:00:00Z", "in_force_until": "2100-02-01T12:00:00+02:00",
}  # fmt: skip
KEPT = {
    "folder": "Retention / Win back", "tags": ["a", "b", "summer"], "owner": "grace", "purpose": "the newsletter",
    "in_force_from": "2100-01-01T00:00:00+00:00", "in_force_until": "2100-02-01T10:00:00+00:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _grace():
    User.objects.create(username="grace", is_staff=True)
    User.objects.create(username="customer")


def test_all_of_it_is_kept_in_one_form_in_a_new_segment_and_in_a_changed_one(owner):
    new = create(owner, "new", **SAID)
    create(owner, "old")
    changed = done(owner, "PATCH", "segments/old/", SAID, seen="*")
    for made in (new, changed):
        assert {name: made[name] for name in SAID} == KEPT
    assert done(owner, "PATCH", "segments/old/", {"name": "Old"}, seen="*")["folder"] == "Retention / Win back"
    assert done(owner, "PATCH", "segments/old/", {"in_force_from": None}, seen="*")["in_force_from"] is None


def test_what_the_api_wrote_is_what_the_admins_form_shows(owner):
    create(owner, "new", **SAID)
    page = owner.get(reverse("admin:django_microseg_segment_change", args=[Segment.objects.get().pk]))
    form = page.context["adminform"].form
    assert (form["folder"].value(), form["tags"].value(), form["owner"].value()) == (
        "Retention / Win back", "a, b, summer", "grace",
    )  # fmt: skip


def test_time_without_a_zone_is_that_of_the_shop(owner, settings):
    settings.MICROSEG = {**settings.MICROSEG, "TIME_ZONE": "Europe/Berlin"}
    create(owner, "new", in_force_from="2100-07-01T08:30")
    assert Segment.objects.get().in_force_from == dt.datetime(2100, 7, 1, 6, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"owner": "customer"}, "#/owner"),
        ({"owner": "nobody-there"}, "#/owner"),
        ({"folder": "a/" * 99}, "#/folder"),
        ({"tags": ["t" * 499, "u" * 9]}, "#/tags"),
        ({"tags": "summer"}, "#/tags"),
        ({"purpose": "p" * 301}, "#/purpose"),
        ({"in_force_until": "2001-01-01T00:00Z"}, "#/in_force_until"),
        ({"in_force_from": "2100-01-02T00:00Z", "in_force_until": "2100-01-01T00:00Z"}, "#/in_force_until"),
        ({"in_force_from": "soon"}, "#/in_force_from"),
        ({"managed_by": "mine"}, "#/managed_by"),
    ],
)
def test_what_cannot_be_said_is_pointed_at_and_changes_nothing(owner, make_segment, said, pointer):
    make_segment("old", BOUGHT, is_active=False)
    for method, address, body in [
        ("PATCH", "segments/old/", said),
        ("POST", "segments/", {"slug": "new", "name": "New", "rule": BOUGHT, **said}),
    ]:
        response = call(owner, method, address, body, seen="*")
        assert (code_of(response), [each["pointer"] for each in response.json()["errors"]]) == (
            (422, "invalid"), [pointer],
        )  # fmt: skip
    assert [(each.slug, each.folder, each.owner) for each in Segment.objects.all()] == [("old", "", "")]


def test_owner_who_has_left_may_stay_the_owner(owner, make_segment):
    make_segment("old", BOUGHT, is_active=False, owner="gone")
    assert done(owner, "PATCH", "segments/old/", {"owner": "gone"}, seen="*")["owner"] == "gone"


@pytest.mark.parametrize(("name", "value"), SAID.items())
def test_each_of_it_is_a_change_that_another_editor_must_look_at(owner, make_segment, name, value):
    make_segment("old", BOUGHT, is_active=False)
    seen = etag_of(owner, "old")
    done(owner, "PATCH", "segments/old/", {name: value}, seen=seen)
    assert code_of(call(owner, "PATCH", "segments/old/", {"name": "Mine"}, seen=seen)) == (412, "changed_meanwhile")


def test_list_is_narrowed_by_folder_and_tag(owner, make_segment):
    make_segment("top", BOUGHT, is_active=False, folder="A", tags=",summer,")
    make_segment("below", BOUGHT, is_active=False, folder="A / B", tags=",summertime,")
    make_segment("beside", BOUGHT, is_active=False, folder="AB")
    assert slugs(owner, "?folder=A") == ["below", "top"]
    assert slugs(owner, "?folder=A/B") == ["below"]
    assert slugs(owner, "?tag=Summer") == ["top"]
    assert slugs(owner, "?folder=A&tag=winter") == []
    assert slugs(owner, "?search=summertime") == ["below"]


# -- from a file


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PATCH", "", {"name": "Mine"}), ("PATCH", "", {"rule": LOOKED}), ("POST", "publish/", None),
        ("POST", "approve/", None), ("POST", "discard/", None), ("POST", "pause/", None), ("POST", "archive/", None),
        ("POST", "revert/", {"number": 1}),
    ],
)  # fmt: skip
def test_segment_of_a_file_is_changed_there_alone(owner, make_segment, method, address, body):
    make_segment("old", BOUGHT, managed_by="shop.yaml")
    response = call(owner, method, f"segments/old/{address}", body, seen="*")
    assert (code_of(response), "shop.yaml" in response.json()["detail"]) == ((409, "managed"), True)
    segment = Segment.objects.get()
    assert (segment.name, segment.state, segment.versions.count()) == ("Old", "active", 1)
    assert done(owner, "GET", "segments/old/")["managed_by"] == "shop.yaml"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"folder": "a/" * 99}, "This path is too long."),
        ({"in_force_until": "2001-01-01T00:00"}, "This is past."),
        ({"in_force_from": "2100-01-02T00:00", "in_force_until": "2100-01-01T00:00"}, "It must end after it starts."),
    ],
)
def test_admins_form_and_the_api_refuse_in_the_same_words(owner, said, words):
    form = {"name": "New", "slug": "new", "rule_text": BOUGHT, "state": "draft", **said}
    assert words in owner.post(reverse("admin:django_microseg_segment_add"), form).text
    response = call(owner, "POST", "segments/", {"slug": "new", "name": "New", "rule": BOUGHT, **said})
    assert words in response.json()["errors"][0]["detail"]
    assert Segment.objects.count() == 0
