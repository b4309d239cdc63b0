"""Puts events in line, or says at once that it cannot: a page never waits for the stream's server.

An answer may take 50 milliseconds. After three failures in a row nothing is tried for ten seconds. A stream
that is longer than ``SINK_LIMIT`` takes nothing more until it is shorter again; it is asked once a second.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from time import monotonic

from ... import conf
from ..breaker import Breaker, LogLimit
from .stream import ERRORS, FIELD, Stream, open_stream

__all__ = ["PRODUCER", "Producer"]

_SECONDS = 0.05
_ASK_AGAIN_SECONDS = 1.0

_log = logging.getLogger("django_microseg.sinks")


class Producer:
    """The end of the line in one process. Two threads that miscount by a batch do no harm.

    ``seconds`` is how long an answer may take.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.seconds = _SECONDS
        self.reset()

    def reset(self) -> None:
        """Forget past faults and lengths; for tests."""
        self._breaker = Breaker()
        self._limits = {"fault": LogLimit(), "length": LogLimit()}
        self._length = 0
        self._asked_at = 0.0

    def put(self, lines: Sequence[str]) -> bool:
        """Whether all of these stand in line now. If not, some may: storing them twice does no harm."""
        if self._breaker.is_open(self.clock()):
            return False
        try:
            is_put = self._put(open_stream(seconds=self.seconds), lines)
        except ERRORS as error:
            self._breaker.note_failure(self.clock())
            self._say("fault", "The stream of events did not answer (%r); they are stored at once.", error)
            return False
        self._breaker.note_success()
        return is_put

    def _put(self, stream: Stream, lines: Sequence[str]) -> bool:
        if not self._has_room(stream):
            self._say("length", "%d events wait to be consumed; further ones are stored at once.", self._length)
            return False
        pipe = stream.client.pipeline(transaction=False)
        for line in lines:
            pipe.execute_command("XADD", stream.name, "*", FIELD, line)
        pipe.xlen(stream.name)
        self._note_length(pipe.execute()[-1])
        return True

    def _has_room(self, stream: Stream) -> bool:
        limit = conf.get("SINK_LIMIT")
        if self._length >= limit and self.clock() - self._asked_at >= _ASK_AGAIN_SECONDS:
            self._note_length(stream.client.xlen(stream.name))
        return bool(self._length < limit)

    def _note_length(self, length: int) -> None:
        self._length, self._asked_at = length, self.clock()

    def _say(self, kind: str, text: str, about: object) -> None:
        if self._limits[kind].admit(self.clock()) is not None:
            _log.warning(text, about)


PRODUCER = Producer()
