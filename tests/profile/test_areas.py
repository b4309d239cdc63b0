"""Areas: which postcode lies in which, the facts that follow, and a table that changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.importing.areas import AreaRow
from django_microseg.profile.areas.facts import areas_changed, follow_areas
from django_microseg.profile.areas.importing import rehearse_areas, take_areas
from django_microseg.profile.areas.match import beginnings, best_match, normal_postcode
from django_microseg.profile.areas.models import Area
from django_microseg.profile.fact_catalogue import InvalidFact
from django_microseg.profile.facts import set_fact, standing_facts
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import EventCursor, Fact
from django_microseg.profile.resolve import resolve
from django_microseg.segment import rulebook
from django_microseg.segment.explain import explain
from django_microseg.segment.models import Segment
from django_microseg.segment.refresh import refresh_all
from django_microseg.segment.sweep import sweep
from tests.segment.shop import DAY, NOW, do, members, profile_of, put_in_force

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


@pytest.fixture
def exeter() -> None:
    Area.objects.create(country="GB", prefix="EX", name="Devon", density=Decimal(120), growth=Decimal("0.40"))
    Area.objects.create(country="GB", prefix="EX4", name="Exeter", population=130_000, density=Decimal("2778.5"))


def _lives(customer: str, postcode: str, country: str = "gb", now: dt.datetime = NOW) -> None:
    do(customer, "page_viewed", path="/")
    if country:
        set_fact(profile_of(customer), "country", country, source="crm", now=now)
    set_fact(profile_of(customer), "postcode", postcode, source="crm", now=now)


def _area(customer: str, now: dt.datetime = NOW) -> dict[str, Any]:
    """What is known of somebody's area; numbers in thousandths, as they are kept."""
    names = ["area_name", "area_population", "area_density", "area_growth"]
    found = standing_facts([profile_of(customer).pk], names, now)
    return {name: fact.text or fact.number for (_, name), fact in found.items()}


# -- which area


@pytest.mark.parametrize(
    ("written", "plain"), [("ex4 1aa", "EX41AA"), ("EX4-1AA", "EX41AA"), (" 01 067 ", "01067"), ("", ""), ("-", "")]
)
def test_postcode_is_one_however_it_is_written(written: str, plain: str) -> None:
    assert normal_postcode(written) == plain


def test_beginnings_are_the_longest_first_and_never_longer_than_the_column() -> None:
    assert beginnings("ex4") == ("EX4", "EX", "E")
    assert len(beginnings("A" * 500)) == 12


@pytest.mark.parametrize(
    ("postcode", "country", "area"),
    [
        ("EX4 1AA", "gb", "exeter"),
        ("EX1 1AA", "gb", "devon"),
        ("EX4 1AA", "fr", None),
        ("EX4 1AA", "", None),
        ("10115", "de", "berlin"),
        ("10115", "", "anywhere"),
        ("10115", "at", "anywhere"),
        ("", "gb", None),
    ],
)
def test_longest_beginning_in_the_same_country_counts(postcode: str, country: str, area: str | None) -> None:
    areas = {("GB", "EX"): "devon", ("GB", "EX4"): "exeter", ("DE", "10"): "berlin", ("", "10"): "anywhere"}
    assert best_match(postcode, country, areas) == area


# -- facts


def test_facts_follow_from_the_postcode_at_once(exeter: None) -> None:
    _lives("ann", "EX4 1AA")
    _lives("bob", "EX1 1AA")
    _lives("cy", "75001", "fr")
    assert _area("ann") == {"area_name": "exeter", "area_population": 130_000_000, "area_density": 2_778_500}
    assert _area("bob") == {"area_name": "devon", "area_density": 120_000, "area_growth": 400}
    assert _area("cy") == {}


def test_whoever_moves_loses_what_is_not_known_of_the_new_place(exeter: None) -> None:
    _lives("ann", "EX4 1AA")
    set_fact(profile_of("ann"), "postcode", "EX1 1AA", source="crm", now=LATER)
    assert _area("ann", LATER) == {"area_name": "devon", "area_density": 120_000, "area_growth": 400}
    set_fact(profile_of("ann"), "postcode", None, source="crm", now=LATER + DAY)
    assert _area("ann", LATER + DAY) == {}


def test_country_that_comes_later_decides(exeter: None) -> None:
    _lives("ann", "EX4 1AA", country="")
    assert _area("ann") == {}
    set_fact(profile_of("ann"), "country", "GB", source="crm", now=LATER)
    assert _area("ann", LATER)["area_name"] == "exeter"


def test_growth_of_nothing_is_a_figure(exeter: None) -> None:
    Area.objects.update(growth=Decimal(0))
    _lives("ann", "EX4 1AA")
    assert Fact.objects.get(name="area_growth").number == 0


def test_facts_of_an_area_are_never_declared(exeter: None) -> None:
    do("ann", "page_viewed", path="/")
    with pytest.raises(InvalidFact, match="Set 'postcode' instead"):
        set_fact(profile_of("ann"), "area_density", 5, source="crm", now=NOW)


def test_same_postcode_again_writes_nothing(exeter: None) -> None:
    _lives("ann", "EX4 1AA")
    before = Fact.objects.count()
    set_fact(profile_of("ann"), "postcode", "EX4 1AA", source="crm", now=LATER)
    set_fact(profile_of("ann"), "postcode", "ex41aa", source="till", now=LATER)
    assert Fact.objects.count() == before + 1  # the postcode as the till writes it


