"""One figure of a benchmark, and how two ways of doing a thing are compared fairly."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Result", "median_cpu", "ratio"]


@dataclass(frozen=True, slots=True)
class Result:
    """``better`` is "higher" or "lower"; ``n`` is how many repetitions the median is of."""

    name: str
    value: float
    unit: str
    better: str
    n: int
    note: str


def ratio(
    slow: Callable[[], object],
    fast: Callable[[], object],
    *,
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, float, float]:
    """(slow / fast, seconds of slow, seconds of fast): medians of interleaved rounds after one warm-up each."""
    slow(), fast()
    slows, fasts = [], []
    for _ in range(rounds):
        slows.append(_timed(slow, clock))
        fasts.append(_timed(fast, clock))
    one, other = statistics.median(slows), statistics.median(fasts)
    return one / other, one, other


def median_cpu(work: Callable[[], object], *, rounds: int) -> float:
    """Median seconds of CPU of a piece of work."""
    work()
    return statistics.median(_timed(work, time.process_time) for _ in range(rounds))


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()
    start = clock()
    work()
    return clock() - start
