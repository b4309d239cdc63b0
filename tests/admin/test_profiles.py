"""A person's page in the admin: who it is, what they did, in which segments they are and why."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from django_microseg.collect.models import Event
from django_microseg.profile.facts import set_fact
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Merge, Profile
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

VISITOR, OTHER = "visitor-number-one", "visitor-number-two"
LIST = "/admin/django_microseg/profile/"


def _page(profile: Profile) -> str:
    return reverse("admin:django_microseg_profile_change", args=[profile.pk])


@pytest.fixture
def ada(happen) -> Profile:
    happen("product_viewed", visitor=VISITOR, product_id="boot-1", category="Boots", brand="Marl", days_ago=2)
    return happen("order_completed", customer="ada", order_id="A-1", revenue="1234.5", currency="GBP", channel="email")


def test_page_shows_identities_facts_and_timeline(owner, ada):
    set_fact(ada, "gender", "female", source="crm", now=timezone.now())
    page = owner.get(_page(ada)).text
    assert all(words in page for words in ("ada", "order_completed", "A-1", "1,234.50 GBP", "gender", "female", "crm"))


def test_page_of_another_person_does_not(owner, ada, happen):
    page = owner.get(_page(happen("page_viewed", visitor=OTHER, path="/"))).text
    assert not any(words in page for words in ("order_completed", "A-1", "1,234.50"))


def test_void_order_is_marked(owner, ada, happen):
    happen("order_cancelled", customer="ada", order_id="A-1")
    assert "void since" in owner.get(_page(ada)).text


def test_fact_that_is_over_is_struck_out(owner, ada):
    now = timezone.now()
    set_fact(ada, "tier", "gold", source="crm", now=now)
    assert 'class="microseg-void"' not in owner.get(_page(ada)).text
    ada.facts.update(valid_until=now)
    assert 'class="microseg-void"' in owner.get(_page(ada)).text


def test_person_without_events_says_so(owner, ada):
    Event.objects.all().delete()
    assert "This person has done nothing yet that was recorded." in owner.get(_page(ada)).text


def test_timeline_goes_on_page_by_page(owner, ada, happen):
    for number in range(60):
        happen("product_viewed", customer="ada", product_id=f"boot-{number}", days_ago=1 + number)
    assert "All events" in owner.get(_page(ada)).text
    first, second = (owner.get(f"{LIST}{ada.pk}/timeline/?p={number}").text for number in (1, 2))
    assert ("61 events" in first, "page 1 of 2" in first, "page 2 of 2" in second) == (True, True, True)
    assert ("boot-59" in first, "boot-59" in second) == (False, True)


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1;DROP"])
def test_nonsense_page_shows_the_nearest(owner, ada, page):
    assert owner.get(f"{LIST}{ada.pk}/timeline/", {"p": page}).status_code == 200


def test_segments_are_shown_with_why_and_why_not(owner, ada, make_segment):
    make_segment("buyers", 'count("order_completed") >= 1')
    make_segment("viewers", 'count("product_viewed") >= 1')
    page = owner.get(_page(ada)).text
    assert ("Why in Buyers?" in page, "Why not in Viewers?" in page) == (True, True)


def test_explanation_says_why_and_with_what(owner, ada, make_segment):
    make_segment("buyers", 'count("order_completed", days=30) >= 1')
    page = owner.get(f"{LIST}{ada.pk}/explain/buyers/").text
    assert all(words in page for words in ("ada is in it.", "order_completed (A-1)", "leaves at"))


def test_explanation_says_why_not_and_what_would_help(owner, ada, make_segment):
    make_segment("buyers", 'count("order_completed", days=30) >= 3')
    page = owner.get(f"{LIST}{ada.pk}/explain/buyers/").text
    assert ("ada is not in it." in page, "The smallest change that would let them in" in page) == (True, True)


@pytest.mark.parametrize("nonsense", ["²", "9" * 30, "9" * 5000])
def test_version_that_no_table_could_have_given_is_passed_over(owner, ada, make_segment, nonsense):
    make_segment("buyers", 'count("order_completed") >= 1')
    assert "ada is in it." in owner.get(f"{LIST}{ada.pk}/explain/buyers/", {"version": nonsense}).text


def test_explanation_of_a_segment_that_is_not_in_force_says_so(owner, ada, make_segment):
    make_segment("buyers", 'count("order_completed") >= 1', is_active=False)
    assert "is not in force" in owner.get(f"{LIST}{ada.pk}/explain/buyers/").text


def test_unknown_segment_is_not_found(owner, ada):
    assert owner.get(f"{LIST}{ada.pk}/explain/nobody/").status_code == 404


def test_unknown_person_leads_back_to_the_list(owner):
    response = owner.get(f"{LIST}999/timeline/", follow=True)
    assert "Perhaps it was erased." in response.text


def test_figures_show_what_rules_ask_for(owner, ada, make_segment):
    make_segment("buyers", 'sum("order_completed", "value") >= 100')
    page = owner.get(f"{LIST}{ada.pk}/figures/").text
    assert "sum(&quot;order_completed&quot;" in page
    assert "1234.5" in page


def test_figures_without_rules_say_so(owner, ada):
    assert "No rule in force asks for a figure." in owner.get(f"{LIST}{ada.pk}/figures/").text


@pytest.mark.parametrize("by", ["customer", "visitor", "key"])
def test_person_is_found_by_a_whole_key(owner, ada, happen, by):
    happen("page_viewed", visitor=OTHER, path="/")
    other = Profile.objects.get(identities__value=OTHER)
    words = {"customer": "ada", "visitor": f" {OTHER} ", "key": str(ada.key)}[by]
    found = owner.get(LIST, {"q": words}).context["cl"].result_list
    assert [row.pk for row in found] == [{"visitor": other}.get(by, ada).pk]


def test_part_of_a_key_finds_nobody(owner, ada):
    assert list(owner.get(LIST, {"q": "ad"}).context["cl"].result_list) == []


@pytest.fixture
def merge(happen) -> Merge:
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    happen("product_viewed", visitor=VISITOR, product_id="boot-1")
    merge_at_login(VISITOR, "ada", now=timezone.now())
    return Merge.objects.get()


def test_merge_is_taken_back_after_a_question(owner, merge):
    url = f"{LIST}{merge.target_id}/unmerge/{merge.pk}/"
    assert "1 event of the visitor goes back" in owner.get(url).text
    merge.refresh_from_db()
    assert merge.undone_at is None
    owner.post(url)
    merge.refresh_from_db()
    assert merge.undone_at is not None
    assert Event.objects.get(name="product_viewed").profile_id == merge.source_id


def test_merge_is_not_taken_back_twice(owner, merge):
    url = f"{LIST}{merge.target_id}/unmerge/{merge.pk}/"
    owner.post(url)
    assert "was not undone" in owner.post(url, follow=True).text


def test_merge_of_another_person_is_not_found(owner, merge, happen):
    other = happen("page_viewed", visitor=OTHER, path="/")
    assert owner.post(f"{LIST}{other.pk}/unmerge/{merge.pk}/").status_code == 404


def test_taking_a_merge_back_needs_a_token(merge, owner):
    owner.handler.enforce_csrf_checks = True
    assert owner.post(f"{LIST}{merge.target_id}/unmerge/{merge.pk}/").status_code == 403


def test_merged_profile_leads_to_the_one_it_became_part_of(owner, merge):
    assert "This profile has become part of" in owner.get(_page(merge.source)).text


@pytest.mark.parametrize(("kind", "count"), [("customers", 1), ("visitors", 0), ("merged", 1)])
def test_list_is_filtered_by_kind(owner, merge, kind, count):
    assert len(owner.get(LIST, {"kind": kind}).context["cl"].result_list) == count


def test_list_takes_no_more_queries_for_more_people(owner, ada, happen, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        owner.get(LIST)
    for number in range(20):
        happen("page_viewed", visitor=f"visitor-{number}", path="/")
    with django_assert_num_queries(len(few)):
        owner.get(LIST)


def test_page_takes_no_more_queries_for_more_events_and_segments(
    owner, ada, happen, make_segment, django_assert_num_queries
):
    make_segment("s-0", 'count("order_completed") >= 1')
    owner.get(_page(ada))
    with CaptureQueriesContext(connection) as few:
        owner.get(_page(ada))
    for number in range(1, 12):
        make_segment(f"s-{number}", f'count("order_completed") >= {number}')
        happen("product_viewed", customer="ada", product_id=f"b-{number}")
    with django_assert_num_queries(len(few)):
        owner.get(_page(ada))


def test_fact_kept_for_audits_is_named_and_its_value_not_shown(owner, happen):
    ada = happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    for name, value in (("health", "secret-allergy"), ("interest", "climbing")):
        set_fact(ada, name, value, source="form", now=timezone.now())
    words = read(owner.get(f"/admin/django_microseg/profile/{ada.pk}/change/").text).words
    assert "health not shown form audits alone" in words
    assert "interest climbing form personalisation" in words
    assert "secret-allergy" not in words


def test_page_says_how_somebody_came_first_and_last_and_where_they_were_seen(owner, happen):
    ada = happen("page_viewed", customer="ada", days_ago=9, channel="social", campaign="spring", path="/")
    happen("page_viewed", customer="ada", days_ago=5, channel="direct", path="/")
    happen("page_viewed", customer="ada", days_ago=2, channel="email", device="mobile", path="/")
    words = read(owner.get(f"/admin/django_microseg/profile/{ada.pk}/change/").text).words
    assert "Came first by social, spring" in words
    assert "Came last by email" in words
    assert "Seen last in mobile" in words
