"""What waits in the stream: how much, for how long, and which of it is somebody's.

For checks, exports and erasures, which may wait for an answer. An erasure takes entries out also while a
consumer has them in hand; that one then finds the person's tombstone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from ..fields import from_ms
from .entry import Unreadable, load
from .stream import FIELD, Stream, open_stream

__all__ = ["Backlog", "Wanted", "find", "read_backlog", "take_out"]

_SECONDS = 5.0
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody's keys, and a test for lines that cannot be read as events."""

    visitor_keys: Collection[str]
    customer_keys: Collection[str]
    is_mentioned: Callable[[str], bool]

    def is_theirs(self, line: str) -> bool:
        try:
            item = load(line).item
        except Unreadable:
            return self.is_mentioned(line)
        is_customers = str(item.customer_key).strip() in self.customer_keys
        return is_customers or str(item.visitor_key).strip() in self.visitor_keys


@dataclass(frozen=True, slots=True)
class Backlog:
    """``since``: when the first in line came, None if nobody waits. ``evicts``: the server's rule for full memory,
    if it may throw waiting events away. ``is_kept_on_disk``: whether the line outlives the server; None: it does
    not say.
    """

    count: int
    since: dt.datetime | None
    evicts: str
    is_kept_on_disk: bool | None


def read_backlog(*, seconds: float = _SECONDS) -> Backlog:
    """How long the line is; waits so long for each answer. Raises `stream.ERRORS`."""
    stream = open_stream(seconds=seconds)
    first = stream.client.xrange(stream.name, count=1)
    memory, disk = stream.client.info("memory"), stream.client.info("persistence")
    policy = str(memory.get("maxmemory_policy", ""))
    return Backlog(
        count=stream.client.xlen(stream.name),
        since=from_ms(int(first[0][0].partition(b"-")[0])) if first else None,
        evicts=policy if policy.startswith("allkeys") else "",
        is_kept_on_disk=bool(disk["aof_enabled"]) if "aof_enabled" in disk else None,
    )


def find(wanted: Wanted) -> dict[str, str]:
    """The lines that are somebody's, by entry."""
    return {key.decode(): line for key, line in _lines(open_stream(seconds=_SECONDS)) if wanted.is_theirs(line)}


def take_out(wanted: Wanted) -> int:
    """Remove somebody's entries; how many there were."""
    stream = open_stream(seconds=_SECONDS)
    keys = [key for key, line in _lines(stream) if wanted.is_theirs(line)]
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        pipe = stream.client.pipeline(transaction=True)
        pipe.xdel(stream.name, *some)
        pipe.hdel(stream.tries, *some)
        pipe.execute()
    return len(keys)


def _lines(stream: Stream) -> Iterator[tuple[bytes, str]]:
    start = "-"
    while some := stream.client.xrange(stream.name, min=start, count=_CHUNK):
        for key, fields in some:
            yield key, fields.get(FIELD, b"").decode("ascii", "backslashreplace")
        start = f"({some[-1][0].decode()}"
