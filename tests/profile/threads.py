"""Several writers at once, each with a database connection of its own, as web processes have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

__all__ = ["at_once"]


def at_once(*works: Callable[[], object]) -> Sequence[BaseException]:
    """Start all works at the same moment; gives what went wrong in any of them."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> BaseException | None:
        start.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the caller asserts on whatever it was
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(works)) as pool:
        return [error for error in pool.map(run, works) if error is not None]
