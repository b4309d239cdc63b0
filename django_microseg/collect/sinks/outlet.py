"""The front of the line, as one consumer has it: what it is handed, what it takes out, how often it tried.

Redis's consumer groups say who has what in hand. What somebody has had for longer than ``patience`` goes to
whoever asks next. An entry leaves the stream only when it is taken out, so the stream is as long as the line.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import uuid4

from .entry import Entry, Unreadable, load
from .stream import ERRORS, FIELD, GROUP, Stream

__all__ = ["BATCH", "Held", "Outlet"]

BATCH = 200


@dataclass(frozen=True, slots=True)
class Held:
    """One entry in hand. ``entry`` None: it cannot be read. ``hands``: how often it was handed out."""

    key: bytes
    line: bytes
    entry: Entry | None
    hands: int = 1


class Outlet:
    """One consumer's place at the stream. Everything raises `stream.ERRORS`."""

    def __init__(self, stream: Stream, *, patience_seconds: float) -> None:
        self._client, self._stream = stream.client, stream
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._patience_seconds = patience_seconds
        self._look_at = 0.0

    def take(self, block_ms: int | None) -> list[Held]:
        """A batch: first what others have had in hand for too long, then what is new. Waits so long for that."""
        return self._in_group(self._left_by_others) or self._in_group(lambda: self._new(block_ms))

    def take_out(self, held: Sequence[Held]) -> None:
        """These are settled: nobody is handed them again."""
        ids = [each.key for each in held]
        pipe = self._client.pipeline(transaction=True)
        pipe.xack(self._stream.name, GROUP, *ids)
        pipe.xdel(self._stream.name, *ids)
        pipe.hdel(self._stream.tries, *ids)
        pipe.execute()

    def note_try(self, held: Held, change: int = 1) -> int:
        """How often it has been tried alone by anybody, this time included."""
        return int(self._client.hincrby(self._stream.tries, held.key, change))

    def least_tried_first(self, held: Sequence[Held]) -> list[Held]:
        """So that one that kills us does so when its neighbours are done."""
        if not held:
            return []
        counts = self._client.hmget(self._stream.tries, [each.key for each in held])
        tries = {each.key: int(count or 0) for each, count in zip(held, counts, strict=True)}
        return sorted(held, key=lambda each: tries[each.key])

    def leave(self) -> None:
        """Take our name off the list, unless something is still in our hands."""
        if not self._pending("-", "+", 1):
            self._client.xgroup_delconsumer(self._stream.name, GROUP, self._name)

    def _new(self, block_ms: int | None) -> list[Held]:
        streams = {self._stream.name: ">"}
        answer = self._client.xreadgroup(GROUP, self._name, streams, count=BATCH, block=block_ms)
        return [_held(*each) for _, entries in answer or () for each in entries]

    def _left_by_others(self) -> list[Held]:
        """Or by us, after something could not be stored. Asked for twice within ``patience``."""
        if monotonic() < self._look_at:
            return []
        idle = int(self._patience_seconds * 1000)
        answer = self._client.xautoclaim(
            self._stream.name, GROUP, self._name, min_idle_time=idle, start_id="0-0", count=BATCH
        )
        found = [each for each in answer[1] if each[1] is not None]  # Redis 6 names what was removed, too
        if not found:
            self._look_at = monotonic() + self._patience_seconds / 2
            return []
        pending = self._pending(found[0][0], found[-1][0], BATCH)
        hands = {each["message_id"]: each["times_delivered"] for each in pending}
        return [_held(key, fields, hands.get(key, 1)) for key, fields in found]

    def _pending(self, first: Any, last: Any, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.xpending_range(
            self._stream.name, GROUP, min=first, max=last, count=count, consumername=self._name
        )
        return found

    def _in_group(self, ask: Callable[[], list[Held]]) -> list[Held]:
        """Make the group first, where there is none yet or the server has forgotten it."""
        try:
            return ask()
        except ERRORS as error:
            if not str(error).startswith("NOGROUP"):
                raise
        self._make_group()
        return ask()

    def _make_group(self) -> None:
        try:
            self._client.xgroup_create(self._stream.name, GROUP, id="0", mkstream=True)
        except ERRORS as error:
            if not str(error).startswith("BUSYGROUP"):  # somebody else was quicker
                raise


def _held(key: bytes, fields: dict[bytes, bytes], hands: int = 1) -> Held:
    line = fields.get(FIELD, b"")
    try:
        return Held(key, line, load(line), hands)
    except Unreadable:
        return Held(key, line, None, hands)
