"""Reading a profile's past back."""

from __future__ import annotations

import pytest

from django_microseg.collect import read
from django_microseg.collect.read import records_of
from django_microseg.profile.models import Profile
from tests.collect.making import HOUR, NOW, event, send

pytestmark = pytest.mark.django_db


def people(count):
    """Profiles, of whom every second one has two events."""
    ids = [Profile.objects.create(created_at=NOW).pk for _ in range(count)]
    send(
        *(
            event(visitor_key=f"v{number}", occurred_at=NOW - hours * HOUR, properties={"path": f"/{hours}"})
            for number in range(count)
            for hours in (1, 2)
        )
    )
    return ids + sorted(Profile.objects.exclude(pk__in=ids).values_list("pk", flat=True))


def test_everybody_asked_for_comes_once_in_the_order_of_ids():
    ids = people(3)
    found = list(records_of([*reversed(ids), *ids]))
    assert [profile_id for profile_id, _ in found] == sorted(ids)
    assert [[record.labels for record in records] for _, records in found] == [[]] * 3 + [
        ["|path=/2|", "|path=/1|"]
    ] * 3


def test_nobody_asked_for_is_nobody():
    assert list(records_of([])) == []
    assert list(records_of([-1])) == [(-1, [])]


def test_one_statement_for_each_chunk(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(read, "CHUNK", 4)
    ids = people(5)
    with django_assert_num_queries(3):
        assert len(list(records_of(ids))) == 10
