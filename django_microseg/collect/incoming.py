"""An event on its way in, as a door hands it over: nothing about it has been checked yet.

Pure. Doors fill it from requests, APIs and files; whatever stands in it, reading it never raises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .reasons import Rejected

__all__ = ["CONTEXT_FIELDS", "IncomingEvent", "WaitedEvent"]

#: The context of an event that has a column of its own.
CONTEXT_FIELDS = ("device", "channel", "campaign", "country", "region", "language")


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """``occurred_at`` may be a datetime or ISO 8601 text; without a zone it is the shop's time.

    ``message_id`` is any text of up to 100 characters that is the same when the event is sent
    again. Without one, two events that are equal in everything count as one.
    ``timezone`` is the visitor's, as an IANA name. ``basis`` is why this event may be kept, where that
    is another reason than for all that came with it. ``fault`` says why the door could not read it:
    then it goes to quarantine whatever else it holds.
    """

    name: str
    message_id: str = ""
    occurred_at: dt.datetime | str | None = None
    visitor_key: str = ""
    customer_key: str = ""
    visit_key: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    device: str = ""
    channel: str = ""
    campaign: str = ""
    country: str = ""
    region: str = ""
    language: str = ""
    timezone: str = ""
    basis: str = ""
    fault: Rejected | None = None


@dataclass(frozen=True, slots=True)
class WaitedEvent(IncomingEvent):
    """One that a sink took earlier. ``arrived_at`` is when, in milliseconds since 1970."""

    arrived_at: int = 0
