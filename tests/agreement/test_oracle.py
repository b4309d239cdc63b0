"""The oracle against values worked out by hand, one sentence of the semantics at a time.

Times are small numbers of milliseconds, so that the arithmetic can be done in the head; each case
has its twin on the other side of the boundary.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django_microseg.collect.record import EventRecord, label_text
from django_microseg.profile.traits.columns import COLUMNS
from django_microseg.profile.traits.definition import DAY, HOUR, MINUTE, After, Stream, Trait, Window
from django_microseg.profile.traits.definition import Test as Asks
from django_microseg.segment.rule import (
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
)

from .oracle import GROUPS, REMEMBERED, Fact, is_member, trait_value

_serial = count()


def event(t: int, name: str = "view", /, **columns: Any) -> EventRecord:
    """An event that comes after the ones made before it, where their times are equal."""
    told = {"source": "web", "message_hash": f"{next(_serial):032x}", "position": 0, "name": name, **columns}
    return EventRecord(occurred_at=t, **told)


def views(*times: int) -> list[EventRecord]:
    return [event(t) for t in times]


def value(aggregate: str, events: list[EventRecord], now: int = 100, **more: Any) -> Any:
    stream = Stream(more.pop("event", "view"), tuple(more.pop("where", ())), more.pop("after", None))
    return trait_value(Trait(aggregate, stream, **more), events, now)


def member(rule: Rule, events: list[EventRecord] | None = None, now: int = 100, **more: Any) -> bool | None:
    facts, population = more.pop("facts", ()), more.pop("population", {})
    segments, context = more.pop("segments", {}), more.pop("context", None)
    return is_member(rule, events or [], facts, population, segments, context, now, **more)


def counted(operator: str, wanted: Any, **more: Any) -> TraitCondition:
    return TraitCondition(Trait("count", Stream("view"), **more), operator, wanted)


# -- which events count


@pytest.mark.parametrize(("now", "expected"), [(9, 0), (10, 1), (19, 1), (20, 0), (21, 0)])
def test_an_event_counts_from_its_time_until_it_is_voided(now: int, expected: int) -> None:
    assert value("count", [event(10, voided_at=20)], now) == expected


def test_an_event_voided_before_it_happened_never_counts() -> None:
    assert [value("count", [event(10, voided_at=5)], now) for now in (5, 10, 11)] == [0, 0, 0]


def test_only_events_of_the_name_or_of_the_group_count() -> None:
    events = [event(1, name) for name in ("view", "product_added", "product_removed", "cart_updated", "viewed")]
    assert value("count", events) == 1
    assert value("count", events, event="cart_changed") == 3
    assert value("count", events, event="any") == 5
    assert value("count", events, event="nothing") == 0


def test_the_groups_are_those_of_the_catalogue() -> None:
    catalogue = pytest.importorskip("django_microseg.collect.catalogue")
    assert {name: catalogue.GROUPS[name] for name in GROUPS} == GROUPS
    assert set(catalogue.GROUPS) == {"any", *GROUPS}


def test_what_the_population_remembers_is_a_column() -> None:
    assert set(COLUMNS) >= REMEMBERED


# -- tests on one event


@pytest.mark.parametrize(
    ("op", "values", "expected"),
    [
        ("eq", ("Shoes",), True),
        ("eq", ("shoe",), False),
        ("ne", ("SHOES",), False),
        ("ne", ("shoe",), True),
        ("in", ("hats", "SHOES"), True),
        ("in", ("hats", "shoe"), False),
        ("in", (), False),
        ("not_in", ("hats", "Shoes"), False),
        ("not_in", ("hats",), True),
        ("not_in", (), True),
    ],
)
def test_text_is_compared_folded(op: str, values: tuple[str, ...], expected: bool) -> None:
    assert value("count", [event(1, category="shoes")], where=[Asks("category", op, values)]) == expected


def test_folding_is_unicode_s_not_lower_case() -> None:
    assert value("count", [event(1, category="strasse")], where=[Asks("category", "eq", ("Straße",))]) == 1
    assert value("count", [event(1, category="σίσυφοσ")], where=[Asks("category", "eq", ("ΣΊΣΥΦΟΣ",))]) == 1


@pytest.mark.parametrize("attribute", ["product_key", "order_key", "visit_key", "source"])
def test_keys_are_compared_as_they_are(attribute: str) -> None:
    field, events = attribute.removesuffix("_key"), [event(1, **{attribute: "A1"})]
    assert value("count", events, where=[Asks(field, "eq", ("A1",))]) == 1
    assert value("count", events, where=[Asks(field, "eq", ("a1",))]) == 0


@pytest.mark.parametrize("op", ["eq", "ne", "in", "not_in"])
@pytest.mark.parametrize("test_of", [("brand", "x"), ("order", "x"), ("quantity", 1), ("value", 1), ("rating", 1)])
def test_a_test_on_a_missing_property_never_holds(op: str, test_of: tuple[str, Any]) -> None:
    field, literal = test_of
    assert value("count", [event(1)], where=[Asks(field, op, (literal,))]) == 0


@pytest.mark.parametrize(
    ("op", "values", "expected"),
    [
        ("eq", (20,), True),
        ("eq", (21,), False),
        ("ne", (20,), False),
        ("ne", (21,), True),
        ("in", (1, 20), True),
        ("not_in", (1, 20), False),
        ("between", (20, 23), True),
        ("between", (8, 20), True),
        ("between", (21, 23), False),
        ("between", (23, 8), False),
        ("ge", (20,), True),
        ("ge", (Fraction(41, 2),), False),
        ("le", (20,), True),
        ("le", (19,), False),
    ],
)
def test_numbers_are_compared_as_they_are(op: str, values: tuple[Any, ...], expected: bool) -> None:
    assert value("count", [event(1, local_hour=20)], where=[Asks("local_hour", op, values)]) == expected


@pytest.mark.parametrize(("exponent", "expected"), [(0, 0), (2, 1), (3, 0)])
def test_money_is_written_in_units(exponent: int, expected: int) -> None:
    trait = Trait("count", Stream("view", (Asks("value", "eq", (Fraction(1999, 100),)),)))
    assert trait_value(trait, [event(1, value=1999)], 100, minor_exponent=exponent) == expected


def test_a_measure_goes_by_any_other_name_and_is_kept_in_thousandths() -> None:
    events = [event(1, measure=4500), event(2, measure=4499)]
    assert value("count", events, where=[Asks("rating", "ge", (Fraction(9, 2),))]) == 1


@pytest.mark.parametrize(
    ("field", "op", "values", "expected"),
    [
        ("attribute", "eq", ("Vegan",), True),
        ("Attribute", "eq", ("vegan",), True),
        ("attribute", "eq", ("vega",), False),
        ("attribute", "eq", (" a|B ",), True),
        ("attribute", "in", ("x", "warm"), True),
        ("attribute", "in", ("x", "y"), False),
        ("attribute", "ne", ("x",), True),
        ("attribute", "ne", ("warm",), False),
        ("attribute", "not_in", ("x", "warm"), False),
        ("attribute", "not_in", ("x", "42"), True),
        ("size", "eq", ("vegan",), False),
        ("tribute", "eq", ("vegan",), False),
        ("colour", "ne", ("x",), False),
        ("colour", "not_in", ("x",), False),
    ],
)
def test_a_label_holds_if_one_of_its_values_does(field: str, op: str, values: Any, expected: bool) -> None:
    labels = label_text({"attribute": ["Vegan", "warm", "a|b"], "size": ["42"]})
    assert value("count", [event(1, labels=labels)], where=[Asks(field, op, values)]) == expected


def test_a_filter_asks_one_event_for_everything() -> None:
    where = [Asks("device", "eq", ("mobile",)), Asks("local_hour", "ge", (20,))]
    apart = [event(1, device="mobile", local_hour=9), event(2, device="desktop", local_hour=21)]
    assert value("count", apart, where=where) == 0
    assert value("count", [*apart, event(3, device="mobile", local_hour=20)], where=where) == 1


def test_a_filter_on_value_asks_for_what_was_paid_before_refunds() -> None:
    events = [event(1, "order_completed", value=5000, order_key="A")]
    events.append(event(2, "order_refunded", value=4000, order_key="A"))
    assert value("count", events, event="order_completed", where=[Asks("value", "eq", (50,))]) == 1


# -- windows


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(), [10, 20, 20, 30, 100]),
        (Window(oldest=81), [20, 20, 30, 100]),
        (Window(oldest=80), [30, 100]),
        (Window(oldest=70), [100]),
        (Window(newest=70), [10, 20, 20, 30]),
        (Window(newest=71), [10, 20, 20]),
        (Window(newest=70, oldest=80), [30]),
        (Window(newest=71, oldest=80), []),
        (Window(newest=80, oldest=90), [20, 20]),
    ],
)
def test_a_window_is_open_at_its_old_end_and_closed_at_its_new_one(window: Window, expected: list[int]) -> None:
    events = views(10, 20, 20, 30, 100, 101)
    assert value("count", events, window=window) == len(expected)
    assert value("minutes_since", events, window=window) == (100 - expected[-1] if expected else None)


def test_since_starts_strictly_after_the_last_one() -> None:
    since = Window(since=Stream("order_completed"))
    events = [*views(10, 20, 30, 40), event(5, "order_completed"), event(30, "order_completed")]
    assert value("count", events, window=since) == 1
    assert value("count", events, 29, window=since) == 2
    assert value("count", events, 30, window=since) == 0


def test_since_without_the_event_is_all_time() -> None:
    since = Window(since=Stream("order_completed", (Asks("value", "ge", (10,)),)))
    assert value("count", [*views(1, 3), event(2, "order_completed", value=999)], window=since) == 2
    assert value("count", [*views(1, 3), event(2, "order_completed", value=1000)], window=since) == 1


def test_since_asks_all_time_even_in_a_window_and_forgets_the_voided() -> None:
    window = Window(newest=10, oldest=60, since=Stream("order_completed"))
    order = event(95, "order_completed")
    assert value("count", [*views(45, 85), order], window=window) == 0
    assert value("count", views(45, 85), window=window) == 2
    assert value("count", [*views(45, 85), event(95, "order_completed", voided_at=96)], window=window) == 2


def test_since_may_ask_for_an_event_after_another() -> None:
    since = Window(since=Stream("order_completed", after=After("alert", (), within=5)))
    order, alert = event(50, "order_completed"), event(46, "alert")
    assert value("count", [*views(40, 60), alert, order], window=since) == 1
    assert value("count", [*views(40, 60), order], window=since) == 2


# -- one event after another


@pytest.mark.parametrize(("t", "expected"), [(42, 0), (43, 1), (50, 1), (51, 0)])
def test_after_looks_back_over_a_half_open_time(t: int, expected: int) -> None:
    after = After("alert", (), within=8)
    assert value("count", [event(t, "alert"), event(50)], after=after) == expected


def test_after_goes_by_the_order_of_events_within_an_instant() -> None:
    after = After("alert", (), within=8)
    for ordered in ({"source": "a"}, {"message_hash": "0"}, {"message_hash": "5", "position": 1}):
        alert = event(50, "alert", **{"message_hash": "5", **ordered})
        view = event(50, message_hash="5", position=2)
        assert value("count", [view, alert], after=after) == 1
    assert value("count", [event(50), event(50, "alert")], after=after) == 0


def test_after_negated_keeps_the_others() -> None:
    events = [event(43, "alert"), *views(50, 60)]
    assert value("count", events, after=After("alert", (), within=8)) == 1
    assert value("count", events, after=After("alert", (), within=8, is_negated=True)) == 1
    assert value("minutes_since", events, after=After("alert", (), within=8, is_negated=True)) == 40


def test_after_filters_the_earlier_event_which_may_lie_outside_the_window() -> None:
    after = After("alert", (Asks("brand", "eq", ("acme",)),), within=8)
    events = [event(43, "alert", brand="acme"), event(50)]
    assert value("count", events, after=after, window=Window(oldest=55)) == 1
    assert value("count", [event(43, "alert", brand="other"), event(50)], after=after) == 0


def test_an_event_does_not_come_after_itself() -> None:
    assert value("count", views(50), after=After("view", (), within=8)) == 0
    assert value("count", views(50, 50), after=After("any", (), within=8)) == 1


def test_follows_counts_and_shares() -> None:
    events = [event(10, "alert"), *views(12, 14, 30)]
    after, never = After("alert", (), within=5), After("alert", (), within=5, is_negated=True)
    assert value("follows", events, after=after) == 2
    assert value("follows_share", events, after=after) == Fraction(2, 3)
    assert value("not_follows", events, after=never) == 1
    assert value("not_follows_share", events, after=never) == Fraction(1, 3)
    assert value("follows_share", [event(10, "alert")], after=after) is None


def test_the_share_that_follows_is_taken_in_the_window_and_filter() -> None:
    events = [event(10, "alert"), *views(12, 30), event(40, brand="x"), event(11, brand="x")]
    where, after = [Asks("brand", "eq", ("x",))], After("alert", (), within=5)
    assert value("follows_share", events, where=where, after=after) == Fraction(1, 2)
    assert value("follows_share", events, after=after, window=Window(oldest=89)) == Fraction(1, 3)


# -- aggregates


def test_numbers_of_amounts() -> None:
    events = [event(1, value=300), event(2, value=None), event(3, value=100), event(4, value=101)]
    figures = [value(name, events, field="value") for name in ("sum", "avg", "min", "max")]
    assert figures == [501, Fraction(167), 100, 300]
    assert value("avg", [*events[:3], event(5, value=1)], field="value") == Fraction(401, 3)
    assert value("sum", [event(1, quantity=2), event(2, quantity=3)], field="quantity") == 5
    assert value("max", [event(1, measure=4500), event(2, measure=4000)], field="rating") == 4500


def test_figures_of_nothing() -> None:
    zero = ["count", "active_days", "active_weeks"]
    assert [value(name, []) for name in zero] == [0, 0, 0]
    unknown = ["days_since", "hours_since", "minutes_since", "mean_gap", "share"]
    assert [value(name, []) for name in unknown] == [None] * 5
    for events in ([], [event(1)]):
        assert [value(name, events, field="value") for name in ("sum", "avg", "min", "max")] == [0, None, None, None]
        of_text = [value(name, events, field="brand") for name in ("distinct", "top", "first", "last")]
        assert of_text == [0, None, None, None]


def test_figures_of_text() -> None:
    events = [event(t, brand=brand) for t, brand in enumerate(["", "b", "a", "c", "a", "c", ""])]
    assert value("distinct", events, field="brand") == 3
    assert value("first", events, field="brand") == "b"
    assert value("last", events, field="brand") == "c"
    assert value("top", events, field="brand") == "a"
    assert value("top", [*events, event(9, brand="c")], field="brand") == "c"


def test_ties_of_the_top_go_by_code_points() -> None:
    for low, high in (("Z", "a"), ("z", "é"), ("e\u0301", "é"), ("\uff46", "😀"), ("a", "a ")):
        assert value("top", [event(1, brand=high), event(2, brand=low)], field="brand") == low


def test_ties_of_time_go_by_source_then_hash_then_position() -> None:
    rows = [("web", "2", 0, "d"), ("web", "1", 1, "c"), ("web", "1", 0, "b"), ("shop", "9", 9, "a")]
    events = [event(5, source=s, message_hash=h, position=p, brand=b) for s, h, p, b in rows]
    assert value("first", events, field="brand") == "a"
    assert value("last", events, field="brand") == "d"
    assert value("last", events[1:], field="brand") == "c"


def test_days_and_weeks_are_local_and_weeks_begin_on_monday() -> None:
    # 1970-01-04 (day 3) was a Sunday, 1970-01-05 (day 4) a Monday.
    events = [event(1, local_date=day) for day in (3, 3, 4, 10, None)]
    assert value("active_days", events) == 3
    assert value("active_weeks", events) == 2
    assert value("active_weeks", [event(1, local_date=day) for day in (-3, 3)]) == 1


def test_times_since_the_last_are_kept_in_milliseconds() -> None:
    events = views(10, 40)
    assert [value(f"{unit}_since", events) for unit in ("days", "hours", "minutes")] == [60, 60, 60]
    assert value("days_since", events, window=Window(newest=61)) == 90


def test_the_mean_gap_needs_two_events() -> None:
    assert value("mean_gap", views(10)) is None
    assert value("mean_gap", views(10, 10)) == 0
    assert value("mean_gap", views(10, 20, 41, 60)) == Fraction(50, 3)


def test_the_share_that_passes_a_part() -> None:
    part = (Asks("device", "eq", ("mobile",)),)
    events = [event(1, device="mobile"), event(2), event(3, device="desktop")]
    assert value("share", events, part=part) == Fraction(1, 3)
    assert value("share", events, part=part, window=Window(oldest=99)) == 0


# -- the value of an order


def refunded(*refunds: EventRecord, order_key: str = "A", paid: int | None = 5000) -> Any:
    order = event(50, "order_completed", value=paid, order_key=order_key)
    return value("sum", [order, *refunds], event="order_completed", field="value", window=Window(oldest=51))


@pytest.mark.parametrize(
    ("refund", "expected"),
    [
        (event(60, "order_refunded", order_key="A", value=1200), 3800),
        (event(10, "order_refunded", order_key="A", value=1200), 3800),
        (event(60, "order_refunded", order_key="A", value=6000), -1000),
        (event(60, "order_refunded", order_key="A", value=None), 5000),
        (event(60, "order_refunded", order_key="a", value=1200), 5000),
        (event(60, "order_refunded", order_key="", value=1200), 5000),
        (event(60, "order_cancelled", order_key="A", value=1200), 5000),
        (event(60, "order_refunded", order_key="A", value=1200, voided_at=99), 5000),
        (event(101, "order_refunded", order_key="A", value=1200), 5000),
    ],
)
def test_an_order_is_worth_what_refunds_that_name_it_left(refund: EventRecord, expected: int) -> None:
    assert refunded(refund) == expected


def test_refunds_add_up_and_touch_no_order_without_key_or_value() -> None:
    two = [event(60, "order_refunded", order_key="A", value=v) for v in (1000, 500)]
    assert refunded(*two) == 3500
    assert refunded(event(60, "order_refunded", value=1000), order_key="") == 5000
    assert refunded(*two, paid=None) == 0


def test_refunds_reach_each_figure_of_the_order_and_nothing_else() -> None:
    events = [
        event(50, "order_completed", value=5000, order_key="A"),
        event(50, "product_purchased", value=5000, order_key="A"),
        event(60, "order_refunded", value=1000, order_key="A"),
    ]
    figures = {name: value(name, events, event="any", field="value") for name in ("sum", "avg", "min", "max")}
    assert figures == {"sum": 10_000, "avg": Fraction(10_000, 3), "min": 1000, "max": 5000}


# -- conditions


@pytest.mark.parametrize(
    ("operator", "truths"),
    [
        (">=", [False, True, True]),
        (">", [False, False, True]),
        ("<=", [True, True, False]),
        ("<", [True, False, False]),
        ("==", [False, True, False]),
        ("!=", [True, False, True]),
    ],
)
def test_operators_of_numbers(operator: str, truths: list[bool]) -> None:
    assert [member(counted(operator, 2), views(*range(n))) for n in (1, 2, 3)] == truths


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("==", "ACME", True),
        ("==", "acm", False),
        ("!=", "Acme", False),
        ("in", ("x", "Acme"), True),
        ("in", ("x",), False),
        ("not_in", ("x", "ACME"), False),
        ("not_in", ("x",), True),
    ],
)
def test_operators_of_text(operator: str, wanted: Any, expected: bool) -> None:
    trait = Trait("last", Stream("view"), field="brand")
    assert member(TraitCondition(trait, operator, wanted), [event(1, brand="acme")]) is expected
    assert member(TraitCondition(trait, operator, wanted), [event(1)]) is None


def test_key_figures_are_compared_as_they_are() -> None:
    trait = Trait("last", Stream("view"), field="product")
    assert member(TraitCondition(trait, "==", "P1"), [event(1, product_key="P1")]) is True
    assert member(TraitCondition(trait, "==", "p1"), [event(1, product_key="P1")]) is False


@pytest.mark.parametrize(
    ("aggregate", "field", "records", "literal"),
    [
        ("sum", "value", [event(1, value=1999)], Fraction(1999, 100)),
        ("avg", "value", [event(1, value=1), event(1, value=2)], Fraction(15, 1000)),
        ("max", "rating", [event(1, measure=4500)], Fraction(9, 2)),
        ("sum", "quantity", [event(1, quantity=3)], 3),
        ("distinct", "brand", [event(1, brand="a")], 1),
        ("days_since", None, views(0), 1),
        ("hours_since", None, views(0), 24),
        ("minutes_since", None, views(0), 1440),
        ("mean_gap", None, views(0, DAY // 2), Fraction(1, 2)),
    ],
)
def test_literals_are_written_in_the_unit_that_people_use(
    aggregate: str, field: str | None, records: list[EventRecord], literal: Any
) -> None:
    trait = Trait(aggregate, Stream("view"), field=field)
    assert member(TraitCondition(trait, "==", literal), records, DAY) is True
    assert member(TraitCondition(trait, ">", literal), records, DAY) is False
    assert member(TraitCondition(trait, ">", literal - Fraction(1, 10**9)), records, DAY) is True


def test_money_literals_follow_the_currency() -> None:
    rule = TraitCondition(Trait("sum", Stream("view"), field="value"), "==", 20)
    events = [event(1, value=20)]
    assert [member(rule, events, minor_exponent=exponent) for exponent in (0, 2)] == [True, False]


def test_shares_are_compared_exactly() -> None:
    share = Trait("share", Stream("view"), part=(Asks("device", "eq", ("mobile",)),))
    events = [event(1, device="mobile"), *views(2, 3)]
    assert member(TraitCondition(share, "==", Fraction(1, 3)), events) is True
    assert member(TraitCondition(share, ">", Fraction(3333, 10_000)), events) is True


def test_a_trait_is_compared_with_another_in_raw_units() -> None:
    cadence = TraitOperand(Trait("mean_gap", Stream("view")), 2)
    lost = TraitCondition(Trait("days_since", Stream("view")), ">", cadence)
    events = views(0, DAY, 2 * DAY)
    assert [member(lost, events, 4 * DAY + later) for later in (0, 1)] == [False, True]
    assert member(lost, views(0), 9 * DAY) is None


def test_a_trait_is_compared_with_a_figure_of_the_population() -> None:
    above = TraitCondition(Trait("avg", Stream("view"), field="value"), ">", PopulationOperand("order", Fraction(3, 2)))
    assert member(above, [event(1, value=1001)], population={"order": (2000, 3)}) is True
    assert member(above, [event(1, value=1000)], population={"order": (2000, 3)}) is False
    assert member(above, [event(1, value=1000)], population={"order": (2000, 0)}) is None
    assert member(above, [event(1, value=1000)]) is None


def test_known_and_unknown_are_never_unknown() -> None:
    last = Trait("last", Stream("view"), field="brand")
    truths = {
        operator: [member(TraitCondition(last, operator, ()), events) for events in ([], [event(1, brand="a")])]
        for operator in ("known", "unknown")
    }
    assert truths == {"known": [False, True], "unknown": [True, False]}


# -- facts


def fact(name: str, text: str | None, number: int | None = None, start: int = 0, end: int | None = None) -> Fact:
    return (name, text, number, start, end)


@pytest.mark.parametrize(("now", "expected"), [(9, None), (10, True), (19, True), (20, None)])
def test_a_fact_is_valid_for_a_half_open_time(now: int, expected: bool | None) -> None:
    facts = [fact("tier", "gold", start=10, end=20)]
    assert member(FactCondition("tier", "==", "Gold"), now=now, facts=facts) is expected
    assert member(FactCondition("tier", "known", ()), now=now, facts=facts) is (expected is True)


def test_of_several_valid_facts_the_latest_counts_then_the_last_stored() -> None:
    rows = [fact("tier", "a", start=5), fact("tier", "b", start=5), fact("tier", "c", start=4), fact("age", "d")]
    assert member(FactCondition("tier", "==", "b"), facts=rows) is True
    assert member(FactCondition("tier", "==", "b"), facts=[*rows, fact("tier", "z", start=6, end=100)]) is True
    assert member(FactCondition("tier", "==", "b"), facts=[*rows, fact("tier", "z", start=6)]) is False


def test_numbers_of_facts_are_kept_in_thousandths() -> None:
    facts = [fact("nps", None, 8500)]
    assert member(FactCondition("nps", "==", Fraction(17, 2)), facts=facts) is True
    assert member(FactCondition("nps", "<", Fraction(17, 2)), facts=facts) is False


@pytest.mark.parametrize(
    ("birthday", "day", "age"),
    [
        (19961026, "2025-10-25", 28),
        (19961026, "2025-10-26", 29),
        (20000229, "2025-02-28", 24),
        (20000229, "2025-03-01", 25),
        (20000229, "2028-02-28", 27),
        (20000229, "2028-02-29", 28),
        (20260101, "2025-12-31", -1),
    ],
)
def test_age_comes_from_the_birthday(birthday: int, day: str, age: int) -> None:
    now = int(dt.datetime.fromisoformat(f"{day}T12:00+00:00").timestamp()) * 1000
    assert member(FactCondition("age", "==", age), now=now, facts=[fact("birthday", None, birthday)]) is True


def test_a_birthday_begins_at_the_shop_s_midnight() -> None:
    midnight = int(dt.datetime(2025, 6, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 1000
    rule, facts = FactCondition("age", ">=", 30), [fact("birthday", None, 19950612)]
    berlin = [
        member(rule, now=now, facts=facts, time_zone=ZoneInfo("Europe/Berlin")) for now in (midnight - 1, midnight)
    ]
    assert berlin == [False, True]
    assert member(rule, now=midnight, facts=facts) is False


def test_a_missing_fact_is_unknown() -> None:
    assert member(FactCondition("age", ">=", 18)) is None
    assert member(FactCondition("tier", "!=", "gold")) is None
    assert member(FactCondition("age", "unknown", ())) is True


# -- context


@pytest.mark.parametrize("name", sorted(REMEMBERED))
def test_the_population_remembers_the_last_known_of_any_event(name: str) -> None:
    events = [event(1, "view", **{name: "x"}), event(2, "order_completed", **{name: "y"}), event(3)]
    assert member(ContextCondition(name, "==", "Y"), events) is True
    assert member(ContextCondition(name, "==", "Y"), events, 1) is False
    assert member(ContextCondition(name, "==", "Y"), events, 0) is None


@pytest.mark.parametrize("name", ["hour", "weekday", "page", "weather", "visit_views", "referrer"])
def test_everything_else_of_the_moment_is_unknown_in_the_population(name: str) -> None:
    assert member(ContextCondition(name, "known", ()), [event(1, local_hour=3, local_weekday=3)]) is False


def test_the_moment_says_what_it_says_and_does_not_fall_back() -> None:
    events = [event(1, device="mobile")]
    assert member(ContextCondition("device", "==", "Desktop"), events, context={"device": "desktop"}) is True
    assert member(ContextCondition("hour", ">=", 20), events, context={"hour": 20}) is True
    for silent in ({}, {"device": ""}, {"device": None}):
        assert member(ContextCondition("device", "==", "mobile"), events, context=silent) is None


# -- groups

TRUE, FALSE, UNKNOWN = counted(">=", 0), counted("<", 0), FactCondition("nobody", "==", "x")
BY_TRUTH: dict[bool | None, Rule] = {True: TRUE, False: FALSE, None: UNKNOWN}


@pytest.mark.parametrize(
    ("truths", "all_of", "any_of"),
    [
        ([], True, False),
        ([True], True, True),
        ([False], False, False),
        ([None], None, None),
        ([True, False], False, True),
        ([True, None], None, True),
        ([False, None], False, None),
        ([None, False, True], False, True),
    ],
)
def test_groups_follow_kleene(truths: list[bool | None], all_of: bool | None, any_of: bool | None) -> None:
    rules = tuple(BY_TRUTH[truth] for truth in truths)
    opposite = {True: False, False: True, None: None}
    assert member(Group("all", rules)) is all_of
    assert member(Group("any", rules)) is any_of
    assert member(Group("all", rules, is_negated=True)) is opposite[all_of]
    assert member(Group("any", rules, is_negated=True)) is opposite[any_of]


# -- segments and the shop's own conditions


def test_a_reference_to_a_segment_is_never_unknown() -> None:
    segments = {"in": TRUE, "out": FALSE, "unclear": UNKNOWN}
    truths = {slug: member(SegmentCondition(slug), segments=segments) for slug in segments}
    assert truths == {"in": True, "out": False, "unclear": False}
    assert member(Group("all", (SegmentCondition("unclear"),), is_negated=True), segments=segments) is True


def test_a_reference_is_judged_at_the_same_instant_and_in_the_same_moment() -> None:
    segments = {"late": ContextCondition("hour", ">=", 20), "one": counted("==", 1)}
    assert member(SegmentCondition("late"), segments=segments, context={"hour": 21}) is True
    assert member(SegmentCondition("late"), segments=segments) is False
    assert [member(SegmentCondition("one"), views(10, 20), now, segments=segments) for now in (15, 25)] == [True, False]


@pytest.mark.parametrize("unknown", [CustomCondition("of_another_shop"), SegmentCondition("nowhere")])
def test_an_unknown_condition_empties_the_whole_rule(unknown: Rule) -> None:
    for rule in (unknown, Group("any", (TRUE, unknown)), Group("all", (Group("any", (unknown,)),), is_negated=True)):
        assert member(rule) is False
    assert member(Group("all", (SegmentCondition("s"),), is_negated=True), segments={"s": unknown}) is True


def test_units_of_time_are_what_their_names_say() -> None:
    assert (MINUTE, HOUR, DAY) == (60_000, 3_600_000, 86_400_000)
