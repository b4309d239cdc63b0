"""Four eyes: with the setting, a rule goes live only after somebody else than its author approved it."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from django_microseg.segment.install import install_presets
from django_microseg.segment.models import Segment
from tests.admin.deciding import change_url, decide, difference_url, shown
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

BUYERS = 'count("order_completed") >= 2'
WAITS = "It waits for approval"


@pytest.fixture
def _is_on(settings):
    settings.MICROSEG = {**settings.MICROSEG, "APPROVAL": True}


@pytest.fixture
def author(staff):
    return staff("view_segment", "change_segment", "approve_segment")


@pytest.fixture
def buyers(author, make_segment) -> Segment:
    """With a draft that the author has saved."""
    segment = make_segment("buyers", BUYERS)
    given = {"name": "Buyers", "description": "", "note": "", "state": "active"}
    author.post(change_url(segment), {**given, "rule_text": 'count("order_completed") >= 1'})
    return segment


def _number(segment: Segment) -> int:
    segment.refresh_from_db()
    return segment.live_version.number


def test_without_the_setting_nobody_is_asked(author, buyers):
    words = read(author.get(difference_url(buyers)).text).words
    decide(author, buyers)
    assert (WAITS in words, _number(buyers)) == (False, 2)


@pytest.mark.usefixtures("_is_on")
def test_author_alone_puts_nothing_in_force_and_may_not_approve(author, buyers):
    page = read(author.get(difference_url(buyers)).text)
    assert (WAITS in page.words, page.all("button", name="approve")) == (True, [])
    assert "It was not approved: it is yours" in decide(author, buyers, "approve").text
    assert WAITS in decide(author, buyers).text
    assert _number(buyers) == 1


@pytest.mark.usefixtures("_is_on")
def test_second_person_approves_and_then_it_goes_live(author, staff, buyers):
    second = staff("view_segment", "approve_segment")
    assert "Version 2 is approved." in decide(second, buyers, "approve").text
    assert WAITS not in read(author.get(difference_url(buyers)).text).words
    decide(author, buyers)
    version = buyers.versions.get(number=2)
    assert (_number(buyers), version.author, version.approved_by) == (2, "user-0", "user-1")
    assert "approved by user-1" in read(author.get(change_url(buyers)).text).words


@pytest.mark.usefixtures("_is_on")
@pytest.mark.parametrize("permissions", [["view_segment"], ["view_segment", "change_segment"]])
def test_whoever_may_not_approve_does_not(staff, buyers, permissions):
    other = staff(*permissions)
    given = {**shown(other, buyers), "approve": "1"}
    assert other.post(difference_url(buyers), given).status_code == 403
    assert buyers.versions.get(number=2).approved_by == ""


@pytest.mark.usefixtures("_is_on")
def test_approval_is_of_one_version(author, staff, buyers):
    second = staff("view_segment", "approve_segment")
    old = shown(second, buyers)
    given = {"name": "Buyers", "description": "", "note": "", "state": "active"}
    author.post(change_url(buyers), {**given, "rule_text": 'count("order_completed") >= 9'})
    response = second.post(difference_url(buyers), {**old, "approve": "1"}, follow=True)
    assert "Another draft was saved meanwhile" in response.text
    assert set(buyers.versions.filter(number__gt=1).values_list("approved_by", flat=True)) == {""}


@pytest.mark.usefixtures("_is_on")
def test_approved_segment_that_was_paused_comes_back_without_another_approval(author, staff, buyers):
    decide(staff("view_segment", "approve_segment"), buyers, "approve")
    decide(author, buyers)
    given = {"name": "Buyers", "description": "", "note": "", "rule_text": 'count("order_completed") >= 1'}
    author.post(change_url(buyers), {**given, "state": "paused"})
    decide(author, buyers)
    assert (_number(buyers), buyers.live_version.approved_by) == (3, "user-1")


@pytest.mark.usefixtures("_is_on")
def test_action_of_the_list_leaves_what_waits(author, make_segment):
    rows = [make_segment(slug, BUYERS, is_active=False) for slug in ("one", "two")]
    given = {"action": "activate_chosen", "_selected_action": [row.pk for row in rows]}
    page = author.post("/admin/django_microseg/segment/", given, follow=True)
    assert (WAITS in page.text, set(Segment.objects.values_list("state", flat=True))) == (True, {"draft"})


@pytest.mark.usefixtures("_is_on")
def test_commands_act_as_the_operator_and_say_so():
    install_presets(["vip"], now=timezone.now())
    assert Segment.objects.get().live_version.approved_by == "operator"


@pytest.mark.usefixtures("_is_on")
def test_ready_made_segments_are_drafts_in_the_admin(owner):
    response = owner.post("/admin/django_microseg/segment/presets/", {"preset": ["vip"]}, follow=True)
    assert "1 segment added as a draft, which waits for approval." in response.text
    assert Segment.objects.get().state == "draft"


@pytest.mark.usefixtures("_is_on")
def test_whoever_adds_a_ready_made_segment_does_not_approve_it(owner, staff):
    owner.post("/admin/django_microseg/segment/presets/", {"preset": ["vip"]})
    vip = Segment.objects.get()
    assert "It was not approved: it is yours" in decide(owner, vip, "approve").text
    assert "Version 1 is approved." in decide(staff("view_segment", "approve_segment"), vip, "approve").text


def test_owner_and_purpose_stand_on_the_page_and_in_files(owner, staff, make_segment, tmp_path):
    staff("view_segment")
    segment = make_segment("buyers", BUYERS)
    given = {"name": "Buyers", "description": "", "note": "", "state": "active", "rule_text": BUYERS}
    owner.post(change_url(segment), {**given, "owner": "user-1", "purpose": "our own pages"})
    words = read(owner.get(change_url(segment)).text).words
    assert "user-1 answers for it. It may be used for: our own pages" in words
    file = tmp_path / "segments.yaml"
    call_command("microseg_dump", output=file)
    assert ("owner: user-1" in file.read_text(), "purpose: our own pages" in file.read_text()) == (True, True)
    file.write_text(file.read_text().replace("owner: user-1\n", "owner: eve\n").replace("our own", "all"))
    call_command("microseg_load", file, stdout=io.StringIO())
    segment.refresh_from_db()
    assert (segment.owner, segment.purpose, _number(segment)) == ("eve", "all pages", 1)


def test_file_that_does_not_say_who_leaves_the_owner(make_segment, tmp_path):
    segment = make_segment("buyers", BUYERS, owner="eve", purpose="own pages")
    file = tmp_path / "segments.yaml"
    file.write_text(f"format: 1\nsegments:\n  - {{slug: buyers, name: Buyers, rule: '{BUYERS}'}}\n")
    call_command("microseg_load", file, stdout=io.StringIO())
    segment.refresh_from_db()
    assert (segment.owner, segment.purpose) == ("eve", "own pages")


def test_somebody_who_is_not_on_the_staff_is_no_owner(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    given = {"name": "Buyers", "description": "", "note": "", "state": "active", "rule_text": BUYERS}
    assert "errorlist" in owner.post(change_url(segment), {**given, "owner": "stranger"}).text
