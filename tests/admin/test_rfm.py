"""The RFM page: the answer first, figures in each cell, and a way from a group to a segment."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from django_microseg.segment.models import Segment
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

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
    assert "are champions and spent" in words
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


@pytest.mark.usefixtures("buyers")
def test_nonsense_shows_the_orders(owner: Any) -> None:
    assert "30 people" in owner.get(f"{PAGE}?event=<script>").text
    assert "So far 0 people" in owner.get(f"{PAGE}?event=visits").text
