"""The RFM page: the answer first, figures in each cell, and a way from a group to a segment."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.utils import timezone

from django_microseg.segment.models import Segment
from tests.admin.deciding import decide
from tests.admin.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands_still")]

PAGE = "/admin/django_microseg/rfmgrid/"


@pytest.fixture
def buyers(happen: Any) -> None:
    for n in range(30):
        for order in range(1 + n % 3):
            happen("order_completed", customer=f"c{n}", order_id=f"o-{n}-{order}", revenue=str(10 + n), currency="GBP",
                   days_ago=1 + n * 3 + order)  # fmt: skip


def test_shop_without_orders_says_what_is_missing(owner: Any) -> None:
    assert "So far 0 people did this; fifths of fewer than 25 say nothing." in read(owner.get(PAGE).text).words


@pytest.mark.usefixtures("buyers")
def test_page_counts_everybody_once_and_leads_to_a_segment(owner: Any) -> None:
    page = owner.get(PAGE).text
    words = read(page).words
    assert "30 people by how recently and how often" in words
    assert "are champions, worth" in words
    cells = [int(number) for number in re.findall(r"<strong>(\d+)</strong>", page)]
    assert (len(cells), sum(cells)) == (25, 30)
    address = html.unescape(re.search(r'href="([^"]*segment/add/[^"]*champions[^"]*)"', page)[1])
    form = owner.get(address).text
    assert "days_since(&quot;order_completed&quot;) &lt;=" in form
    assert 'value="rfm-orders-champions"' in form


@pytest.mark.usefixtures("buyers")
def test_rule_that_the_page_offers_can_be_saved(owner: Any) -> None:
    page = owner.get(PAGE).text
    address = html.unescape(re.search(r'href="([^"]*segment/add/[^"]*hibernating[^"]*)"', page)[1])
    form = owner.get(address)
    initial = form.context["adminform"].form.initial
    answer = owner.post("/admin/django_microseg/segment/add/", {**initial, "state": "draft", "note": ""})
    assert answer.status_code == 302
    assert Segment.objects.get().slug == "rfm-orders-hibernating"


@pytest.mark.usefixtures("buyers")
def test_who_may_not_add_segments_sees_the_grid_without_links(staff: Any) -> None:
    page = staff("view_rfmgrid").get(PAGE)
    assert "Champions" in page.text
    assert "Make a segment" not in page.text
    assert staff("view_segment").get(PAGE).status_code == 403


@pytest.mark.usefixtures("buyers")
def test_page_asks_the_same_number_of_questions_however_many_people(
    owner: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        owner.get(PAGE)
    with django_assert_max_num_queries(2):  # who is asking; the rest is kept
        owner.get(PAGE)


@pytest.mark.usefixtures("buyers")
def test_nonsense_shows_the_orders(owner: Any) -> None:
    nonsense = {"r": "<script>bad()</script>", "f": "<b>bad", "m": "bad", "from": "<i>bad", "to": "9999-01-01"}
    page = owner.get(PAGE, nonsense).text
    assert "30 people" in page
    assert "bad" not in page
    assert "So far 0 people" in owner.get(f"{PAGE}?r=visits").text


@pytest.mark.usefixtures("buyers")
def test_cell_leads_to_a_segment_of_its_people_that_can_be_saved(owner: Any) -> None:
    page = owner.get(PAGE)
    cell = next(cell for _, cells in page.context["rows"] for cell in cells if cell.people != "0")
    assert cell.spoken in page.text
    initial = owner.get(cell.url).context["adminform"].form.initial
    owner.post("/admin/django_microseg/segment/add/", {**initial, "state": "active", "note": ""})
    segment = Segment.objects.get()
    decide(owner, segment)
    assert (str(segment.memberships.count()), segment.slug[:10]) == (cell.people, "rfm-orders")


@pytest.mark.usefixtures("buyers")
def test_draft_says_what_each_letter_counts(owner: Any, happen: Any) -> None:
    for n in range(30):
        happen("product_viewed", customer=f"c{n}", product_id="boot-1", days_ago=n + 1)
    page = owner.get(f"{PAGE}?r=views&f=orders").text
    address = html.unescape(re.search(r'href="([^"]*segment/add/[^"]*hibernating[^"]*)"', page)[1])
    initial = owner.get(address).context["adminform"].form.initial
    assert initial["slug"] == "rfm-views-orders-hibernating"
    assert initial["name"] == "Hibernating (products looked at, how often: orders)"
    assert initial["rule_text"].startswith('days_since("product_viewed") > ')


@pytest.mark.usefixtures("buyers")
def test_moves_between_two_days_of_choice(owner: Any) -> None:
    today = timezone.localdate()
    page = read(owner.get(PAGE, {"from": today - dt.timedelta(days=10), "to": today - dt.timedelta(days=2)}).text)
    assert page.all("input", name="from", value=f"{today - dt.timedelta(days=10)}")
    assert "Who moved between" in page.words
    assert "29 people by how recently and how often" in page.words
    early = read(owner.get(PAGE, {"from": "1999-01-01"}).text)
    assert "there were too few people to say." in early.words


@pytest.mark.usefixtures("buyers")
def test_days_in_the_wrong_order_are_thirty_days_before_the_later(owner: Any) -> None:
    today = timezone.localdate()
    page = read(owner.get(PAGE, {"from": today, "to": today - dt.timedelta(days=3)}).text)
    assert page.all("input", name="from", value=f"{today - dt.timedelta(days=33)}")


@pytest.mark.usefixtures("buyers")
def test_page_says_when_it_was_worked_out_and_can_be_worked_out_anew(owner: Any, happen: Any) -> None:
    assert "Worked out just now" in read(owner.get(PAGE).text).words
    happen("order_completed", customer="newcomer", order_id="o-new", revenue="5", currency="GBP")
    assert "30 people" in owner.get(PAGE).text
    assert "31 people" in owner.get(f"{PAGE}?anew=yes").text
    assert "31 people" in owner.get(PAGE).text


@pytest.mark.usefixtures("buyers")
def test_page_keeps_to_a_strict_content_policy(owner: Any) -> None:
    assert read(owner.get(PAGE).text).refused == []
