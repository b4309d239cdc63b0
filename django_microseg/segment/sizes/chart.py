"""Turns figures into the coordinates of a drawing. Pure: numbers in, numbers and points out; colours are the page's.

A drawing is a grid of whole units with (0, 0) at the top left, as SVG has it. A figure that is not
known leaves a gap: lines end before it and begin anew after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Bar", "Chart", "Line", "Span", "bars_of", "draw", "lines_of", "span_of"]

#: A change of less than this share of the size must look small.
_LEAST_SPAN = 0.1


@dataclass(frozen=True, slots=True)
class Span:
    """What the bottom and the top of a drawing stand for."""

    low: int
    high: int

    def height_of(self, value: int, height: int) -> float:
        """How far from the top a value is drawn."""
        return round(height * (self.high - value) / (self.high - self.low), 1)


@dataclass(frozen=True, slots=True)
class Line:
    """Points as SVG writes them; ``is_broken`` for a line that is to be drawn dashed."""

    points: str
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle that stands on the zero line, or hangs from it."""

    x: float
    y: float
    width: float
    height: float
    hangs: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines of sizes over bars of comings and goings; both share the days from left to right."""

    width: int
    height: int
    span: Span
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    bars_height: int
    most: int
    marks: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Where bars stand and hang."""
        return self.bars_height / 2


def span_of(values: Sequence[int | None]) -> Span:
    """From zero, unless the figures lie close together and far from it; never so narrow that noise looks large."""
    known = [value for value in values if value is not None] or [0]
    low, high = min(known), max(known)
    if low * 2 < high or high < 10:
        return Span(0, max(high, 1))
    room = max(round(_LEAST_SPAN * high) - (high - low), 0)
    return Span(max(low - (room + 1) // 2, 0), high + room // 2 + 1)


def lines_of(
    values: Sequence[int | None], *, width: int, height: int, span: Span, broken: Sequence[bool] = ()
) -> tuple[Line, ...]:
    """The lines through the known values, each in the middle of its column."""
    placed = [
        None if value is None else (_middle(n, len(values), width), span.height_of(value, height))
        for n, value in enumerate(values)
    ]
    return tuple(_line(run, placed, broken) for run in _runs(placed, broken))


def _middle(nth: int, columns: int, width: int) -> float:
    return round((nth + 0.5) * width / columns, 1)


def _runs(placed: Sequence[object | None], broken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(first, last) of neighbours that are all known and drawn alike; a lone value is a run of its own."""
    first: int | None = None
    for at, point in enumerate(placed):
        if point is None:
            if first is not None:
                yield first, at - 1
            first = None
        elif first is None:
            first = at
        elif at - 1 > first and _is_broken(broken, at) != _is_broken(broken, at - 1):
            yield first, at - 1
            first = at - 1
    if first is not None:
        yield first, len(placed) - 1


def _is_broken(broken: Sequence[bool], at: int) -> bool:
    """Whether the way to a value is drawn dashed: it is, where the value before it is not counted."""
    return bool(broken) and broken[max(at - 1, 0)]


def _line(run: tuple[int, int], placed: Sequence[tuple[float, float] | None], broken: Sequence[bool]) -> Line:
    points = [point for point in placed[run[0] : run[1] + 1] if point is not None]
    if len(points) == 1:
        x, y = points[0]
        points = [(max(x - 1, 0), y), (x + 1, y)]
    return Line(" ".join(f"{x:g},{y:g}" for x, y in points), _is_broken(broken, run[1]))


def bars_of(joined: Sequence[int], left: Sequence[int], *, width: int, height: int) -> tuple[Bar, ...]:
    """Bars up for who came and down for who went, on one scale, with nothing drawn for nobody."""
    most = max([1, *joined, *left])
    column = width / max(len(joined), 1)
    middle = height / 2
    found = []
    for n, (came, went) in enumerate(zip(joined, left, strict=True)):
        x, wide = round((n + 0.15) * column, 1), round(0.7 * column, 1)
        if came:
            tall = round(middle * came / most, 1)
            found.append(Bar(x, middle - tall, wide, tall, hangs=False))
        if went:
            found.append(Bar(x, middle, wide, round(middle * went / most, 1), hangs=True))
    return tuple(found)


def draw(
    sizes: Sequence[int | None],
    joined: Sequence[int],
    left: Sequence[int],
    *,
    broken: Sequence[bool],
    marked: Sequence[bool],
    width: int,
    height: int,
    bars_height: int,
) -> Chart:
    """The whole chart: sizes as lines, comings and goings as bars, marks where the rule changed."""
    span = span_of(sizes)
    return Chart(
        width=width,
        height=height,
        span=span,
        lines=lines_of(sizes, width=width, height=height, span=span, broken=broken),
        bars=bars_of(joined, left, width=width, height=bars_height),
        bars_height=bars_height,
        most=max([1, *joined, *left]),
        marks=tuple(_middle(n, len(marked), width) for n, is_marked in enumerate(marked) if is_marked),
    )
