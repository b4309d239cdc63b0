"""Writing who is in: rows, change log, snapshot and state of evaluated profiles, in one go.

Only differences are written, in bulk. Nothing outside `segment.refresh` calls this, and the
caller holds the transaction and the rows' locks; a revision that moved all the same is an error
that makes the caller try again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connections, router

from ..collect.fields import to_ms
from ..profile.models import ComparedValue, Profile
from ..profile.traits.state import ComparedRow, State, dump_state
from .bulk import delete_rows, insert_rows
from .models import Membership, MembershipChange
from .outbox import has_listeners
from .rulebook import Rulebook

__all__ = ["ConcurrentUpdate", "Evaluated", "Written", "read_snapshot", "write_changes", "write_evaluated"]


class ConcurrentUpdate(RuntimeError):
    """Somebody else wrote a profile between our reading and our writing it. Try again."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A profile with its new answer, as definition ids, and what to remember for the next one.

    ``state`` None leaves none behind; ``keeps_state`` leaves the stored one as it is; ``compared``
    None leaves the values that population facts are compared with as they are.
    """

    profile: Profile
    definitions: frozenset[int]
    state: State | None
    next_flip: int | None
    is_over_cap: bool = False
    dirty_since: int | None = None
    compared: tuple[ComparedRow, ...] | None = None
    keeps_state: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """How many memberships of live segments began and ended; which changes are to be delivered."""

    entered: int
    left: int
    undelivered: tuple[int, ...]


def read_snapshot(data: bytes | memoryview | None) -> frozenset[int]:
    """The definition ids that a profile's snapshot holds."""
    return frozenset(_decoder.decode(data)) if data else frozenset()


_decoder = msgspec.msgpack.Decoder(list[int])


def write_evaluated(evaluated: Sequence[Evaluated], book: Rulebook, *, cause: str, now: dt.datetime) -> Written:
    """Write differences of membership, and snapshot, state and next flip of each profile."""
    entries: list[tuple[int, int]] = []
    exits: list[tuple[int, int]] = []
    for each in evaluated:
        old, new = read_snapshot(each.profile.snapshot), each.definitions
        entries += [(each.profile.pk, definition) for definition in sorted(new - old)]
        exits += [(each.profile.pk, definition) for definition in sorted(old - new)]
    _update_profiles(evaluated, book)
    _write_compared([each for each in evaluated if each.compared is not None])
    _insert_members(entries, book, now)
    _delete_members(exits)
    return _log(entries, exits, book, cause, now)


def _insert_members(entries: list[tuple[int, int]], book: Rulebook, now: dt.datetime) -> None:
    since, segments = to_ms(now), book.segments
    insert_rows(
        Membership,
        ("profile_id", "segment_id", "definition_id", "since"),
        [(profile, segments[definition], definition, since) for profile, definition in entries],
    )


def _write_compared(evaluated: Sequence[Evaluated]) -> None:
    if not evaluated:
        return
    ids = [each.profile.pk for each in evaluated]
    for at in range(0, len(ids), 500):
        ComparedValue.objects.filter(profile_id__in=ids[at : at + 500]).delete()
    insert_rows(
        ComparedValue,
        ("profile_id", "fact", "trait", "value", "valid_until"),
        [(each.profile.pk, *row) for each in evaluated for row in each.compared or ()],
    )


def _delete_members(exits: list[tuple[int, int]]) -> None:
    delete_rows(Membership, ("profile_id", "definition_id"), exits)


def _log(
    entries: list[tuple[int, int]],
    exits: list[tuple[int, int]],
    book: Rulebook,
    cause: str,
    now: dt.datetime,
) -> Written:
    live = book.live_ids
    came = [pair for pair in entries if pair[1] in live]
    went = [pair for pair in exits if pair[1] in live]
    rows = [
        (profile, book.segments[definition], definition, is_entry)
        for pairs, is_entry in ((came, True), (went, False))
        for profile, definition in pairs
    ]
    return Written(len(came), len(went), write_changes(rows, cause=cause, now=now))


def write_changes(rows: Sequence[tuple[int, int, int, bool]], *, cause: str, now: dt.datetime) -> tuple[int, ...]:
    """Log entries and exits: (profile, segment, definition, is entry).

    Hands back the ids of what is to be delivered; without a listener it counts as delivered.
    """
    if not has_listeners():
        moment = to_ms(now)
        insert_rows(MembershipChange, _CHANGE, [(*row, cause, moment, moment) for row in rows])
        return ()
    changes = MembershipChange.objects.bulk_create(
        [
            MembershipChange(
                profile_id=profile, segment_id=segment, definition_id=definition,
                is_entry=is_entry, cause=cause, changed_at=now,
            )
            for profile, segment, definition, is_entry in rows
        ],
        batch_size=2000,
    )  # fmt: skip
    return tuple(change.pk for change in changes)


_CHANGE = (
    "profile_id", "segment_id", "definition_id", "is_entry", "cause", "changed_at", "delivered_at",
)  # fmt: skip
_KEEPING = (
    "UPDATE {table} SET snapshot = %s, ruleset_version = %s, next_flip = %s, is_over_cap = %s, "
    "dirty_since = %s, revision = revision + 1 "
    "WHERE id = %s AND revision = %s"
)
_REPLACING = _KEEPING.replace("SET ", "SET state = %s, needs_version = %s, ", 1)


def _update_profiles(evaluated: Sequence[Evaluated], book: Rulebook) -> None:
    connection = connections[router.db_for_write(Profile)]
    table = connection.ops.quote_name(Profile._meta.db_table)
    for template, chosen in (
        (_KEEPING, [each for each in evaluated if each.keeps_state]),
        (_REPLACING, [each for each in evaluated if not each.keeps_state]),
    ):
        if not chosen:
            continue
        with connection.cursor() as cursor:
            parameters = [_parameters(each, book) for each in chosen]
            statement = template.format(table=table)
            if len(parameters) == 1:
                cursor.execute(statement, parameters[0])
            else:
                cursor.executemany(statement, parameters)
            if cursor.rowcount != len(chosen):
                raise ConcurrentUpdate(
                    f"{len(chosen) - cursor.rowcount} of {len(chosen)} profiles were written by "
                    "somebody else meanwhile; the batch is tried again."
                )


def _parameters(each: Evaluated, book: Rulebook) -> tuple[Any, ...]:
    profile = each.profile
    common = (
        msgspec.msgpack.encode(sorted(each.definitions)), book.ruleset.version, each.next_flip,
        each.is_over_cap, each.dirty_since, profile.pk, profile.revision,
    )  # fmt: skip
    if each.keeps_state:
        return common
    state = None if each.state is None else dump_state(each.state)
    return (state, book.ruleset.plan.version if state else "", *common)
