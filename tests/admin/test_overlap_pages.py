"""Overlap, who is in both, parts of a segment, and what is worth a look, in the admin."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from django_microseg.segment.models import Segment
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/segment/"


@pytest.fixture
def family(happen, make_segment):
    """Three buyers, of whom two bought twice and one of these three times."""
    for name, times in (("ada", 3), ("bea", 2), ("cyd", 1)):
        for number in range(times):
            happen("order_completed", customer=name, order_id=f"{name}-{number}", revenue="20", currency="GBP")
    make_segment("buyers", 'count("order_completed") >= 1')
    make_segment("twice", 'segment("buyers") and count("order_completed") >= 2')
    make_segment("thrice", 'segment("twice") and count("order_completed") >= 3')
    return {segment.slug: segment for segment in Segment.objects.all()}


def _page(browser, address: str):
    return read(browser.get(address).text)


def test_largest_are_compared_without_a_choice(owner, family):
    words = _page(owner, f"{LIST}overlap/").words
    assert "are most alike: 66.7 % of those in either are in both." in words
    assert "Buyers 3 66.7 %: Buyers and Twice 66.7 % 33.3 %: Buyers and Thrice 33.3 %" in words


def test_share_of_both_together_is_the_other_reading(owner, family):
    chosen = f"s={family['twice'].pk}&s={family['thrice'].pk}"
    page = _page(owner, f"{LIST}overlap/?{chosen}&by=jaccard")
    both = ("50.0 %: Twice and Thrice", "50.0 %: Thrice and Twice")
    assert [words in page.words for words in (*both, "Buyers")] == [True, True, False]
    assert f"?{chosen}&by=share" in page.addresses()
    shares = _page(owner, f"{LIST}overlap/?{chosen}&by=share").words
    assert [words in shares for words in (both[0], "100.0 %: Thrice and Twice")] == [True, True]


def test_action_of_the_list_leads_to_the_chosen(owner, family):
    chosen = [family["buyers"].pk, family["thrice"].pk]
    answer = owner.post(LIST, {"action": "compare_chosen", "_selected_action": chosen})
    assert sorted(parse_qs(urlsplit(answer.url).query)["s"]) == sorted(map(str, chosen))


def test_cell_leads_to_who_is_in_both_and_on_to_a_segment_of_them(owner, family):
    address = f"{LIST}{family['buyers'].pk}/and/{family['twice'].pk}/"
    assert address in _page(owner, f"{LIST}overlap/").addresses()
    page = _page(owner, address)
    assert ("2 people are in both" in page.words, "ada" in page.words, "cyd" in page.words) == (True, True, False)
    draft = next(each for each in page.addresses() if "rule_text" in each)
    assert parse_qs(urlsplit(draft).query)["rule_text"] == ['segment("buyers") and segment("twice")']


def test_without_two_segments_there_is_nothing_to_compare(owner, make_segment):
    make_segment("buyers", 'count("order_completed") >= 1')
    assert "Two segments in force with members are needed" in _page(owner, f"{LIST}overlap/?s=x&s=9999").words


@pytest.mark.parametrize("nonsense", ["²", "9" * 30, "9" * 5000])
def test_id_that_no_table_could_have_given_is_passed_over(owner, family, nonsense):
    words = _page(owner, f"{LIST}overlap/?s={nonsense}&s={family['buyers'].pk}").words
    assert "Two segments in force with members are needed" in words


def test_comparing_with_nothing_leads_back(owner, family):
    assert owner.get(f"{LIST}{family['buyers'].pk}/and/999999/").url == f"{LIST}overlap/"


def test_who_is_in_both_is_named_to_whoever_may_see_people(staff, family):
    address = f"{LIST}{family['buyers'].pk}/and/{family['twice'].pk}/"
    seen = _page(staff("view_segment", "view_profile"), address)
    unseen = _page(staff("view_segment"), address)
    assert ("2 people are in both" in seen.words, "2 people are in both" in unseen.words) == (True, True)
    people = [[each for each in page.addresses() if re.search(r"/profile/\d", each)] for page in (seen, unseen)]
    assert (len(people[0]), people[1]) == (2, [])


def test_page_of_a_part_says_of_what_and_how_much(owner, family):
    words = _page(owner, f"{LIST}{family['twice'].pk}/change/").words
    assert "Part of Buyers: 66.7 % of its 3 members" in words
    assert "Thrice 1 member, 50.0 %" in words
    assert "1 member is in none of them, 50.0 %." in words


def test_part_that_is_all_of_it_leaves_nobody(owner, family, make_segment):
    make_segment("all", 'segment("thrice") and count("order_completed") >= 1')
    assert "Together they cover all of it." in _page(owner, f"{LIST}{family['thrice'].pk}/change/").words


def test_make_a_part_begins_the_rule(owner, family):
    page = _page(owner, f"{LIST}{family['thrice'].pk}/change/")
    begun = next(each for each in page.addresses() if "rule_text" in each)
    assert parse_qs(urlsplit(begun).query)["rule_text"] == ['segment("thrice") and ']
    assert "segment(&quot;thrice&quot;) and" in owner.get(begun).text


def test_who_may_only_look_is_offered_no_new_segment(staff, family):
    viewer = staff("view_segment")
    both = viewer.get(f"{LIST}{family['buyers'].pk}/and/{family['twice'].pk}/").text
    page = viewer.get(f"{LIST}{family['twice'].pk}/change/").text
    assert ("rule_text" in both, "Make a part" in page, "Part of Buyers" in page) == (False, False, True)


def test_worth_a_look_says_why_and_what_to_do(owner, family, make_segment):
    make_segment("never", "age >= 5 and age < 3")
    make_segment("again", 'count("order_completed") >= 1')
    words = _page(owner, f"{LIST}look/").words
    assert "2 things are worth a look." in words
    assert "Never Nobody can be both: “is at least 5 years old” and “is less than 3 years old”." in words
    assert "They have the same rule." in words


def test_where_nothing_is_wrong_it_says_so(owner, family):
    assert "Nothing is wrong with the 3 segments." in _page(owner, f"{LIST}look/").words


@pytest.mark.parametrize("page", ["overlap/", "look/"])
def test_looking_needs_the_permission(staff, family, page):
    assert (staff().get(f"{LIST}{page}").status_code, staff("view_segment").get(f"{LIST}{page}").status_code) == (
        403,
        200,
    )


def test_list_leads_to_both_pages(owner, family):
    assert {f"{LIST}overlap/", f"{LIST}look/"} <= set(_page(owner, LIST).addresses())
