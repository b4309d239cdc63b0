"""Where the people of a segment came from and went to: a flow of at most eight nodes, and all of it in a table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..collect.drawing import MOST_NODES, Column, Flows, Link, Node, Table
from ..collect.figure import Figure
from .admin_words import count_in_words
from .insight.flow import Flow, Side

__all__ = ["PERIODS", "flow_figure", "pooled"]

PERIODS = (7, 30, 90)
_NOWHERE, _REST = "none", "rest"
#: One node is the segment itself; the larger side gets what the smaller one leaves.
_SIDES = (MOST_NODES // 2, MOST_NODES - 1 - MOST_NODES // 2)

#: Segment (None: nowhere; "rest": all the others) and how many people.
Pooled = list[tuple[int | str | None, int]]


def flow_figure(name: str, flow: Flow, days: int) -> Figure | None:
    """None where nobody came or went."""
    if not flow.joined.people and not flow.left.people:
        return None
    is_joined_larger = flow.joined.people >= flow.left.people
    into, out = _SIDES if is_joined_larger else _SIDES[::-1]
    sources, targets = pooled(flow.joined, into), pooled(flow.left, out)
    nodes = [Node("self", name, "this")]
    nodes += [Node(f"from {key}", _words(key, flow, is_source=True), _tone(key)) for key, _n in sources]
    nodes += [Node(f"to {key}", _words(key, flow, is_source=False), _tone(key)) for key, _n in targets]
    links = [Link(f"from {key}", "self", number) for key, number in sources]
    links += [Link("self", f"to {key}", number) for key, number in targets]
    figures = {"joined": count_in_words(flow.joined.people), "left": count_in_words(flow.left.people), "days": days}
    return Figure(
        slug="flow",
        title=_title(name, flow, days),
        drawn=Flows(nodes=tuple(nodes), links=tuple(links), x=_("people")),
        basis=_("%(joined)s joined, %(left)s left") % figures,
        period=_("the last %(days)s days") % figures,
        note=_("Everybody is counted once, with the segment whose change lies nearest in time."),
        given_table=_table(flow),
    )


def pooled(side: Side, most: int) -> Pooled:
    """The largest first, then all smaller ones together, then nowhere: at most so many nodes."""
    rows = sorted(
        ((key, number) for key, number in side.moved.items() if key is not None), key=lambda row: (-row[1], row[0])
    )
    nowhere = side.moved.get(None, 0)
    room = most - bool(nowhere)
    kept = rows if len(rows) <= room else rows[: room - 1]
    found: Pooled = list(kept)
    if len(kept) < len(rows):
        found.append((_REST, sum(number for _key, number in rows[len(kept) :])))
    return [*found, (None, nowhere)] if nowhere else found


def _tone(key: int | str | None) -> str:
    return "" if isinstance(key, int) else "rest"


def _words(key: int | str | None, flow: Flow, *, is_source: bool) -> str:
    if isinstance(key, int):
        return flow.names.get(key, str(key))
    if key == _REST:
        return _("other segments")
    return _("no other segment left") if is_source else _("no other segment entered")


def _title(name: str, flow: Flow, days: int) -> str:
    """The largest stream from or to a segment, as an answer."""
    figures = {"name": name, "days": days}
    side = flow.joined if flow.joined.people >= flow.left.people else flow.left
    largest = max(((n, -key) for key, n in side.moved.items() if key is not None), default=None)
    if largest is None:
        text = _("Nobody who joined or left “%(name)s” in %(days)s days moved from or to another segment")
        return text % figures
    figures |= {"number": count_in_words(largest[0]), "other": flow.names.get(-largest[1], "")}
    if side is flow.joined:
        return (
            _("Of all segments, “%(other)s” sent the most people to “%(name)s”: %(number)s in %(days)s days") % figures
        )
    return _("Of all segments, “%(other)s” took the most people from “%(name)s”: %(number)s in %(days)s days") % figures


def _table(flow: Flow) -> Table:
    names = (
        _("Segment"),
        _("Came from it"),
        _("Were in it before and still are"),
        _("Went to it"),
        _("Are in it still"),
    )
    keys = {key for side in (flow.joined, flow.left) for key in (*side.moved, *side.beside) if key is not None}
    order = sorted(keys, key=lambda key: (-flow.joined.moved.get(key, 0) - flow.left.moved.get(key, 0), key))
    rows = [(flow.names.get(key, str(key)), *_counts(flow, key)) for key in order]
    nowhere = (
        _("(none)"),
        count_in_words(flow.joined.moved.get(None, 0)),
        "",
        count_in_words(flow.left.moved.get(None, 0)),
        "",
    )
    return Table(tuple(Column(name, is_number=at > 0) for at, name in enumerate(names)), (*rows, nowhere))


def _counts(flow: Flow, key: int) -> tuple[str, ...]:
    sides = (flow.joined.moved, flow.joined.beside, flow.left.moved, flow.left.beside)
    return tuple(count_in_words(side.get(key, 0)) for side in sides)
