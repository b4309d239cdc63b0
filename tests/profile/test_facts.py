from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from django_microseg.profile.fact_catalogue import InvalidFact
from django_microseg.profile.facts import Declaration, set_fact, set_facts
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Fact
from django_microseg.profile.signals import facts_changed
from tests.profile.people import MINUTE, NOW, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rows(name: str) -> list[tuple[Any, ...]]:
    facts = Fact.objects.filter(name=name).order_by("valid_from", "pk")
    return [(row.text, row.number, row.valid_from, row.valid_until) for row in facts]


@pytest.fixture
def told() -> Any:
    heard: list[frozenset[int]] = []

    def listen(sender: Any, *, profile_ids: frozenset[int], **kwargs: Any) -> None:
        heard.append(profile_ids)

    facts_changed.connect(listen)
    yield heard
    facts_changed.disconnect(listen)


def test_text_is_kept_case_folded(told: Any) -> None:
    profile = person("v1")
    set_fact(profile, "gender", " Female ", source="form", now=NOW)
    fact = Fact.objects.get()
    assert (fact.text, fact.number, fact.source, fact.confidence) == ("female", None, "form", 100)
    assert (fact.profile, fact.origin) == (profile, profile)
    assert told == [{profile.pk}]


def test_number_is_kept_in_thousandths_and_date_as_a_number_of_its_digits() -> None:
    profile = person("v1")
    set_fact(profile, "nps", Decimal("8.5"), source="survey", now=NOW)
    set_fact(profile, "birthday", dt.date(1996, 2, 29), source="form", now=NOW)
    assert rows("nps") == [(None, 8500, NOW, None)]
    assert rows("birthday") == [(None, 19_960_229, NOW, None)]


def test_new_value_stands_beside_the_old_one() -> None:
    profile = person("v1")
    set_fact(profile, "tier", "silver", source="crm", now=NOW)
    set_fact(profile, "tier", "gold", source="crm", now=NOW + DAY, valid_until=NOW + 5 * DAY)
    assert rows("tier") == [
        ("silver", None, NOW, None),
        ("gold", None, NOW + DAY, NOW + 5 * DAY),
    ]


def test_saying_again_what_already_counts_writes_nothing(told: Any) -> None:
    profile = person("v1")
    for minutes in range(3):
        set_fact(profile, "tier", "gold", source="crm", now=NOW + minutes * MINUTE)
    assert rows("tier") == [("gold", None, NOW, None)]
    assert len(told) == 1


def test_importing_the_same_dated_rows_again_writes_nothing() -> None:
    profile = person("v1")
    dated = [
        Declaration(profile.pk, "tier", "silver", "crm", valid_from=NOW - DAY),
        Declaration(profile.pk, "tier", "gold", "crm", valid_from=NOW + DAY),
    ]
    assert set_facts(dated, now=NOW) == {profile.pk}
    assert set_facts(dated, now=NOW + 2 * DAY) == frozenset()
    assert Fact.objects.count() == 2


def test_going_back_to_an_earlier_value_is_a_new_row() -> None:
    profile = person("v1")
    for days, tier in enumerate(["silver", "gold", "silver"]):
        set_fact(profile, "tier", tier, source="crm", now=NOW + days * DAY)
    assert [text for text, *_ in rows("tier")] == ["silver", "gold", "silver"]


def test_none_ends_what_counts_and_leaves_the_future() -> None:
    profile = person("v1")
    set_fact(profile, "tier", "silver", source="crm", now=NOW)
    set_fact(profile, "tier", "gold", source="crm", now=NOW, valid_from=NOW + 9 * DAY)
    set_fact(profile, "tier", None, source="crm", now=NOW + DAY)
    assert rows("tier") == [
        ("silver", None, NOW, NOW + DAY),
        ("gold", None, NOW + 9 * DAY, None),
    ]


def test_ending_what_nobody_said_writes_nothing(told: Any) -> None:
    set_fact(person("v1"), "tier", None, source="crm", now=NOW)
    assert (rows("tier"), told) == ([], [])


def test_fact_of_a_merged_profile_goes_to_the_live_one() -> None:
    visitor, customer = person("v1"), person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    set_fact(visitor, "gender", "male", source="form", now=NOW)
    fact = Fact.objects.get()
    assert (fact.profile, fact.origin) == (customer, customer)


def test_fact_of_somebody_who_is_gone_is_dropped(told: Any) -> None:
    profile = person("v1")
    type(profile).objects.all().delete()
    assert set_facts([Declaration(profile.pk or 1, "tier", "gold", "crm")], now=NOW) == frozenset()
    assert (Fact.objects.count(), told) == (0, [])


def test_one_bad_row_keeps_all_out() -> None:
    profile = person("v1")
    good = Declaration(profile.pk, "tier", "gold", "crm")
    bad = Declaration(profile.pk, "nps", "many", "crm")
    with pytest.raises(InvalidFact, match="'nps' takes a number"):
        set_facts([good, bad], now=NOW)
    assert Fact.objects.count() == 0


def test_five_hundred_facts_go_in_at_once() -> None:
    people = [person(f"v{number}") for number in range(100)]
    each = [Declaration(one.pk, "nps", number, "s") for one in people for number in range(5)]
    assert set_facts(each, now=NOW) == {one.pk for one in people}
    assert Fact.objects.count() == 500


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "age", "value": 30}, "Set 'birthday' instead"),
        ({"name": "shoe_size", "value": 42}, "There is no fact 'shoe_size'"),
        ({"name": "tier", "value": "gold", "confidence": 101}, "0 to 100 percent"),
        (
            {"name": "tier", "value": "gold", "valid_from": NOW, "valid_until": NOW},
            "would end before it begins",
        ),
    ],
)
def test_what_cannot_be_a_fact_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidFact, match=message):
        set_fact(person("v1"), source="crm", now=NOW, **values)


def test_shop_may_declare_facts_of_its_own(settings: Any) -> None:
    settings.MICROSEG = {"FACTS": {"shoe_size": {"kind": "number", "summary": "European size."}}}
    set_fact(person("v1"), "shoe_size", 42, source="form", now=NOW)
    assert rows("shoe_size") == [(None, 42_000, NOW, None)]
