"""The page “What would change”: figures, people, what follows, and the buttons that decide."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.segment import difference
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import begin
from django_microseg.segment.sweep import sweep
from tests.admin.deciding import decide, difference_url, members_of, shown
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

BUYERS = 'count("order_completed", days=180) >= 2'
WIDER = 'count("order_completed", days=180) >= 1'


@pytest.fixture
def buyers(happen, make_segment) -> Segment:
    """Ada ordered twice, Bea once; who bought twice is in it."""
    for order in ("A-1", "A-2"):
        happen("order_completed", customer="ada", order_id=order, revenue="20", currency="GBP")
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    return make_segment("buyers", BUYERS)


def _save(browser, segment: Segment, rule: str, **changes: str):
    given = {"name": segment.name, "description": "", "rule_text": rule, "note": "", "state": "active", **changes}
    return browser.post(reverse("admin:django_microseg_segment_change", args=[segment.pk]), given)


def _page(browser, segment: Segment):
    return read(browser.get(difference_url(segment)).text)


def test_saving_a_changed_rule_leads_there_and_changes_nobody(owner, buyers):
    response = _save(owner, buyers, WIDER)
    assert (response.url, members_of(buyers)) == (difference_url(buyers), {"ada"})


def test_saving_the_same_rule_does_not(owner, buyers):
    assert _save(owner, buyers, BUYERS).url == "/admin/django_microseg/segment/"


def test_page_leads_with_what_changes_in_the_sentence_then_the_figures(owner, buyers):
    _save(owner, buyers, WIDER, note="wider")
    page = _page(owner, buyers)
    assert "+1 would come in 0 would leave members: 1 now, 2 then 100.0 % of 2 people" in page.words
    assert (len(page.all("ins")), len(page.all("del"))) == (1, 1)
    assert "by user-0: wider" in page.words
    assert page.refused == []


def test_people_are_named_with_why_for_whoever_may_see_them(owner, staff, buyers):
    _save(owner, buyers, WIDER)
    version = buyers.versions.latest("number")
    page = _page(owner, buyers)
    assert "Some who would come in bea Why bea?" in page.words
    (why,) = [each for each in page.addresses() if "/explain/" in each]
    assert why.endswith(f"/explain/buyers/?version={version.pk}")
    said = read(owner.get(why).text).words
    assert ("As it would be by version 2 (draft)." in said, "bea is in it." in said) == (True, True)
    words = _page(staff("view_segment", "change_segment"), buyers).words
    assert ("+1 would come in" in words, "bea" in words) == (True, False)


def test_segments_that_follow_and_slots_that_are_touched_are_named(owner, buyers, make_segment):
    make_segment("rare", 'not segment("buyers")')
    Experience.objects.create(slug="hero", name="Hero", slot="home-hero", segments=["rare"])
    Experience.objects.create(slug="else", name="Elsewhere", slot="home-hero", segments=["other"])
    _save(owner, buyers, WIDER)
    words = _page(owner, buyers).words
    assert "Rare 0 −1" in words  # noqa: RUF001
    assert ("Hero experience home-hero draft" in words, "Elsewhere" in words) == (True, False)


def test_segment_that_nothing_goes_by_says_so(owner, buyers):
    _save(owner, buyers, WIDER)
    assert "no page of the shop changes" in _page(owner, buyers).words


def test_putting_in_force_says_who_really_came_and_leaves_a_trace(owner, buyers, happen):
    _save(owner, buyers, WIDER)
    given = shown(owner, buyers)
    happen("order_completed", customer="eve", order_id="E-1", revenue="20", currency="GBP")
    response = owner.post(difference_url(buyers), {**given, "go": "1"}, follow=True)
    assert "The rule is in force: 2 came in, 0 left." in response.text
    assert members_of(buyers) == {"ada", "bea", "eve"}
    assert LogEntry.objects.latest("pk").change_message == "version 2 put in force"


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits for more than one person to be looked at."""
    monkeypatch.setattr("django_microseg.segment.launch.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("django_microseg.segment.refresh.BATCH", 1)


FAR = "of all people have been looked at"


@pytest.mark.usefixtures("hasty")
def test_what_takes_long_says_how_far_it_is_and_goes_on_when_asked(owner, buyers):
    _save(owner, buyers, WIDER)
    response = decide(owner, buyers)
    assert f"It is being prepared: 50 % {FAR}. The next sweep goes on" in response.text
    assert f"Version 2 is being prepared: 50 % {FAR}." in read(response.text).words
    assert (members_of(buyers), LogEntry.objects.latest("pk").change_message) == (
        {"ada"}, "a rule put in preparation",
    )  # fmt: skip
    page = _page(owner, buyers)
    assert f"Version 2 is being prepared: 50 % {FAR}. The next sweep goes on" in page.words
    assert page.all("input", name="go")[0]["value"] == "Go on now"
    decide(owner, buyers)
    assert "The rule is in force: 1 came in, 0 left." in decide(owner, buyers).text
    assert members_of(buyers) == {"ada", "bea"}


@pytest.mark.usefixtures("hasty")
def test_what_somebody_prepares_at_this_moment_comes_by_itself(owner, buyers):
    _save(owner, buyers, WIDER)
    begin([buyers.versions.get(number=2)], now=timezone.now())
    assert f"0 % {FAR}. It comes into force by itself" in _page(owner, buyers).words
    assert "It is being put in force at this moment." in decide(owner, buyers).text


@pytest.mark.usefixtures("hasty")
def test_what_is_being_prepared_is_stopped_and_what_only_follows_is_not(owner, buyers, make_segment):
    make_segment("rare", 'not segment("buyers")')
    _save(owner, buyers, WIDER)
    decide(owner, buyers)
    rare = Segment.objects.get(slug="rare")
    buttons = [len(_page(owner, segment).all("button", name="discard")) for segment in (rare, buyers)]
    assert buttons == [0, 1]
    response = decide(owner, buyers, "discard")
    assert ("It is discarded." in response.text, FAR in response.text) == (True, False)
    sweep(timezone.now())
    assert (members_of(buyers), members_of(rare)) == ({"ada"}, {"bea"})


@pytest.mark.usefixtures("hasty", "buyers")
def test_several_that_take_long_are_told_one_by_one(owner, make_segment):
    chosen = [make_segment(slug, BUYERS, is_active=False) for slug in ("one", "two")]
    told = owner.post(
        "/admin/django_microseg/segment/",
        {"action": "activate_chosen", "_selected_action": [row.pk for row in chosen]}, follow=True,
    ).text  # fmt: skip
    assert (" activated." in told, told.count("It is being prepared: 50 %")) == (False, 2)


def test_draft_that_is_kept_is_found_again_on_the_segments_page(owner, buyers):
    _save(owner, buyers, WIDER)
    page = read(owner.get(reverse("admin:django_microseg_segment_change", args=[buyers.pk])).text)
    assert "Saved, but not in force" in page.words
    assert difference_url(buyers) in page.addresses()


def test_discarded_draft_is_gone_from_the_form_and_stands_in_the_history(owner, buyers):
    _save(owner, buyers, WIDER)
    response = decide(owner, buyers, "discard")
    assert "It is discarded." in response.text
    assert (members_of(buyers), "Saved, but not in force" in response.text) == ({"ada"}, False)
    assert "discarded" in read(response.text).words
    assert response.context["adminform"].form["rule_text"].initial == BUYERS


def test_stale_page_is_refused_and_says_why(owner, buyers):
    _save(owner, buyers, WIDER)
    given = shown(owner, buyers)
    _save(owner, buyers, 'count("order_completed") >= 7')
    response = owner.post(difference_url(buyers), {**given, "go": "1"}, follow=True)
    assert "The draft was changed or discarded meanwhile" in response.text
    assert members_of(buyers) == {"ada"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"version": "x", "live": "-1"},
        {"version": "", "live": ""},
        *({"version": each, "live": each} for each in ("²", "9" * 30, "9" * 5000)),
    ],
)
def test_nonsense_puts_nothing_in_force(owner, buyers, given):
    _save(owner, buyers, WIDER)
    owner.post(difference_url(buyers), {**given, "go": "1"})
    assert members_of(buyers) == {"ada"}


