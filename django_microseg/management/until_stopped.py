"""Lets a command run until somebody stops it, without being cut off in the middle."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

__all__ = ["UntilStopped"]

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_NAP_SECONDS = 0.2


class UntilStopped:
    """Within the block, SIGTERM and SIGINT ask to stop; a second one cuts off as usual.

    Signals reach the main thread alone, so in any other thread nothing is caught.
    """

    def __init__(self) -> None:
        self._is_over = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> UntilStopped:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def is_over(self) -> bool:
        return self._is_over

    def wait(self, seconds: float) -> None:
        """Pause, or less if it is told to stop. In small naps: a signal handler may take no lock."""
        end = time.monotonic() + seconds
        while not self._is_over and (rest := end - time.monotonic()) > 0:
            time.sleep(min(_NAP_SECONDS, rest))

    def stop(self) -> None:
        self._is_over = True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stop()
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
