"""Four kinds of drawing, as plain values: lines, bars, a heatmap, flows; each knows its table.

What cannot be drawn honestly is refused: series of unequal length, too many colours, too many nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

__all__ = [
    "MOST_NODES",
    "MOST_SERIES",
    "Bars",
    "Column",
    "Flows",
    "Lines",
    "Link",
    "Matrix",
    "Node",
    "Series",
    "Table",
    "Unit",
]

#: Colours that colour-blind people tell apart; more lines in one chart nobody reads.
MOST_SERIES = 6
#: A Sankey with more bands is a knot: the rest is pooled by whoever makes it.
MOST_NODES = 8

Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """How a value is written: so many digits after the point, and what stands behind it, such as “ %”."""

    digits: int = 0
    behind: str = ""

    def words(self, value: float | None) -> str:
        """What nobody knows is a dash, never a zero."""
        if value is None:
            return "–"  # noqa: RUF001 - a dash is meant
        return number_format(round(value, self.digits), self.digits, use_l10n=True, force_grouping=True) + self.behind


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one set of bars. ``tone`` is "this" (the accent), "rest" (grey) or "" (the next of six colours).

    ``low`` and ``high`` are how sure the values are, drawn as a band or whiskers. ``dashed`` are values that were not
    counted but worked out.
    """

    name: str
    values: Values
    tone: str = ""
    low: Values = ()
    high: Values = ()
    dashed: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column of a table."""

    name: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """The figures in words. The first cell of a row names it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def body(self) -> tuple[tuple[tuple[str, bool], ...], ...]:
        """Each cell with whether it is a number."""
        kinds = [column.is_number for column in self.columns]
        return tuple(tuple(zip(row, kinds, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Values over time. ``x`` and ``y`` say in words what the axes are; ``marks`` are labels at which something was."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    x: str
    y: str
    unit: Unit = Unit()
    marks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(self.labels, self.series)

    def drawing(self) -> dict[str, Any]:
        return {"kind": "line", "marks": list(self.marks), **_drawn(self)}

    def table(self) -> Table:
        return _table(self.x, self.labels, self.series, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Lying bars, one row per label. They start at ``base``; ``is_ratio`` makes half as far away as twice."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    x: str
    y: str
    unit: Unit = Unit()
    base: float = 0
    is_ratio: bool = False

    def __post_init__(self) -> None:
        _check(self.labels, self.series)

    def drawing(self) -> dict[str, Any]:
        return {"kind": "bars", "base": self.base, "isRatio": self.is_ratio, **_drawn(self)}

    def table(self) -> Table:
        return _table(self.y, self.labels, self.series, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A heatmap with the figure in each cell: ``values[row][column]``. ``x`` names the columns, ``y`` the rows."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[Values, ...]
    x: str
    y: str
    unit: Unit = Unit()

    def __post_init__(self) -> None:
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise ValueError(
                f"A matrix of {len(self.rows)} x {len(self.columns)} needs a value, or None, in each cell."
            )

    def drawing(self) -> dict[str, Any]:
        return {
            "kind": "matrix", "rows": list(self.rows), "columns": list(self.columns),
            "values": [list(row) for row in self.values], "x": self.x, "y": self.y, **_unit(self.unit),
        }  # fmt: skip

    def table(self) -> Table:
        rows = tuple(
            (name, *(self.unit.words(value) for value in values))
            for name, values in zip(self.rows, self.values, strict=True)
        )
        return Table((Column(self.y, is_number=False), *map(Column, self.columns)), rows)


@dataclass(frozen=True, slots=True)
class Node:
    """Where something flows from or to. Tones are those of `Series`."""

    key: str
    name: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How much flows from one node to another, by key."""

    source: str
    target: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Who went from where to where, as a Sankey."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    x: str
    unit: Unit = Unit()

    def __post_init__(self) -> None:
        if len(self.nodes) > MOST_NODES:
            raise ValueError(f"{len(self.nodes)} nodes: pool the smallest, a flow has at most {MOST_NODES}.")

    def drawing(self) -> dict[str, Any]:
        nodes = [{"key": node.key, "name": node.name, "tone": node.tone} for node in self.nodes]
        links = [{"from": link.source, "to": link.target, "flow": link.number} for link in self.links if link.number]
        return {"kind": "sankey", "nodes": nodes, "links": links, "x": self.x, **_unit(self.unit)}

    def table(self) -> Table:
        names = {node.key: node.name for node in self.nodes}
        columns = (Column(_("From"), is_number=False), Column(_("To"), is_number=False), Column(self.x))
        rows = tuple((names[link.source], names[link.target], self.unit.words(link.number)) for link in self.links)
        return Table(columns, rows)


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if len(series) > MOST_SERIES:
        raise ValueError(f"{len(series)} series: a chart has at most {MOST_SERIES}. Draw several small ones.")
    for each in series:
        lengths = {len(each.values)} | {len(more) for more in (each.low, each.high, each.dashed) if more}
        if lengths != {len(labels)}:
            raise ValueError(f"“{each.name}” needs a value, or None, for each of {len(labels)} labels.")


def _unit(unit: Unit) -> dict[str, Any]:
    return {"digits": unit.digits, "behind": unit.behind}


def _drawn(drawn: Lines | Bars) -> dict[str, Any]:
    series = [
        {
            "name": each.name, "values": list(each.values), "tone": each.tone,
            "low": list(each.low), "high": list(each.high), "dashed": list(each.dashed),
        }
        for each in drawn.series
    ]  # fmt: skip
    return {"labels": list(drawn.labels), "series": series, "x": drawn.x, "y": drawn.y, **_unit(drawn.unit)}


def _table(head: str, labels: Sequence[str], series: Sequence[Series], unit: Unit) -> Table:
    """A row per label, a column per series; how sure it is stands behind the value."""
    columns = (Column(head, is_number=False), *(Column(each.name) for each in series))
    rows = tuple((label, *(_cell(each, at, unit) for each in series)) for at, label in enumerate(labels))
    return Table(columns, rows)


def _cell(series: Series, at: int, unit: Unit) -> str:
    value = unit.words(series.values[at])
    if not series.low or not series.high or series.low[at] is None:
        return value
    sure = {"value": value, "low": unit.words(series.low[at]), "high": unit.words(series.high[at])}
    return _("%(value)s (%(low)s to %(high)s)") % sure
