"""One event of a batch, from what a client sent to what `collect` judges.

Whose it is and the context of the moment are ours to say; of what the client says about either,
nothing is taken over. Addresses of pages lose their query part, which holds personal data in
searches and links of mails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django_microseg.collect.address import split_address
from django_microseg.collect.events import catalogue
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.decide.hand_over import event_of
from django_microseg.decide.visitor import Visitor

__all__ = ["PAGE_VIEW", "incoming_from", "landing_of", "name_of"]

PAGE_VIEW = "page_viewed"
_ADDRESSES = frozenset({"url", "page_location", "referrer", "page_referrer"})
_LONGEST_ADDRESS = 2048


def incoming_from(item: Any, visitor: Visitor) -> IncomingEvent:
    """The event; whatever was sent, this does not fail.

    Without an id two equal events are one only if they also say the same time; otherwise each counts.
    """
    given: Mapping[str, Any] = item if isinstance(item, Mapping) else {"name": item}
    message_id: Any = given.get("message_id")
    occurred_at = given.get("occurred_at")
    if message_id in (None, "") and occurred_at is None:
        message_id = uuid4().hex
    event = event_of(visitor, given.get("name"), _without_queries(given.get("properties")))
    return replace(event, message_id=message_id, occurred_at=occurred_at)


def name_of(item: Any) -> str:
    """The catalogue's name for the event; empty where there is none."""
    return catalogue().name_of(item.get("name")) if isinstance(item, Mapping) else ""


def landing_of(items: Sequence[Any]) -> Mapping[str, Any] | None:
    """The page that the first page view of a batch describes, for clients that do not say it twice."""
    for item in items:
        if name_of(item) == PAGE_VIEW:
            properties = item.get("properties")
            return _page_in(properties) if isinstance(properties, Mapping) else None
    return None


def _page_in(properties: Mapping[str, Any]) -> dict[str, str]:
    found = {
        "url": properties.get("url") or properties.get("page_location"),
        "path": properties.get("path"),
        "referrer": properties.get("referrer") or properties.get("page_referrer"),
    }
    return {name: text[:_LONGEST_ADDRESS] for name, text in found.items() if isinstance(text, str)}


def _without_queries(properties: Any) -> Any:
    if not isinstance(properties, Mapping):
        return properties
    return {
        name: _without_query(value) if name in _ADDRESSES else value
        for name, value in properties.items()
        if not (name == "search" and isinstance(value, str) and value.startswith("?"))
    }


def _without_query(address: Any) -> Any:
    """The same address without query, fragment and credentials; what is no address is no longer one either."""
    if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS:
        return address
    parts = split_address(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
