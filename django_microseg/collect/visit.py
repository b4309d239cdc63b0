"""One visit: a stretch of activity that ends after some idle time (30 minutes by default).

Plain values in and out, instants in milliseconds. The visitor's cookie carries a visit from page
to page, so that its counters cost no query. How the visitor came belongs to the visit as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .arrival import Arrival

__all__ = ["Visit", "begin_visit", "continue_visit", "with_page_views"]


@dataclass(frozen=True, slots=True)
class Visit:
    """``number`` is 1 for the first visit of this browser; ``views`` are the pages seen so far."""

    key: str
    started_at: int
    last_at: int
    number: int = 1
    views: int = 0
    arrival: Arrival = field(default_factory=Arrival)


def begin_visit(arrival: Arrival, *, now: int, key: str, number: int = 1) -> Visit:
    """A visit that begins now, with no page seen yet."""
    return Visit(key, now, now, number=number, arrival=arrival)


def continue_visit(previous: Visit | None, arrival: Arrival, *, now: int, idle: int, new_key: str) -> Visit:
    """The visit that a request at ``now`` belongs to: the previous one, or the next.

    A new campaign begins no new visit, but it is how the visitor came last, so it stands.
    """
    if previous is None:
        return begin_visit(arrival, now=now, key=new_key)
    if now - previous.last_at >= idle:
        return begin_visit(arrival, now=now, key=new_key, number=previous.number + 1)
    came = arrival if arrival.is_campaign else previous.arrival
    return replace(previous, last_at=max(now, previous.last_at), arrival=came)


def with_page_views(visit: Visit, count: int) -> Visit:
    """The visit with so many more pages seen."""
    return replace(visit, views=visit.views + count)
