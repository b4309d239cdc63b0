"""The life of a segment through the API alone: written, put in force, explained, changed, gone back on, taken out."""

from __future__ import annotations

import pytest

from tests.rest.staff.asking import BOUGHT, LOOKED, call, create, done, etag_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("ada", "visitor")
def test_segment_lives_from_draft_to_archive(owner):
    assert done(owner, "POST", "preview/", {"rule": BOUGHT})["size"] == 1
    draft = create(owner, "buyers", note="a first try")
    assert (draft["state"], draft["size"], draft["live"], draft["newest"]["number"]) == ("draft", None, None, 1)
    live = done(owner, "POST", "segments/buyers/publish/", seen=etag_of(owner, "buyers"))
    assert (live["state"], live["size"], live["identified"], live["share"]) == ("active", 1, 1, 0.5)
    assert people(owner) == ["ada"]
    told = done(owner, "POST", "segments/buyers/explain/", {"who": "ada"})
    assert (told["is_member"], told["conditions"][0]["is_met"], told["name"]) == (True, True, "ada")

    done(owner, "PATCH", "segments/buyers/", {"rule": LOOKED, "note": "lookers"}, seen=etag_of(owner, "buyers"))
    assert people(owner) == ["ada"]
    done(owner, "POST", "segments/buyers/publish/", seen=etag_of(owner, "buyers"))
    assert people(owner) != ["ada"]
    told = done(owner, "POST", "segments/buyers/explain/", {"who": "ada"})
    assert (told["is_member"], told["change"]["kind"]) == (False, "events")

    back = done(owner, "POST", "segments/buyers/revert/", {"number": 1}, seen=etag_of(owner, "buyers"))
    assert (back["live"]["text"], back["newest"]["text"]) == (LOOKED, BOUGHT)
    done(owner, "POST", "segments/buyers/publish/", seen=etag_of(owner, "buyers"))
    assert people(owner) == ["ada"]
    versions = done(owner, "GET", "segments/buyers/versions/")["results"]
    assert [(each["number"], each["state"], each["note"]) for each in versions] == [
        (3, "live", "as version 1"), (2, "retired", "lookers"), (1, "retired", "a first try"),
    ]  # fmt: skip
    assert {each["author"] for each in versions} == {"user-0"}
    today = done(owner, "GET", "segments/buyers/growth/?days=1")["days"][-1]
    assert (today["size"], today["by_rule"]) == (1, 1)

    assert done(owner, "POST", "segments/buyers/pause/", seen=etag_of(owner, "buyers"))["state"] == "paused"
    assert people(owner) == []
    assert done(owner, "POST", "segments/buyers/archive/", seen=etag_of(owner, "buyers"))["state"] == "archived"
    response = call(owner, "POST", "segments/", {"slug": "buyers", "name": "Again", "rule": BOUGHT})
    assert response.json()["errors"][0]["code"] == "taken"


def people(browser) -> list[str]:
    return [each["name"] for each in done(browser, "GET", "segments/buyers/members/")["results"]]
