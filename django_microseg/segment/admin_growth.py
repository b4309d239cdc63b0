"""The growth of one segment as its page shows it: the answer as a title, a chart, and every figure in a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .admin_words import count_in_words, growth_in_words, signed
from .sizes.chart import Chart, draw
from .sizes.growth import Growth, Known, growth_of

__all__ = ["PERIODS", "GrowthPanel", "growth_panel", "read_period"]

PERIODS = (30, 90)
_WIDTH, _HEIGHT, _BARS_HEIGHT = 900, 200, 80


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the table, newest first. What nobody counted is said, not shown as a zero."""

    day: str
    size: str
    joined: str
    left: str
    by_rule: str
    is_recomputed: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class GrowthPanel:
    """Everything of the panel in words and coordinates. ``chart`` None: there is no line to draw yet."""

    title: str
    days: int
    first: str
    middle: str
    last: str
    joined: str
    left: str
    is_partly_recomputed: bool
    chart: Chart | None
    top: str
    bottom: str
    most: str
    rows: tuple[Row, ...]


def read_period(text: str | None) -> int:
    """The number of days that a page was asked for; the shortest for nonsense."""
    return next((days for days in PERIODS if str(days) == text), PERIODS[0])


def growth_panel(
    name: str, segment: int, *, days: int, rule_days: Collection[dt.date], now: dt.datetime
) -> GrowthPanel:
    """The growth of one segment. ``rule_days`` are the days on which a rule of it came into force."""
    growth = growth_of([segment], days=days, now=now)[segment]
    change = growth.change
    chart = _draw(growth, rule_days) if change is not None else None
    return GrowthPanel(
        title=growth_in_words(name, change) if change else _("Not counted for long enough to show how it grew"),
        days=days,
        first=_axis(growth.days[0][0]),
        middle=_axis(growth.days[len(growth.days) // 2][0]),
        last=_axis(growth.days[-1][0]),
        joined=count_in_words(growth.joined),
        left=count_in_words(growth.left),
        is_partly_recomputed=any(known.is_recomputed for _, known in growth.known),
        chart=chart,
        top=count_in_words(chart.span.high) if chart else "",
        bottom=count_in_words(chart.span.low) if chart else "",
        most=count_in_words(chart.most) if chart else "",
        rows=_rows(growth),
    )


def _draw(growth: Growth, rule_days: Collection[dt.date]) -> Chart:
    known = [each for _, each in growth.days]
    return draw(
        growth.sizes,
        [each.joined if each else 0 for each in known],
        [each.left if each else 0 for each in known],
        broken=[each is not None and each.is_recomputed for each in known],
        marked=[day in rule_days for day, _ in growth.days],
        width=_WIDTH,
        height=_HEIGHT,
        bars_height=_BARS_HEIGHT,
    )


def _rows(growth: Growth) -> tuple[Row, ...]:
    """From the first day of which something is known, the newest on top."""
    rows: list[Row] = []
    before: Known | None = None
    for day, known in growth.days:
        if known is not None or rows:
            rows.append(_row(day, known, before))
        before = known or before
    return tuple(reversed(rows))


def _row(day: dt.date, known: Known | None, before: Known | None) -> Row:
    if known is None:
        return Row(_table_day(day), "", "", "", "", is_recomputed=False, is_known=False)
    return Row(
        _table_day(day),
        count_in_words(known.size),
        count_in_words(known.joined),
        count_in_words(known.left),
        _by_rule(known, before),
        is_recomputed=known.is_recomputed,
        is_known=True,
    )


def _by_rule(known: Known, before: Known | None) -> str:
    """What a changed rule brought; where it was the first, there was nothing before it to change."""
    if not known.by_rule:
        return ""
    return _("put in force") if before is None or before.is_recomputed else signed(known.by_rule)


def _axis(day: dt.date) -> str:
    return date_format(day, "j M")


def _table_day(day: dt.date) -> str:
    return date_format(day, "D j M Y")
