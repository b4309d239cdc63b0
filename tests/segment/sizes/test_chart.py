"""Drawings: coordinates stay inside, unknown days leave gaps, and a small change looks small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.segment.sizes.chart import Bar, Line, Span, bars_of, draw, lines_of, span_of

SIZES = st.lists(st.none() | st.integers(0, 10**7), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("values", "span"),
    [
        ([], Span(0, 1)),
        ([None], Span(0, 1)),
        ([0, 0], Span(0, 1)),
        ([3, 9], Span(0, 9)),
        ([10, 100], Span(0, 100)),
        ([1000, 1000], Span(950, 1051)),
        ([1000, 1010], Span(954, 1056)),
        ([1000, 1500], Span(1000, 1501)),
    ],
)
def test_span_begins_at_zero_unless_figures_lie_close_together(values, span):
    assert span_of(values) == span


@given(SIZES)
def test_every_known_value_lies_within_the_span(values):
    span = span_of(values)
    assert span.low < span.high
    assert all(span.low <= value <= span.high for value in values if value is not None)


def test_line_ends_before_an_unknown_day_and_begins_anew_after_it():
    lines = lines_of([0, 10, None, 5, 5], width=100, height=20, span=Span(0, 10))
    assert lines == (Line("10,20 30,0"), Line("70,10 90,10"))


def test_a_lone_day_is_a_dash():
    assert lines_of([None, 10, None], width=90, height=20, span=Span(0, 10)) == (Line("44,0 46,0"),)


def test_line_is_broken_as_far_as_days_are_recomputed():
    lines = lines_of([0, 5, 10, 10], width=40, height=10, span=Span(0, 10), broken=[True, True, False, False])
    assert lines == (Line("5,10 15,5 25,0", is_broken=True), Line("25,0 35,0"))


@given(SIZES, st.lists(st.booleans(), min_size=40, max_size=40))
def test_lines_stay_inside_and_pass_through_every_known_day(values, broken):
    lines = lines_of(values, width=200, height=40, span=span_of(values), broken=broken[: len(values)])
    points = [tuple(map(float, point.split(","))) for line in lines for point in line.points.split()]
    assert all(0 <= x <= 201 and 0 <= y <= 40 for x, y in points)
    known = {round((n + 0.5) * 200 / len(values), 1) for n, value in enumerate(values) if value is not None}
    drawn = {x for x, _ in points}
    assert all(x in drawn or x + 1 in {round(each, 1) for each in drawn} for x in known)


def test_bars_stand_for_who_came_and_hang_for_who_went_on_one_scale():
    assert bars_of([10, 0], [0, 5], width=100, height=40) == (
        Bar(7.5, 0, 35, 20, hangs=False),
        Bar(57.5, 20, 35, 10, hangs=True),
    )


def test_nobody_is_no_bar():
    assert bars_of([0, 0], [0, 0], width=100, height=40) == ()


def test_marks_stand_where_the_rule_changed():
    chart = draw(
        [1, 2], [0, 1], [0, 0], broken=[False, False], marked=[False, True], width=100, height=50, bars_height=20
    )
    assert (chart.marks, chart.span, chart.most) == ((75.0,), Span(0, 2), 1)
