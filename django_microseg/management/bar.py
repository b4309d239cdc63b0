"""Shows how far a long command is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django_microseg.collect.importing.progress import Progress, Silent

try:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress
except ImportError:  # the extra [cli]
    RichProgress = None  # type: ignore[assignment, misc]

__all__ = ["Lines", "progress"]

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def progress(say: Callable[[str], Any], options: dict[str, Any]) -> Iterator[Progress]:
    """The bar goes to standard error; lines go through ``say``, and not among JSON."""
    if options["verbosity"] < 1:
        yield Silent()
    elif RichProgress is not None and sys.stderr.isatty():
        with _rich(is_plain=options["no_color"]) as bar:
            yield _Bar(bar)
    else:
        yield Silent() if options.get("json") else Lines(say)


def _rich(*, is_plain: bool) -> RichProgress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return RichProgress(*columns, console=Console(stderr=True, no_color=is_plain), transient=True)


class _Bar:
    """A bar for each stage."""

    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._task: Any = None

    def begin(self, stage: str, total: int | None) -> None:
        self._task = self._bar.add_task(stage, total=total)

    def advance(self, number: int) -> None:
        self._bar.advance(self._task, number)


class Lines:
    """A line when a stage begins, and one every few seconds."""

    def __init__(self, say: Callable[[str], Any], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._stage, self._total, self._done = "", "", 0
        self._due = 0.0

    def begin(self, stage: str, total: int | None) -> None:
        self._stage, self._total, self._done = stage, "" if total is None else f" of {total:,}", 0
        self._due = self._clock() + _SECONDS_BETWEEN_LINES
        self._say(f"{stage} ...")

    def advance(self, number: int) -> None:
        self._done += number
        if self._clock() >= self._due:
            self._due = self._clock() + _SECONDS_BETWEEN_LINES
            self._say(f"{self._stage}: {self._done:,}{self._total}")
