"""The order of text is the byte's, whatever the server's locale: ties of top values and of time, and keys in rows.

Marked `collation`, so all of it runs once more on a PostgreSQL whose default is an ICU order. There "a" comes before
"B" and "é" before "z"; byte by byte it is the other way round.
"""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import connection

from django_microseg.profile.models import Profile
from django_microseg.segment.refresh import refresh_all
from tests.agreement.compare import Evaluator, compare
from tests.agreement.evaluators import by_fold, by_scan
from tests.agreement.live import LivePath
from tests.agreement.worlds import worlds_from
from tests.effort import cases
from tests.segment.shop import NOW, do, members, put_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.collation]

#: In the order of their bytes.
KEYS = ("B-1", "a-1", "z", "é")


def test_keys_are_ordered_by_their_bytes() -> None:
    for key in reversed(KEYS):
        Profile.objects.create(customer_key=key, created_at=NOW)
    assert tuple(Profile.objects.order_by("customer_key").values_list("customer_key", flat=True)) == KEYS


@pytest.mark.postgres
def test_under_icu_the_server_itself_would_order_them_otherwise() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datlocprovider FROM pg_database WHERE datname = current_database()")
        (provider,) = cursor.fetchone()
        cursor.execute("SELECT key FROM unnest(%s::text[]) AS given(key) ORDER BY key", [list(KEYS)])
        ordered = tuple(row[0] for row in cursor.fetchall())
    assert provider != "i" or ordered == ("a-1", "B-1", "\u00e9", "z")


@pytest.mark.parametrize("keys", list(permutations(KEYS[:3])), ids="-".join)
def test_tie_of_a_top_value_goes_to_the_lowest_byte_by_fold_and_by_scan(keys: tuple[str, ...]) -> None:
    put_in_force(first='top("product_viewed", "product") == "B-1"', second='top("product_viewed", "product") == "a-1"')
    for key in keys:
        do("ann", "product_viewed", product_id=key)
    assert (members("first"), members("second")) == (["ann"], [])
    refresh_all(NOW, by="scan")
    assert (members("first"), members("second")) == (["ann"], [])


@pytest.mark.parametrize(
    ("evaluator", "seed", "sizes"),
    [
        (by_fold, 11_001, {}),
        (by_scan, 11_501, {"histories": 10, "nows": 2}),
        (LivePath(), 12_001, {"histories": 3, "rules": 12, "nows": 2}),
    ],
    ids=["fold", "scan", "live"],
)
def test_evaluator_agrees_with_the_oracle(evaluator: Evaluator, seed: int, sizes: dict[str, int]) -> None:
    report = compare(worlds_from(seed, cases(quick=3, ci=25), **sizes), evaluator)
    assert report.cases > 0
