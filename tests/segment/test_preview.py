"""The preview of a rule: the figures that saving it would give, exactly or with a margin, and nothing written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from django_microseg.profile.models import Profile
from django_microseg.segment import preview, rulebook
from django_microseg.segment.models import Membership, Segment
from django_microseg.segment.preview import Problems, preview_rule
from tests.segment.shop import DAY, NOW, buy, do, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


@pytest.fixture
def crowd() -> None:
    chance = random.Random(5)
    for n in range(40):
        do(f"c{n}", "product_viewed", NOW - chance.randrange(1, 60) * DAY, product_id="b", category="boots")
        for _ in range(chance.randrange(3)):
            buy(f"c{n}", NOW - chance.randrange(1, 400) * DAY, revenue=chance.randrange(10, 90))


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
    found = preview_rule(rule, now=NOW)
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
    found = preview_rule('count("order_completed", days=9) >= 1 or count("product_viewed") >= 1', now=NOW)
    assert (found.size, found.inside.buyers, found.inside.conversion, found.inside.average_minor) == (2, 1, 0.5, 4000)
    assert (found.everybody.conversion, found.everybody.average_minor) == (pytest.approx(2 / 3), 3000)


def test_rule_of_the_moment_says_so() -> None:
    do("cy", "product_viewed", NOW, product_id="b")
    assert preview_rule("context.hour >= 20", now=NOW).is_momentary
    assert not preview_rule("age >= 20", now=NOW).is_momentary


@pytest.mark.usefixtures("crowd")
def test_of_many_a_part_is_asked_and_the_margin_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    Profile.objects.bulk_create(Profile(created_at=NOW, customer_key=f"x{n}") for n in range(1960))
    monkeypatch.setattr(preview, "EXACT", 500)
    found = preview_rule('known(gender) or count("product_viewed") >= 1', now=NOW)
    assert found.is_estimate
    assert 350 < found.everybody.people < 650
    assert abs(found.size - 40) <= 2 * found.margin
    assert found.people == 2000
    assert preview_rule("everyone()", now=NOW).size == 2000


def test_merged_profiles_count_no_more() -> None:
    buy("ann")
    Profile.objects.create(created_at=NOW, merged_into=Profile.objects.get())
    assert preview_rule("everyone()", now=NOW).people == 1


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
    with pytest.raises(Problems, match=complaint):
        preview_rule(rule, slug="me", now=NOW)


@pytest.mark.usefixtures("crowd")
def test_statements_do_not_grow_with_the_segments_there_are(django_assert_max_num_queries: Any) -> None:
    put_in_force(NOW, **{f"s{n}": f'count("order_completed") >= {n + 1}' for n in range(30)})
    rulebook.current()
    with django_assert_max_num_queries(8):
        preview_rule('segment("s3") and count("order_completed") >= 1', now=NOW)