def test_after_a_merge_the_area_is_that_of_the_postcode_that_counts(exeter: None) -> None:
    visitor = resolve([PersonKey("v" * 32, "")], now=NOW)[PersonKey("v" * 32, "")]
    set_fact(visitor, "country", "gb", source="web", now=LATER)
    set_fact(visitor, "postcode", "EX1", source="web", now=LATER)
    _lives("ann", "EX4 1AA")
    merge_at_login("v" * 32, "ann", now=LATER + DAY)
    assert _area("ann", LATER + DAY) == {"area_name": "devon", "area_density": 120_000, "area_growth": 400}


# -- rules


def test_fold_scan_and_explanation_agree_on_a_rule_about_the_area(exeter: None) -> None:
    _lives("ann", "EX4 1AA")
    _lives("bob", "EX1 1AA")
    put_in_force(LATER, town="area_density >= 1000", growing="area_growth > 0.3", known="known(area_population)")
    assert (members("town"), members("growing"), members("known")) == (["ann"], ["bob"], ["ann"])
    refresh_all(LATER, by="scan")
    assert (members("town"), members("growing"), members("known")) == (["ann"], ["bob"], ["ann"])
    found = explain(profile_of("bob"), Segment.objects.get(slug="town"), now=LATER)
    assert (found.is_member, found.conditions[0].actual) == (False, "120")


def test_people_follow_a_changed_table_with_the_next_sweep(exeter: None) -> None:
    _lives("ann", "EX4 1AA")
    _lives("bob", "EX1 1AA")
    put_in_force(NOW, town="area_density >= 1000")
    Area.objects.filter(prefix="EX").update(density=Decimal(5000))
    Area.objects.filter(prefix="EX4").update(density=Decimal(7))
    sweep(LATER)
    assert members("town") == ["ann"]  # nobody said that the table is another one
    areas_changed()
    sweep(LATER)
    assert members("town") == ["bob"]
    assert not EventCursor.objects.filter(name="areas").exists()


def test_area_that_is_gone_takes_its_facts_along(exeter: None) -> None:
    _lives("ann", "EX4 1AA")
    Area.objects.all().delete()
    areas_changed()
    assert (follow_areas(LATER), _area("ann", LATER)) == (1, {})


def test_looking_again_goes_on_where_it_was(exeter: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_microseg.profile.areas.facts._PEOPLE_AT_ONCE", 2)
    for name in ("a", "b", "c"):
        _lives(name, "EX4")
    areas_changed()
    stops = iter([False, True])
    assert follow_areas(LATER, should_stop=lambda: next(stops)) == 2
    assert follow_areas(LATER) == 1
    assert follow_areas(LATER) == 0


def test_sweep_of_a_shop_without_areas_pays_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        follow_areas(NOW)


@pytest.mark.parametrize("people", [2, 20])
def test_looking_again_costs_the_same_for_many_people(
    exeter: None, people: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(people):
        _lives(f"c{number}", "EX4")
    areas_changed()
    with django_assert_max_num_queries(8):
        assert follow_areas(LATER) == people


# -- files


def _rows(*texts: dict[str, str]) -> list[AreaRow]:
    return [AreaRow(number, each) for number, each in enumerate(texts, start=2)]


def test_rows_become_areas_and_the_same_again_changes_nothing() -> None:
    rows = _rows(
        {"postcode": "ex4", "country": "gb", "name": "Exeter", "density": "2778.5", "growth": "\N{MINUS SIGN}0.4"}
    )
    assert take_areas(rows).changed == 1
    area = Area.objects.get()
    assert (area.country, area.prefix, area.density, area.growth) == ("GB", "EX4", Decimal("2778.5"), Decimal("-0.4"))
    EventCursor.objects.all().delete()
    assert (take_areas(rows).changed, EventCursor.objects.count()) == (0, 0)


def test_row_changes_only_what_it_names(exeter: None) -> None:
    outcome = take_areas(_rows({"postcode": "EX4", "country": "GB", "growth": "1.2"}))
    area = Area.objects.get(prefix="EX4")
    assert (outcome.changed, area.name, area.growth) == (1, "Exeter", Decimal("1.2"))
    assert EventCursor.objects.get(name="areas").position == 0


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"postcode": "EX4", "density": "much"}, "density is no number"),
        ({"postcode": "EX4", "country": "Britain", "density": "1"}, "at most 2 characters"),
        ({"postcode": "EX4"}, "Say something of the area"),
        ({"postcode": "-", "density": "1"}, "cannot be blank"),
        ({"postcode": "EX4", "population": "-3"}, "greater than or equal to 0"),
    ],
)
def test_row_with_a_mistake_is_refused_with_a_sentence(row: dict[str, str], complaint: str) -> None:
    (error,) = take_areas(_rows(row)).errors
    assert (error.row, complaint in error.detail) == (2, True), error.detail
    assert not Area.objects.exists()


def test_rehearsal_writes_nothing() -> None:
    assert rehearse_areas(_rows({"postcode": "EX4", "density": "1"})).changed == 1
    assert (Area.objects.count(), EventCursor.objects.count()) == (0, 0)


def test_many_rows_cost_a_handful_of_statements(django_assert_max_num_queries: Any) -> None:
    rows = _rows(*({"postcode": f"{number:05}", "density": str(number)} for number in range(300)))
    with django_assert_max_num_queries(15):
        assert take_areas(rows).changed == 300
