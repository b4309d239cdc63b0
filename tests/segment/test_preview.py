"""The preview of a rule: the figures that saving it would give, exactly or with a margin, and nothing written."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.profile.models import Profile
from django_microseg.segment import preview, rulebook
from django_microseg.segment.judged import FaultyRule, read_rule
from django_microseg.segment.models import Membership, Segment
from django_microseg.segment.preview import Overlap, Preview, preview_rule
from django_microseg.segment.preview_figures import MixRow
from django_microseg.segment.text import parse
from tests.segment.shop import DAY, NOW, buy, do, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


def _seen(customer: str, at: dt.datetime, **known: str) -> None:
    event = IncomingEvent("page_viewed", message_id=f"{customer}-{at}", occurred_at=at, customer_key=customer, **known)
    assert ingest([event], source="server", received_at=at).stored == 1


def _preview(text: str, **more: Any) -> Preview:
    return preview_rule(parse(text), **{"now": NOW, **more})


@pytest.fixture
def crowd() -> None:
    chance = random.Random(5)
    for n in range(40):
        do(f"c{n}", "product_viewed", NOW - chance.randrange(1, 60) * DAY, product_id="b", category="boots")
        for _ in range(chance.randrange(3)):
            buy(f"c{n}", NOW - chance.randrange(1, 400) * DAY, revenue=chance.randrange(10, 90))


#: Publication, number of people, the scan, where they were last seen; a savepoint and its release; on
#: PostgreSQL also two statements that set the limits and two that set them back.
_STATEMENTS = 6 if connection.vendor == "sqlite" else 10

RULES = [
    'count("order_completed") >= 1',
    'count("product_viewed", where(category="boots"), days=30) >= 1 and not (count("order_completed") >= 2)',
    'avg("order_completed", "value") > shop("average_order_value")',
    'segment("base") and days_since("order_completed") > 100',
    "nobody()",
    "everyone()",
]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("rule", RULES)
def test_size_is_that_which_saving_would_give(rule: str) -> None:
    put_in_force(NOW, base='count("order_completed") >= 1')
    versions = Segment.objects.count()
    found = _preview(rule, now=NOW)
    assert (Segment.objects.count(), found.people, found.margin, found.is_estimate) == (versions, 40, 0, False)
    put_in_force(NOW, real=rule)
    members = set(Membership.objects.filter(segment__slug="real").values_list("profile", flat=True))
    assert found.size == len(members) == found.customers
    assert set(found.sample) <= members
    assert len(found.sample) == min(10, len(members))


def test_buying_is_that_of_the_members_and_of_everybody() -> None:
    buy("ann", NOW - DAY, revenue=30)
    buy("ann", NOW - DAY, revenue=50)
    buy("bob", NOW - 99 * DAY, revenue=10)
    do("cy", "product_viewed", NOW, product_id="b")
    found = _preview('count("order_completed", days=9) >= 1 or count("product_viewed") >= 1', now=NOW)
    assert (found.size, found.inside.buyers, found.inside.conversion, found.inside.average_minor) == (2, 1, 0.5, 4000)
    assert (found.everybody.conversion, found.everybody.average_minor) == (pytest.approx(2 / 3), 3000)


def test_rule_of_the_moment_says_so() -> None:
    do("cy", "product_viewed", NOW, product_id="b")
    assert _preview("context.hour >= 20", now=NOW).is_momentary
    assert not _preview("age >= 20", now=NOW).is_momentary


@pytest.mark.usefixtures("crowd")
def test_of_many_a_part_is_asked_and_the_margin_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    Profile.objects.bulk_create(Profile(created_at=NOW, customer_key=f"x{n}") for n in range(1960))
    everyone = list(Profile.objects.order_by("pk"))
    for number, profile in enumerate(everyone):
        profile.key = UUID(int=(number * 407 % 2000 << 128) // 2000)  # at even distances, in an order of their own
    Profile.objects.bulk_update(everyone, ["key"], batch_size=200)
    monkeypatch.setattr(preview, "EXACT", 500)
    monkeypatch.setattr(preview, "ASKED", 500)
    found = _preview('known(gender) or count("product_viewed") >= 1', now=NOW)
    assert found.is_estimate
    assert found.everybody.people == 500
    # 11 of the 40 were asked; 1.96 * sqrt(11/500 * 489/500 / 500) * 2000
    assert (found.size, found.margin) == (44, 26)
    assert found.people == 2000
    assert _preview("everyone()", now=NOW).size == 2000


def test_merged_profiles_count_no_more() -> None:
    buy("ann")
    Profile.objects.create(created_at=NOW, merged_into=Profile.objects.get())
    assert _preview("everyone()", now=NOW).people == 1


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ('count("order_complete") >= 1', "Did you mean"),
        ("count(", "closed|bracket|ends"),
        ('segment("me")', "circle"),
        ("known(health)", "kept for audits"),
    ],
)
def test_what_is_wrong_with_the_text_is_said(rule: str, complaint: str) -> None:
    put_in_force(NOW, me="everyone()")
    with pytest.raises(FaultyRule, match=complaint):
        read_rule(rule, slug="me")


@pytest.mark.usefixtures("crowd")
def test_statements_do_not_grow_with_the_segments_there_are(django_assert_max_num_queries: Any) -> None:
    put_in_force(NOW, **{f"s{n}": f'count("order_completed") >= {n + 1}' for n in range(30)})
    rulebook.current()
    with django_assert_max_num_queries(_STATEMENTS):
        _preview('segment("s3") and count("order_completed") >= 1', now=NOW)


def test_mixes_are_of_those_in_it_and_of_everybody_by_what_was_last_seen() -> None:
    for n, (device, country) in enumerate([("mobile", "gb"), ("mobile", "de"), ("desktop", "gb"), ("desktop", "")]):
        _seen(f"c{n}", NOW - 2 * DAY, device="tablet", country="fr" if country else "")
        _seen(f"c{n}", NOW - DAY, device=device, country=country)
    buy("c0", NOW)
    buy("c1", NOW)
    device, country = _preview('count("order_completed") >= 1', now=NOW).mixes
    assert (device.name, device.inside, device.everybody) == ("device", 2, 4)
    assert device.rows == (MixRow("mobile", 1.0, 0.5), MixRow("desktop", 0.0, 0.5))
    assert [row.index for row in device.rows] == [200, 0]
    assert (country.name, country.inside, country.everybody) == ("country", 2, 3)
    assert country.rows == (MixRow("gb", 0.5, pytest.approx(2 / 3)), MixRow("de", 0.5, pytest.approx(1 / 3)))


def test_nobody_in_it_has_no_mix_and_nobody_known_has_none_either() -> None:
    assert _preview("everyone()", now=NOW).mixes == ()
    buy("ann")
    assert _preview("nobody()", now=NOW).mixes == ()
    assert _preview("everyone()", now=NOW).mixes == ()


def test_mix_of_many_is_that_of_a_drawn_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "_LOOKED_UP", 2)
    for n in range(5):
        _seen(f"c{n}", NOW, device="mobile")
    (device,) = _preview("everyone()", now=NOW).mixes
    assert (device.inside, device.everybody, device.rows) == (2, 2, (MixRow("mobile", 1.0, 1.0),))


@pytest.mark.usefixtures("crowd")
def test_overlap_is_counted_from_both_sides_as_the_other_segment_has_it() -> None:
    rule, other = 'count("order_completed") >= 1', 'count("product_viewed", days=30) >= 1'
    put_in_force(NOW, own=rule, other=other)
    ours, theirs = (
        set(Membership.objects.filter(segment__slug=s).values_list("profile", flat=True)) for s in ("own", "other")
    )
    found = _preview(rule, overlap="other", now=NOW)
    assert found.overlap == Overlap("other", len(theirs), len(ours & theirs), 0)
    assert 0 < len(ours & theirs) < len(theirs)
    assert _preview(rule, overlap="nothing-of-that-name", now=NOW).overlap is None
    assert _preview(rule, overlap="own", now=NOW).overlap == Overlap("own", len(ours), len(ours), 0)


@pytest.mark.usefixtures("crowd")
def test_overlap_near_misses_and_mixes_cost_one_statement_more_than_size_alone(
    django_assert_max_num_queries: Any,
) -> None:
    put_in_force(NOW, other='days_since("product_viewed") < 30')
    rulebook.current()
    with django_assert_max_num_queries(_STATEMENTS):
        _preview('count("order_completed") >= 1 and count("product_viewed") >= 1', overlap="other", now=NOW)


def test_figures_of_the_shop_are_those_in_force_and_not_worked_out_anew() -> None:
    put_in_force(NOW, above='avg("order_completed", "value") > shop("average_order_value")')
    assert rulebook.current().population == {"average_order_value": (0, 0)}
    buy("ann", revenue=10)
    buy("bob", revenue=90)
    rule = 'avg("order_completed", "value") > shop("average_order_value")'
    assert _preview(rule, now=NOW).size == 0
    assert _preview('count("order_completed") >= shop("average_orders")', now=NOW).size == 2


def test_near_miss_among_a_part_carries_a_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(40):
        buy(f"c{n}")
        Profile.objects.filter(customer_key=f"c{n}").update(key=UUID(int=(n << 128) // 40))
    monkeypatch.setattr(preview, "EXACT", 20)
    monkeypatch.setattr(preview, "ASKED", 20)
    found = _preview('count("order_completed") >= 2', now=NOW)
    (near,) = found.near
    assert found.everybody.people == 20
    assert (near.people, near.margin) == (40, 4)  # 1.96 * sqrt(1/20 / 20) * 40
