"""Freeze and Unfreeze on a segment's page: who may, what it says, what is logged, and what waits for a decision."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from django_microseg.segment.models import Segment
from tests.admin.deciding import decide, difference_url, members_of
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

BUYERS = 'count("order_completed", days=180) >= 1'
SENTENCE = "was in it when it was frozen on"


@pytest.fixture
def buyers(happen, make_segment) -> Segment:
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    return make_segment("buyers", BUYERS)


@pytest.fixture
def frozen(owner, buyers) -> Segment:
    _press(owner, buyers, "freeze", note="for the fair")
    return buyers


def _page(segment: Segment) -> str:
    return reverse("admin:django_microseg_segment_change", args=[segment.pk])


def _press(browser, segment: Segment, button: str, **given):
    return browser.post(f"/admin/django_microseg/segment/{segment.pk}/{button}/", given)


def _log(segment: Segment) -> list[tuple[str, str]]:
    rows = LogEntry.objects.filter(object_id=str(segment.pk)).order_by("pk")
    return [(row.user.username, row.change_message) for row in rows]


def test_freezing_is_done_at_once_and_logged(owner, buyers, happen):
    assert _press(owner, buyers, "freeze", note="for the fair").url == _page(buyers)
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    assert (members_of(buyers), _log(buyers)) == ({"ada"}, [("user-0", "frozen: for the fair")])
    newest = buyers.versions.latest("number")
    assert (newest.state, newest.author, newest.note) == ("live", "user-0", "for the fair")


def test_page_of_a_frozen_one_shows_the_sentence_and_no_rule_to_edit(owner, frozen):
    page = read(owner.get(_page(frozen)).text)
    assert (SENTENCE in page.words, "It is frozen" in page.words) == (True, True)
    assert page.all("textarea", name="rule_text") == []
    assert "frozen_" not in page.words
    assert [each["form"] for each in page.all("button") if "/unfreeze/" in each.get("formaction", "")] == [
        "microseg-act"
    ]


def test_page_of_another_one_offers_to_freeze_and_keeps_its_rule(owner, buyers):
    page = read(owner.get(_page(buyers)).text)
    assert (SENTENCE in page.words, len(page.all("textarea", name="rule_text"))) == (False, 1)
    assert [each["form"] for each in page.all("button") if "/freeze/" in each.get("formaction", "")] == ["microseg-act"]


def test_form_of_a_frozen_one_changes_its_name_and_never_its_rule(owner, frozen):
    given = {"name": "Fair", "description": "", "rule_text": "everyone()", "note": "", "state": "active"}
    owner.post(_page(frozen), given)
    frozen.refresh_from_db()
    assert (frozen.name, frozen.versions.count(), members_of(frozen)) == ("Fair", 2, {"ada"})


def test_unfreezing_shows_the_difference_first(owner, frozen, happen):
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    assert _press(owner, frozen, "unfreeze", note="over").url == difference_url(frozen)
    words = read(owner.get(difference_url(frozen)).text).words
    assert ("+1 would come in" in words, members_of(frozen)) == (True, {"ada"})
    decide(owner, frozen)
    assert members_of(frozen) == {"ada", "bea"}
    assert [message for _, message in _log(frozen)] == [
        "frozen: for the fair", "version 3 saved, to unfreeze it", "version 3 put in force",
    ]  # fmt: skip


def test_list_that_has_ended_does_not_come_back(owner, frozen):
    _press(owner, frozen, "unfreeze")
    decide(owner, frozen)
    past = frozen.versions.get(number=2)
    owner.post(f"/admin/django_microseg/segment/{frozen.pk}/bring-back/", {"bring_back": past.pk})
    assert frozen.versions.count() == 3
    offered = read(owner.get(_page(frozen)).text).all("button", name="bring_back")
    assert str(past.pk) not in [each["value"] for each in offered]


def test_list_marks_it(owner, frozen, make_segment):
    address = reverse("admin:django_microseg_segment_changelist")
    assert owner.get(address).text.count(">frozen<") == 1
    make_segment("other", BUYERS)
    assert owner.get(address).text.count(">frozen<") == 1


@pytest.mark.parametrize("button", ["freeze", "unfreeze"])
def test_viewer_may_not_and_is_not_offered_it(staff, frozen, button):
    viewer = staff("view_segment")
    assert _press(viewer, frozen, button).status_code == 403
    assert "freeze/" not in viewer.get(_page(frozen)).text
    assert frozen.versions.count() == 2


def test_looking_at_the_address_changes_nothing(owner, buyers):
    assert owner.get(f"/admin/django_microseg/segment/{buyers.pk}/freeze/").status_code == 403
    assert buyers.versions.count() == 1


def test_one_that_belongs_to_a_file_is_not_frozen_here(owner, buyers):
    Segment.objects.update(managed_by="segments.yaml")
    assert _press(owner, buyers, "freeze").status_code == 403
    assert buyers.versions.count() == 1


def test_frozen_again_says_that_it_is(owner, frozen):
    page = owner.post(f"/admin/django_microseg/segment/{frozen.pk}/freeze/", follow=True)
    assert "It is frozen already." in page.text
    assert frozen.versions.count() == 2


def test_with_four_eyes_it_waits_and_keeps_who_was_noted(owner, staff, buyers, happen, settings):
    settings.MICROSEG = {**settings.MICROSEG, "APPROVAL": True}
    assert _press(owner, buyers, "freeze").url == difference_url(buyers)
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    assert members_of(buyers) == {"ada", "bea"}
    other = staff(is_owner=True)
    decide(other, buyers, "approve")
    decide(other, buyers)
    assert members_of(buyers) == {"ada"}