def test_without_a_draft_nothing_waits(owner, buyers):
    response = owner.get(difference_url(buyers), follow=True)
    assert "Nothing waits to go live" in response.text


def test_viewer_looks_and_does_not_decide(owner, staff, buyers):
    _save(owner, buyers, WIDER)
    given, viewer = shown(owner, buyers), staff("view_segment")
    page = _page(viewer, buyers)
    assert ("+1 would come in" in page.words, page.all("input", name="go")) == (True, [])
    assert viewer.post(difference_url(buyers), {**given, "go": "1"}).status_code == 403
    assert viewer.post(difference_url(buyers), {**given, "discard": "1"}).status_code == 403
    assert staff("view_experience").get(difference_url(buyers)).status_code == 403


def test_estimate_says_that_it_is_one(owner, buyers, happen, monkeypatch):
    for number in range(60):
        happen("order_completed", customer=f"many-{number}", order_id=f"M-{number}", revenue="20", currency="GBP")
    _save(owner, buyers, WIDER)
    assert "≈" not in _page(owner, buyers).words
    monkeypatch.setattr(difference, "EXACT", 20)
    monkeypatch.setattr(difference, "ASKED", 20)
    words = _page(owner, buyers).words
    assert ("≈ +" in words, "An estimate:" in words) == (True, True)


def test_rule_that_can_no_longer_be_read_is_said_and_not_put_in_force(owner, buyers):
    _save(owner, buyers, WIDER)
    buyers.versions.filter(state="draft").update(rule={"version": 1, "rule": {"nonsense": 1}})
    assert "can no longer be read" in _page(owner, buyers).words
    assert "something speaks against it" in decide(owner, buyers).text
    assert members_of(buyers) == {"ada"}


def test_takes_no_more_queries_for_more_that_follows(owner, buyers, make_segment, django_assert_max_num_queries):
    make_segment("rare-0", 'not segment("buyers")')
    _save(owner, buyers, WIDER)
    with django_assert_max_num_queries(27):
        owner.get(difference_url(buyers))
    for number in range(1, 8):
        make_segment(f"rare-{number}", 'not segment("buyers")')
        Experience.objects.create(slug=f"hero-{number}", name="Hero", slot="home-hero", segments=["buyers"])
    with django_assert_max_num_queries(27):
        owner.get(difference_url(buyers))
