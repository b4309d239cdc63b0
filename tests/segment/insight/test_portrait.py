"""A segment's portrait over the tables: who is compared with whom, what is read of them, and in how many statements."""

from __future__ import annotations

import pytest

from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.models import Profile
from django_microseg.segment.insight import portrait
from django_microseg.segment.insight.portrait import portrait_of
from django_microseg.segment.insight.variables import read_people
from django_microseg.segment.models import Segment
from tests.segment.shop import DAY, NOW, buy, do, put_in_force

pytestmark = pytest.mark.django_db
BUYERS = 'count("order_completed") >= 1'


def _shop(buyers: int = 40, lookers: int = 40) -> Segment:
    for number in range(buyers):
        buy(f"buyer-{number}", NOW - DAY)
    for number in range(lookers):
        do(f"looker-{number}", "product_viewed", NOW - DAY, product_id="boot")
    put_in_force(buyers=BUYERS)
    return Segment.objects.get(slug="buyers")


def test_members_are_compared_with_everybody_else():
    found = portrait_of(_shop(), now=NOW)
    assert (found.here, found.members, found.there, found.others, found.is_estimate) == (40, 40, 40, 40, False)
    buyer = next(row for row in found.contrasts.rows if row.variable == "buyer")
    assert (buyer.here.number, buyer.there.number, buyer.index, buyer.is_sure) == (40, 0, None, True)


def test_another_segment_as_base_leaves_out_whoever_is_in_both():
    _shop()
    put_in_force(everybody='count("any") >= 0')
    buyers, everybody = (Segment.objects.get(slug=slug) for slug in ("buyers", "everybody"))
    assert portrait_of(buyers, base=everybody, now=NOW).others == 40
    assert portrait_of(everybody, base=buyers, now=NOW).others == 0


def test_of_many_a_part_is_asked(monkeypatch):
    segment = _shop(buyers=35, lookers=31)
    monkeypatch.setattr(portrait, "MOST", 10)
    found = portrait_of(segment, now=NOW)
    assert (found.here, found.members, found.there, found.others, found.is_estimate) == (10, 35, 10, 31, True)
    assert found.alike is None


def test_empty_segment_has_an_empty_portrait():
    found = portrait_of(_shop(buyers=0), now=NOW)
    assert (found.here, found.contrasts.rows, found.alike) == (0, (), None)


def test_what_is_read_of_somebody():
    buy("ann", NOW - 3 * DAY)
    ann = Profile.objects.get(customer_key="ann")
    found = {key: value for key, (value,) in read_people([ann.pk], NOW).items()}
    assert (found["buyer"], found["customer"], found["orders"], found["since_order"]) == ("yes", "yes", 1, 3)
    assert (found["views"], found["device"], found["coupons"]) == (0, None, "no")


def test_facts_count_while_they_are_valid_and_reserved_ones_never():
    buy("ann", NOW - 3 * DAY)
    pk = Profile.objects.get(customer_key="ann").pk
    told = {"tier": "gold", "nps": 9, "health": "asthma"}
    set_facts([Declaration(pk, name, value, "test") for name, value in told.items()], now=NOW - DAY)
    found = {key: value for key, (value,) in read_people([pk], NOW).items()}
    assert (found["fact tier"], found["fact nps"]) == ("gold", 9)
    assert "fact health" not in found
    assert read_people([pk], NOW - 2 * DAY)["fact tier"] == [None]


def test_statements_do_not_grow_with_people_or_values(django_assert_max_num_queries):
    segment = _shop(buyers=60, lookers=60)
    with django_assert_max_num_queries(10):
        portrait_of(segment, now=NOW)
