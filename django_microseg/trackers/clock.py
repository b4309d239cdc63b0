"""When something happened by our clock, though the sender's may be wrong. Pure.

A client says when it happened and, by the same clock, when it sent it. Only the difference is
believed: it is taken off the moment of arrival, as Segment does. Events that are sent late from a
phone keep their time; a clock that is a year ahead does no harm. A clock that seems right to the second
is believed, for the rest is the way here, and a message that is sent again shall say the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

__all__ = ["happened_at"]

_MS = 1000
_EXACT = dt.timedelta(seconds=1)


def happened_at(happened: Any, sent: Any, received_at: dt.datetime) -> Any:
    """The corrected moment; what came, where it cannot be corrected; None where nothing was said."""
    if happened is None or happened == "":
        return None
    its, sending = _moment(happened), _moment(sent)
    if its is None:
        return happened
    if sending is None or (its.tzinfo is None) != (sending.tzinfo is None):
        return its
    try:
        if sending.tzinfo is not None and abs(received_at - sending) <= _EXACT:
            return its
        return received_at - (sending - its)
    except OverflowError:
        return its


def _moment(value: Any) -> dt.datetime | None:
    """From ISO 8601 text, or from milliseconds since 1970 as scripts write them."""
    try:
        if isinstance(value, str) and len(value) <= 64:
            return dt.datetime.fromisoformat(value.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value / _MS, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
