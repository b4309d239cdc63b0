"""The list and its pages, new segments, changes, and two editors at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.sizes.count import update_sizes
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, BOUGHT_TREE, LOOKED, call, done, etag_of, slugs

pytestmark = pytest.mark.django_db


# -- the list


def test_list_without_segments_is_an_empty_page(owner):
    assert done(owner, "GET", "segments/") == {"results": [], "next": None}


def test_list_is_narrowed_by_state_and_words(owner, bought, make_segment):
    make_segment("lookers", LOOKED, is_active=False, description="Those who LOOK at boots")
    make_segment("gone", LOOKED, is_active=False, state="archived")
    assert slugs(owner) == ["bought", "gone", "lookers"]
    assert slugs(owner, "?state=active") == ["bought"]
    assert slugs(owner, "?state=active&state=archived") == ["bought", "gone"]
    assert slugs(owner, "?search=look+boots") == ["lookers"]
    assert slugs(owner, "?search=nothing") == []


def test_list_is_ordered_by_size_with_the_uncounted_as_the_smallest(owner, bought, make_segment):
    make_segment("draft", LOOKED, is_active=False)
    make_segment("all", "everyone()")
    assert slugs(owner, "?ordering=-size") == ["all", "bought", "draft"]
    assert slugs(owner, "?ordering=size") == ["draft", "bought", "all"]
    assert slugs(owner, "?ordering=-name") == ["draft", "bought", "all"]


@pytest.mark.parametrize("ordering", ["slug", "-slug", "name", "-name", "size", "-size"])
def test_pages_show_each_segment_once_while_others_come_and_go(owner, make_segment, ordering):
    for number in range(7):
        make_segment(f"s-{number}", LOOKED, is_active=False, name="Same", size=number // 3 or None)
    seen, page = [], done(owner, "GET", f"segments/?page_size=2&ordering={ordering}")
    while page["next"]:
        seen += [each["slug"] for each in page["results"]]
        make_segment(f"a-{len(seen)}", LOOKED, is_active=False, name="Aaa")
        make_segment(f"z-{len(seen)}", LOOKED, is_active=False, name="Zzz", size=9)
        Segment.objects.filter(slug=seen[0]).delete()
        page = owner.get(page["next"]).json()
    seen += [each["slug"] for each in page["results"]]
    assert [slug for slug in sorted(seen) if slug.startswith("s-")] == [f"s-{number}" for number in range(7)]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?cursor=nonsense", "?cursor"),
        ("?cursor=WzEsMiwzXQ", "?cursor"),
        ("?cursor=W3t9XQ", "?cursor"),
        ("?cursor=%00", "?cursor"),
        ("?page_size=0", "?page_size"),
        ("?page_size=201", "?page_size"),
        ("?state=sleeping", "?state"),
        ("?ordering=colour", "?ordering"),
    ],
)
def test_parameter_that_makes_no_sense_is_pointed_at(owner, query, pointer):
    response = call(owner, "GET", f"segments/{query}")
    assert code_of(response) == (422, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


# -- a new one


def test_new_segment_is_a_draft_at_the_address_that_is_told(owner):
    body = {"slug": "loyal", "name": "Loyal", "description": "They return", "rule": BOUGHT_TREE, "note": "why not"}
    response = call(owner, "POST", "segments/", body)
    assert response.status_code == 201
    assert response.headers["Location"] == "http://testserver/microseg/api/v1/staff/segments/loyal/"
    made = owner.get(response.headers["Location"])
    assert made.json() == response.json()
    assert made.headers["ETag"] == response.headers["ETag"] == f'"{made.json()["etag"]}"'
    version = made.json()["newest"]
    assert (version["rule"], version["text"], version["author"]) == (BOUGHT_TREE, BOUGHT, "user-0")
    assert version["sentence"] == "bought at least once"
    assert (made.json()["state"], made.json()["live"], made.json()["size"]) == ("draft", None, None)


def test_slug_is_taken_for_ever_and_never_changes(owner, bought):
    done(owner, "POST", "segments/bought/archive/", seen="*")
    response = call(owner, "POST", "segments/", {"slug": "bought", "name": "Again", "rule": LOOKED})
    assert code_of(response) == (422, "invalid")
    assert response.json()["errors"][0]["pointer"] == "#/slug"
    renamed = call(owner, "PATCH", "segments/bought/", {"slug": "other"}, seen="*")
    assert (renamed.json()["errors"][0]["pointer"], renamed.json()["errors"][0]["code"]) == ("#/slug", "unknown")
    assert list(Segment.objects.values_list("slug", "name")) == [("bought", "Bought")]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["#/slug", "#/name", "#/rule"]),
        ([], ["#"]),
        ({"slug": "a b", "name": "A", "rule": BOUGHT}, ["#/slug"]),
        ({"slug": "a" * 65, "name": "A", "rule": BOUGHT}, ["#/slug"]),
        ({"slug": "a", "name": " ", "rule": BOUGHT}, ["#/name"]),
        ({"slug": "a", "name": "n" * 121, "rule": BOUGHT}, ["#/name"]),
        ({"slug": "a", "name": "A\x00", "rule": BOUGHT}, ["#/name"]),
        ({"slug": "a", "name": "A", "rule": 7}, ["#/rule"]),
        ({"slug": "a", "name": "A", "rule": " "}, ["#/rule"]),
        ({"slug": "a", "name": "A", "rule": None}, ["#/rule"]),
        ({"slug": "a", "name": "A", "rule": BOUGHT, "note": "n" * 201}, ["#/note"]),
        ({"slug": "a", "name": "A", "rule": BOUGHT, "sise": 1}, ["#/sise"]),
    ],
)
def test_body_that_lacks_something_makes_nothing(owner, body, pointers):
    response = call(owner, "POST", "segments/", body)
    assert code_of(response) == (422, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == pointers
    assert Segment.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", ""), ("PATCH", ""), ("POST", "publish/"), ("POST", "pause/"), ("POST", "archive/"),
        ("GET", "versions/"), ("GET", "growth/"), ("GET", "members/"),
    ],
)  # fmt: skip
def test_segment_that_is_not_there_is_said_to_be_missing(owner, method, address):
    response = call(owner, method, f"segments/nothing/{address}", {} if method != "GET" else None, seen="*")
    assert code_of(response) == (404, "not_found")


def test_methods_that_an_address_does_not_know_are_refused(owner, bought):
    assert code_of(call(owner, "DELETE", "segments/bought/")) == (405, "method_not_allowed")
    assert code_of(call(owner, "GET", "segments/bought/publish/")) == (405, "method_not_allowed")
    assert code_of(call(owner, "GET", "nothing/")) == (404, "not_found")
    form = call(owner, "POST", "segments/", b"name=a", content_type="application/x-www-form-urlencoded")
    assert code_of(form) == (415, "unsupported_media_type")


# -- changes


def test_words_change_at_once_and_the_rule_only_when_it_is_published(owner, bought):
    body = {"name": "Buyers", "description": "All of them", "rule": LOOKED, "note": "wider"}
    changed = done(owner, "PATCH", "segments/bought/", body, seen=etag_of(owner, "bought"))
    assert (changed["name"], changed["description"], changed["size"]) == ("Buyers", "All of them", 1)
    assert (changed["live"]["number"], changed["live"]["text"]) == (1, BOUGHT)
    newest = changed["newest"]
    assert (newest["number"], newest["text"], newest["note"], newest["author"]) == (2, LOOKED, "wider", "user-0")


def test_same_rule_in_other_words_makes_no_version(owner, bought):
    done(owner, "PATCH", "segments/bought/", {"rule": f"({BOUGHT})", "name": "Buyers"}, seen="*")
    assert SegmentVersion.objects.count() == 1
    assert done(owner, "PATCH", "segments/bought/", {}, seen="*")["name"] == "Buyers"


def test_actions_that_change_nothing_are_refused(owner, bought, make_segment):
    make_segment("draft", LOOKED, is_active=False)
    Segment.objects.create(slug="bare", name="Bare")
    for address, body in [
        ("bought/publish/", {}), ("draft/pause/", {}), ("bare/publish/", {}), ("bare/revert/", {"number": 1}),
        ("bought/revert/", {"number": 1}), ("bought/revert/", {"number": 9}), ("draft/explain/", None),
    ]:  # fmt: skip
        response = call(owner, "POST", f"segments/{address}", {"who": "ada"} if body is None else body, seen="*")
        assert code_of(response) == (409, "refused"), address
    done(owner, "POST", "segments/draft/archive/", seen="*")
    assert code_of(call(owner, "POST", "segments/draft/archive/", seen="*")) == (409, "refused")


def test_archived_segment_comes_back_when_it_is_published(owner, bought):
    done(owner, "POST", "segments/bought/archive/", seen="*")
    back = done(owner, "POST", "segments/bought/publish/", seen="*")
    assert (back["state"], back["size"], back["live"]["number"]) == ("active", 1, 2)


# -- two editors


def test_second_editor_is_told_and_overwrites_nothing(owner, bought):
    seen = etag_of(owner, "bought")
    first = call(owner, "PATCH", "segments/bought/", {"name": "First"}, seen=seen)
    second = call(owner, "PATCH", "segments/bought/", {"name": "Second"}, seen=seen)
    assert code_of(second) == (412, "changed_meanwhile")
    assert Segment.objects.get().name == "First"
    assert call(owner, "PATCH", "segments/bought/", {"name": "Third"}, seen=first.headers["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("address", "body"), [("publish/", None), ("pause/", None), ("archive/", None), ("revert/", {"number": 1})]
)
def test_nothing_is_done_to_a_rule_that_was_not_seen(owner, bought, address, body):
    seen = etag_of(owner, "bought")
    done(owner, "PATCH", "segments/bought/", {"rule": LOOKED}, seen=seen)
    assert code_of(call(owner, "POST", f"segments/bought/{address}", body, seen=seen)) == (412, "changed_meanwhile")
    assert Segment.objects.get().live_version.number == 1


def test_whoever_does_not_say_what_they_have_seen_is_asked_to(owner, bought):
    assert code_of(call(owner, "PATCH", "segments/bought/", {"name": "X"})) == (428, "if_match_needed")
    assert code_of(call(owner, "POST", "segments/bought/pause/")) == (428, "if_match_needed")
    weak = f"W/{etag_of(owner, 'bought')}"
    assert call(owner, "PATCH", "segments/bought/", {"name": "X"}, seen=weak).status_code == 200


def test_count_of_members_is_no_change_that_an_editor_must_look_at(owner, bought, happen):
    seen = etag_of(owner, "bought")
    happen("order_completed", customer="bob", order_id="B-1", revenue="20", currency="GBP")
    update_sizes(bought.versions.get().live_from)
    assert done(owner, "GET", "segments/bought/")["size"] == 2
    assert etag_of(owner, "bought") == seen


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_the_same_moment_one_is_told(owner, make_segment):
    make_segment("bought", BOUGHT)
    seen, start, answers = etag_of(owner, "bought"), threading.Barrier(2), []

    def edit(name: str) -> None:
        start.wait()
        answers.append(call(owner, "PATCH", "segments/bought/", {"name": name, "rule": LOOKED}, seen=seen).status_code)
        connection.close()

    editors: list[Any] = [threading.Thread(target=edit, args=[name]) for name in ("One", "Two")]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert sorted(answers) == [200, 412]
    assert SegmentVersion.objects.count() == 2
