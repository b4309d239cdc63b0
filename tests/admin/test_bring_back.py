"""An earlier rule comes back as a draft, and goes live as any other."""

from __future__ import annotations

import pytest

from django_microseg.segment.models import Segment
from tests.admin.deciding import change_url, decide, difference_url, members_of
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

BUYERS = 'count("order_completed", days=180) >= 2'
WIDER = 'count("order_completed", days=180) >= 1'


@pytest.fixture
def widened(owner, happen, make_segment) -> Segment:
    """Who bought twice was in it, who bought once is now."""
    for order in ("A-1", "A-2"):
        happen("order_completed", customer="ada", order_id=order, revenue="20", currency="GBP")
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    segment = make_segment("buyers", BUYERS)
    given = {"name": "Buyers", "description": "", "rule_text": WIDER, "note": "", "state": "active"}
    owner.post(change_url(segment), given)
    decide(owner, segment)
    return segment


def _bring_back(browser, segment: Segment, number: int):
    version = segment.versions.get(number=number)
    return browser.post(f"/admin/django_microseg/segment/{segment.pk}/bring-back/", {"bring_back": version.pk})


def test_earlier_rule_is_shown_before_it_is_in_force_again(owner, widened):
    assert _bring_back(owner, widened, 1).url == difference_url(widened)
    assert members_of(widened) == {"ada", "bea"}
    words = read(owner.get(difference_url(widened)).text).words
    assert ("−1 would leave" in words, "as version 1" in words) == (True, True)  # noqa: RUF001
    decide(owner, widened)
    newest = widened.versions.latest("number")
    assert (members_of(widened), newest.number, newest.author) == ({"ada"}, 3, "user-0")


def test_history_offers_it_for_what_is_past_and_not_for_what_is_in_force(owner, widened):
    page = read(owner.get(change_url(widened)).text)
    first = widened.versions.get(number=1)
    assert [each["value"] for each in page.all("button", name="bring_back")] == [str(first.pk)]
    assert page.refused == []


def test_viewer_is_not_offered_it_and_may_not(staff, widened):
    viewer = staff("view_segment")
    assert read(viewer.get(change_url(widened)).text).all("button", name="bring_back") == []
    assert _bring_back(viewer, widened, 1).status_code == 403
    assert widened.versions.count() == 2


def test_same_rule_makes_no_draft(owner, widened):
    _bring_back(owner, widened, 2)
    assert widened.versions.count() == 2


def test_version_of_another_segment_does_not_come(owner, widened, make_segment):
    other = make_segment("other", BUYERS)
    given = {"bring_back": other.versions.get().pk}
    owner.post(f"/admin/django_microseg/segment/{widened.pk}/bring-back/", given)
    assert widened.versions.count() == 2


@pytest.mark.parametrize("nonsense", ["²", "9" * 30, "9" * 5000])
def test_id_that_no_table_could_have_given_brings_nothing_back(owner, widened, nonsense):
    address = f"/admin/django_microseg/segment/{widened.pk}/bring-back/"
    assert owner.post(address, {"bring_back": nonsense}).status_code == 302
    assert widened.versions.count() == 2


def test_looking_at_the_address_changes_nothing(owner, widened):
    assert owner.get(f"/admin/django_microseg/segment/{widened.pk}/bring-back/").status_code == 403


def test_rule_that_can_no_longer_be_read_stays_where_it_is(owner, widened):
    widened.versions.filter(number=1).update(rule={"version": 1, "rule": {"nonsense": 1}})
    _bring_back(owner, widened, 1)
    assert widened.versions.count() == 2
    assert read(owner.get(change_url(widened)).text).all("button", name="bring_back") == []
