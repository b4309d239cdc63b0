"""Figures out of store records. The compiled ruleset calls these with plain values.

``low`` is exclusive and ``high`` inclusive, as every window is. A figure is an int, a ratio
``(numerator, denominator)``, a text, or None for unknown; amounts are minor units, times are
milliseconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Any

__all__ = [
    "edge_first",
    "edge_last",
    "keys_count",
    "lastby_count",
    "log_avg",
    "log_count",
    "log_distinct",
    "log_first",
    "log_gap",
    "log_last",
    "log_last_time",
    "log_max",
    "log_min",
    "log_share",
    "log_sum",
    "log_top",
    "recent_last_time",
    "since_of",
    "tally_top",
    "total_avg",
    "total_count",
    "total_gap",
    "total_max",
    "total_min",
    "total_share",
    "total_sum",
]

Ratio = tuple[int, int]
Log = list[list[Any]]
NEVER = -(1 << 62)


def since_of(times: list[int]) -> int:
    """The low end of a window that starts after the last event of another stream."""
    return times[-1] if times else NEVER


def recent_last_time(times: list[int], low: int) -> int | None:
    return times[-1] if times and times[-1] > low else None


def total_count(total: list[Any]) -> int:
    return int(total[0])


def total_sum(total: list[Any]) -> int:
    return int(total[4])


def total_avg(total: list[Any]) -> Ratio | None:
    return (total[4], total[3]) if total[3] else None


def total_min(total: list[Any]) -> int | None:
    return total[5]  # type: ignore[no-any-return]


def total_max(total: list[Any]) -> int | None:
    return total[6]  # type: ignore[no-any-return]


def total_gap(total: list[Any]) -> Ratio | None:
    return (total[2] - total[1], total[0] - 1) if total[0] > 1 else None


def total_share(part: list[Any], whole: list[Any]) -> Ratio | None:
    return (part[0], whole[0]) if whole[0] else None


def keys_count(tally: dict[Any, int]) -> int:
    return len(tally)


def tally_top(tally: dict[str, int]) -> str | None:
    return min(tally, key=lambda text: (-tally[text], text)) if tally else None


def lastby_count(last: dict[Any, int], low: int) -> int:
    return sum(moment > low for moment in last.values())


def edge_first(edge: list[Any]) -> str | None:
    return edge[1] if edge else None


def edge_last(edge: list[Any]) -> str | None:
    return edge[3] if edge else None


def log_count(log: Log, low: int, high: int) -> int:
    return max(0, bisect_right(log[0], high) - bisect_right(log[0], low))


def log_share(part: Log, whole: Log, low: int, high: int) -> Ratio | None:
    events = log_count(whole, low, high)
    return (log_count(part, low, high), events) if events else None


def _values(log: Log, low: int, high: int, refunds: dict[str, int] | None = None) -> list[Any]:
    start, end = bisect_right(log[0], low), bisect_right(log[0], high)
    values = log[1][start:end]
    if refunds:
        orders = log[2][start:end]
        return [v - refunds.get(key, 0) for v, key in zip(values, orders, strict=True)]
    return values


def log_sum(log: Log, low: int, high: int, refunds: dict[str, int] | None = None) -> int:
    return sum(_values(log, low, high, refunds))


def log_avg(log: Log, low: int, high: int, refunds: dict[str, int] | None = None) -> Ratio | None:
    values = _values(log, low, high, refunds)
    return (sum(values), len(values)) if values else None


def log_min(log: Log, low: int, high: int, refunds: dict[str, int] | None = None) -> int | None:
    return min(_values(log, low, high, refunds), default=None)


def log_max(log: Log, low: int, high: int, refunds: dict[str, int] | None = None) -> int | None:
    return max(_values(log, low, high, refunds), default=None)


def log_distinct(log: Log, low: int, high: int) -> int:
    return len(set(_values(log, low, high)))


def log_first(log: Log, low: int, high: int) -> str | None:
    values = _values(log, low, high)
    return values[0] if values else None


def log_last(log: Log, low: int, high: int) -> str | None:
    values = _values(log, low, high)
    return values[-1] if values else None


def log_top(log: Log, low: int, high: int) -> str | None:
    return tally_top(Counter(_values(log, low, high)))


def log_last_time(log: Log, low: int, high: int) -> int | None:
    end = bisect_right(log[0], high)
    return log[0][end - 1] if end and log[0][end - 1] > low else None


def log_gap(log: Log, low: int, high: int) -> Ratio | None:
    times = log[0][bisect_right(log[0], low) : bisect_right(log[0], high)]
    return (times[-1] - times[0], len(times) - 1) if len(times) > 1 else None
