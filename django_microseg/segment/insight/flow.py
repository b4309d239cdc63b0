"""Where the people of a segment came from and went to within a period, by the change log.

Somebody joined who was out of it at the beginning and is in it now; somebody left, the other way round. Whoever joined
came from the segment that they left at the moment nearest to it, within the period; whoever left went to the one they
entered. So everybody is counted once. What a changed rule brought or took is left out, and so is whoever became one
with somebody else. Writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..models import Membership, MembershipChange, Segment, SegmentVersion

__all__ = ["MOST", "Flow", "Move", "Side", "flow_of", "nearest"]

#: How many changes of the segment are followed, the latest ones.
MOST = 20_000
_AT_ONCE = 5_000
Cause = MembershipChange.Cause
_NO_MOVES = (Cause.DEFINITION, Cause.MERGE)


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody's entry into, or exit from, a segment."""

    profile: int
    segment: int
    is_entry: bool
    at: dt.datetime
    cause: str = Cause.EVENT


@dataclass(frozen=True, slots=True)
class Side:
    """``moved`` goes by segment: from or to where; None for nowhere. ``beside``: who was in another one all along."""

    people: int
    moved: Mapping[int | None, int]
    beside: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Flow:
    """``names`` of all segments of both sides. ``is_cut``: there were more changes than were followed."""

    joined: Side
    left: Side
    names: Mapping[int, str]
    is_cut: bool


def flow_of(segment: Segment, *, days: int, now: dt.datetime) -> Flow:
    """Four statements, and two more for each 5,000 people who moved."""
    start = now - dt.timedelta(days=days)
    own = _moves_of(segment, start)
    joiners, leavers = _net(own)
    others: dict[int, list[Move]] = {}
    people = sorted(joiners.keys() | leavers.keys())
    for move in _other_moves(people, segment, start):
        others.setdefault(move.profile, []).append(move)
    joined, left = _side(joiners, others), _side(leavers, others)
    beside = _beside(joiners, leavers, start)
    named = {pk for side in (joined, left) for pk in side if pk is not None} | {pk for each in beside for pk in each}
    return Flow(
        Side(len(joiners), joined, beside[0]),
        Side(len(leavers), left, beside[1]),
        dict(Segment.objects.filter(pk__in=named).values_list("pk", "name")),
        len(own) == MOST,
    )


def nearest(move: Move, others: Iterable[Move]) -> int | None:
    """The segment of the opposite move that lies nearest in time; the earlier of two, then the lower id."""
    opposite = [other for other in others if other.is_entry != move.is_entry]
    found = min(opposite, key=lambda other: (abs(other.at - move.at), other.at, other.segment), default=None)
    return found.segment if found else None


def _moves_of(segment: Segment, start: dt.datetime) -> list[Move]:
    """The latest moves of the period, in the order in which they happened."""
    rows = MembershipChange.objects.filter(segment=segment, changed_at__gt=start).order_by("-changed_at", "-pk")
    return [Move(*row) for row in rows.values_list("profile", "segment", "is_entry", "changed_at", "cause")[:MOST]][
        ::-1
    ]


def _net(moves: Sequence[Move]) -> tuple[dict[int, Move], dict[int, Move]]:
    """Who is in it and was not, and who was in it and is not, each with the move that made it so."""
    first: dict[int, Move] = {}
    last: dict[int, Move] = {}
    for move in moves:
        first.setdefault(move.profile, move)
        last[move.profile] = move
    settled = {
        pk: move for pk, move in last.items() if first[pk].is_entry == move.is_entry and move.cause not in _NO_MOVES
    }
    joiners = {pk: move for pk, move in settled.items() if move.is_entry}
    return joiners, {pk: move for pk, move in settled.items() if not move.is_entry}


def _other_moves(people: Sequence[int], segment: Segment, start: dt.datetime) -> Iterable[Move]:
    for at in range(0, len(people), _AT_ONCE):
        rows = MembershipChange.objects.filter(profile__in=people[at : at + _AT_ONCE], changed_at__gt=start)
        rows = rows.exclude(segment=segment).exclude(cause__in=_NO_MOVES).order_by("changed_at", "pk")
        for row in rows.values_list("profile", "segment", "is_entry", "changed_at", "cause"):
            yield Move(*row)


def _side(moves: Mapping[int, Move], others: Mapping[int, Sequence[Move]]) -> Counter[int | None]:
    return Counter(nearest(move, others.get(pk, ())) for pk, move in moves.items())


def _beside(joiners: Iterable[int], leavers: Iterable[int], start: dt.datetime) -> tuple[Counter[int], Counter[int]]:
    """In how many other segments in force these people have been since before the period."""
    live = Membership.objects.filter(definition__state=SegmentVersion.State.LIVE, since__lte=start)
    found: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for counted, people in zip(found, (sorted(joiners), sorted(leavers)), strict=True):
        for at in range(0, len(people), _AT_ONCE):
            rows = live.filter(profile__in=people[at : at + _AT_ONCE])
            counted.update(rows.values_list("segment", flat=True).iterator(chunk_size=2_000))
    return found
