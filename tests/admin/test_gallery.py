"""The gallery: sizes before anything is added, numbers and words of the shop's own, and a way to the form."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from django_microseg.segment.models import Segment
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

PAGE = "/admin/django_microseg/segment/presets/"
FASHION = f"{PAGE}?pack=fashion"


@pytest.fixture
def customers(happen):
    """Ada bought three times lately, Bea once."""
    for number in range(3):
        happen("order_completed", customer="ada", order_id=f"A-{number}", revenue="20", currency="GBP", days_ago=number)
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")


def _card(browser, slug: str, page: str = PAGE, **typed: str):
    answer = browser.post(page, {"count": "1", **typed}) if typed else browser.get(page)
    return next(card for card in answer.context["cards"] if card.slug == slug)


def test_each_pack_is_a_tab_and_nonsense_shows_the_first(owner):
    page = read(owner.get(FASHION).text)
    assert "For every shop Fashion Grocery Electronics and DIY Beauty B2B" in page.words
    assert len(page.all("input", name="preset", type="checkbox")) == 8
    assert len(read(owner.get(f"{PAGE}?pack=nonsense").text).all("input", name="preset", type="checkbox")) == 15


def test_size_on_the_shops_own_data_stands_before_anything_is_added(owner, customers):
    card = _card(owner, "frequent-buyers")
    assert (card.size, card.share, card.notes, Segment.objects.count()) == ("1", "50.0 %", [], 0)
    assert "1 person 50.0 %" in read(owner.get(PAGE).text).words


def test_other_numbers_are_counted_without_being_saved(owner, customers):
    card = _card(owner, "frequent-buyers", **{"frequent-buyers.orders": "1"})
    assert (card.size, card.sentence) == ("2", "bought at least once in the last 30 days")
    assert Segment.objects.count() == 0


def test_number_that_does_not_fit_says_so_and_hides_no_other(owner, customers):
    typed = {"count": "1", "frequent-buyers.orders": "many"}
    page = owner.post(PAGE, typed)
    cards = {card.slug: card for card in page.context["cards"]}
    assert (cards["frequent-buyers"].error, cards["regular-buyers"].size) == (
        "The parameter 'orders' does not fit. Give a whole number, at least 1.", "0",
    )  # fmt: skip
    assert 'value="many"' in page.text


def test_one_that_looks_at_the_moment_says_that_there_are_more(owner, customers):
    assert _card(owner, "returning-customer").notes == ["more at the right moment"]


def test_of_many_people_the_size_is_an_estimate(owner, happen, monkeypatch):
    for number in range(30):
        happen("page_viewed", visitor=f"visitor-number-{number:03}", path="/")
    monkeypatch.setattr("django_microseg.segment.counting.MOST_ASKED", 15)
    card = _card(owner, "browsers")
    assert (card.size, card.notes[0][0]) == ("≈ 0", "±")
    assert "≈: a random" in owner.get(PAGE).text


def test_chosen_ones_are_added_with_what_was_typed(owner, customers):
    owner.post(
        FASHION, {"preset": "fashion-half-outfit", "fashion-half-outfit.has": "coats", "fashion-keep-all.days": "9"}
    )
    segment = Segment.objects.get()
    assert (segment.slug, segment.state) == ("fashion-half-outfit", "active")
    rule = str(segment.live_version.rule)
    assert ("coats" in rule, "dresses" in rule, "shoes" in rule) == (True, False, True)


def test_what_does_not_fit_is_not_added_and_the_reason_is_said(owner):
    answer = owner.post(FASHION, {"preset": "fashion-keep-all", "fashion-keep-all.days": "0"}, follow=True)
    assert "Nothing was added. Keep what they order: The parameter" in read(answer.text).words
    assert Segment.objects.count() == 0


def test_preset_of_another_pack_is_not_added_from_this_one(owner):
    owner.post(FASHION, {"preset": "vip"})
    assert Segment.objects.count() == 0


def _filled(answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.url).query)


def test_edit_opens_the_form_with_name_slug_and_rule(owner):
    answer = owner.post(FASHION, {"edit": "fashion-keep-all", "fashion-keep-all.orders": "7"})
    filled = _filled(answer)
    assert (filled["name"], filled["slug"]) == (["Keep what they order"], ["fashion-keep-all"])
    assert filled["rule_text"] == ['count("order_completed", days=365) >= 7 and count("order_refunded", days=365) == 0']
    assert "&gt;= 7 and count" in owner.get(answer.url).text
    assert Segment.objects.count() == 0


def test_duplicate_has_the_next_free_slug(owner, make_segment):
    make_segment("fashion-keep-all", "everyone()")
    make_segment("fashion-keep-all-2", "everyone()")
    assert _filled(owner.post(FASHION, {"edit": "fashion-keep-all"}))["slug"] == ["fashion-keep-all-3"]


def test_edit_of_nonsense_leads_back(owner):
    assert owner.post(FASHION, {"edit": "nonsense"}).url == FASHION


def test_who_may_only_look_sees_sizes_and_no_buttons(staff, customers):
    viewer = staff("view_segment")
    page = read(viewer.get(PAGE).text)
    assert ("1 person 50.0 %" in page.words, page.all("button", name="edit"), page.all("input", name="preset")) == (
        True, [], [],
    )  # fmt: skip
    assert viewer.post(PAGE, {"edit": "vip"}).status_code == 403


def test_words_of_the_shop_are_suggested_where_a_template_needs_them(owner, happen):
    happen("product_viewed", visitor="visitor-number-one", product_id="b", category="boots", brand="tarnway")
    page = read(owner.get(FASHION).text)
    assert [tag["value"] for tag in page.all("option") if "value" in tag] == ["boots", "tarnway"]
    assert len(page.all("input", list="microseg-category")) == 3


def test_fifteen_sizes_take_few_statements(owner, customers, django_assert_max_num_queries):
    owner.get(PAGE)
    with django_assert_max_num_queries(14):
        owner.get(PAGE)
