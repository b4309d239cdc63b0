"""Near misses against brute force: each change written out by hand, put in force, and its members counted."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from django_microseg.profile.facts import set_fact
from django_microseg.segment import rulebook
from django_microseg.segment.models import Membership
from django_microseg.segment.near_misses import MOST_VARIANTS, variants_of
from django_microseg.segment.preview import preview_rule
from django_microseg.segment.text import parse, render
from tests.segment.shop import DAY, NOW, buy, do, profile_of, put_in_force

ORDERS, VIEWS = 'count("order_completed")', 'count("product_viewed", days=30)'
SPENT, SINCE = 'sum("order_completed", "value")', 'days_since("order_completed")'


def _changes(rule: str) -> list[str]:
    return [render(variant.rule) for variant in variants_of(parse(rule), decimals=2)]


@pytest.fixture
def crowd() -> Iterator[None]:
    rulebook.forget()
    chance = random.Random(11)
    for n in range(60):
        for _ in range(chance.randrange(4)):
            do(f"c{n}", "product_viewed", NOW - chance.randrange(1, 45) * DAY, product_id="b")
        for _ in range(chance.randrange(4)):
            buy(f"c{n}", NOW - chance.randrange(1, 120) * DAY, revenue=chance.randrange(10, 60))
        do(f"c{n}", "page_viewed", NOW - 99 * DAY)
        if n % 3:
            set_fact(profile_of(f"c{n}"), "gender", "female", source="test", now=NOW - DAY)
    yield
    rulebook.forget()


#: The rule, and every change that is tried of it: thresholds one step easier, then conditions left out.
CASES = [
    (
        f"{ORDERS} >= 3 and {VIEWS} >= 2",
        [
            f"{ORDERS} >= 2 and {VIEWS} >= 2",
            f"{ORDERS} >= 3 and {VIEWS} >= 1",
            f"{VIEWS} >= 2",
            f"{ORDERS} >= 3",
        ],
    ),
    (
        f'{SPENT} > 100 and {SINCE} <= 30 and gender == "female"',
        [
            f'{SPENT} > 90 and {SINCE} <= 30 and gender == "female"',
            f'{SPENT} > 100 and {SINCE} <= 31 and gender == "female"',
            f'{SINCE} <= 30 and gender == "female"',
            f'{SPENT} > 100 and gender == "female"',
            f"{SPENT} > 100 and {SINCE} <= 30",
        ],
    ),
    (
        f"not ({ORDERS} >= 1 or {VIEWS} >= 2)",
        [
            f"not ({ORDERS} >= 2 or {VIEWS} >= 2)",
            f"not ({ORDERS} >= 1 or {VIEWS} >= 3)",
            f"not ({VIEWS} >= 2)",
            f"not ({ORDERS} >= 1)",
        ],
    ),
    (
        f"({ORDERS} >= 3 or {VIEWS} >= 3) and known(gender)",
        [
            f"({ORDERS} >= 2 or {VIEWS} >= 3) and known(gender)",
            f"({ORDERS} >= 3 or {VIEWS} >= 2) and known(gender)",
            "known(gender)",
            f"{ORDERS} >= 3 or {VIEWS} >= 3",
        ],
    ),
    (f"{ORDERS} == 0", [f"{ORDERS} <= 1"]),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(("rule", "changes"), CASES)
def test_each_near_miss_brings_exactly_those_whom_the_change_would_bring(rule: str, changes: list[str]) -> None:
    assert sorted(_changes(rule)) == sorted(changes)
    found = preview_rule(parse(rule), now=NOW)
    put_in_force(NOW, own=rule, **{f"change-{n}": change for n, change in enumerate(changes)})
    sizes = {n: Membership.objects.filter(segment__slug=f"change-{n}").count() for n in range(len(changes))}
    brought = {changes[n]: size - found.size for n, size in sizes.items() if size > found.size}
    assert {render(near.variant.rule): near.people for near in found.near} == brought
    assert len(brought) >= 1


@pytest.mark.parametrize(
    ("rule", "easier"),
    [
        (f"{ORDERS} >= 1", []),  # an order fewer is none: that is leaving it out, and nothing else is left
        (f"{ORDERS} > 1", [f"{ORDERS} > 0"]),
        (f"{ORDERS} < 2", [f"{ORDERS} < 3"]),
        (f"not ({ORDERS} == 2)", []),
        (f"{SPENT} >= 0.01", []),
        (f"{SPENT} >= 0.05", [f"{SPENT} >= 0.04"]),
        ("age >= 30", ["age >= 29"]),
        ("age < 30", ["age < 31"]),
        ('avg("order_completed", "value") > shop("average_order_value")',
         ['avg("order_completed", "value") > 0.9 * shop("average_order_value")']),
        ('share("order_completed", of=where(coupon="sale")) >= 0.98',
         ['share("order_completed", of=where(coupon="sale")) >= 0.93']),
        ('share("order_completed", of=where(coupon="sale")) <= 0.98', []),
        ('context.device == "mobile"', []),
        ("everyone()", []),
        ("nobody()", []),
    ],
)  # fmt: skip
def test_thresholds_move_one_step_the_easier_way(rule: str, easier: list[str]) -> None:
    assert _changes(rule) == easier


def test_what_is_known_only_at_the_moment_is_no_near_miss() -> None:
    assert _changes('context.hour >= 20 and gender == "female"') == ["context.hour >= 20"]
    assert _changes('context.device == "mobile" and known(gender)') == ["known(gender)", 'context.device == "mobile"']


def test_long_rule_is_tried_with_fewer_changes() -> None:
    assert len(_changes(" and ".join(f"{ORDERS[:-1]}, days={n + 1}) >= 2" for n in range(12)))) == MOST_VARIANTS
    assert len(_changes(" and ".join(f"{ORDERS[:-1]}, days={n + 1}) >= 2" for n in range(60)))) == 5
