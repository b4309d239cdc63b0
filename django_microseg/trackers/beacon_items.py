"""From what a page's script sends to events of its visitor. Pure but for whose they are.

Comes in: an item ``{"name", "id", "at", "properties"}`` and the page it happened on. Goes out: an event
whose person is the visitor of the signed cookie, whatever the item says of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django_microseg.collect.catalogue import Catalogue
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.page import UNKNOWN_PAGE, Page
from django_microseg.collect.reasons import Rejected

__all__ = ["Make", "event_from", "page_from"]

#: Makes an event of the visitor of a name and properties, in the context of the moment.
Make = Callable[[Any, Any], IncomingEvent]
_OF_PAGE = ("path", "url", "title", "referrer")


def event_from(
    item: Any, page: Mapping[str, Any], make: Make, at: Callable[[Any], Any], known: Catalogue
) -> IncomingEvent:
    """The event; one that cannot be read carries its fault. ``at`` sets the time right."""
    if isinstance(item, Rejected):
        return replace(make("", {}), fault=item)
    if not isinstance(item, Mapping):
        fault = Rejected("bad_type", f"The event is of type {type(item).__name__}: send an object.")
        return replace(make("", {}), fault=fault)
    name = item.get("name")
    event = make(name, _properties(name, item.get("properties"), page, known))
    return replace(event, message_id=item.get("id") or _id_of(item), occurred_at=at(item.get("at")))


def page_from(given: Any, own_host: str) -> tuple[Page, dict[str, Any]]:
    """The page as slots know it, and as properties that its events lack; texts alone are believed."""
    if not isinstance(given, Mapping):
        return UNKNOWN_PAGE, {}
    said = {name: given[name] for name in _OF_PAGE if isinstance(given.get(name), str) and given[name]}
    try:
        url = urlsplit(said.get("url", ""))
    except ValueError:
        return UNKNOWN_PAGE, said
    query = dict(parse_qsl(url.query, keep_blank_values=True, max_num_fields=100)) if url.query.count("&") < 100 else {}
    return Page(said.get("path") or url.path, query, said.get("referrer", ""), url.netloc or own_host), said


def _properties(name: Any, given: Any, page: Mapping[str, Any], known: Catalogue) -> Any:
    """An event of a page says which one, even where its sender did not repeat it."""
    event = known.find(name)
    if not page or event is None or not isinstance(given, Mapping | None):
        return given
    has = {prop.name for prop in event.properties}
    return {**page, **(given or {})} if {"path", "url", "title"} <= has else given


def _id_of(item: Mapping[str, Any]) -> str:
    """An event without an id is known by what it says, so that it may be sent again."""
    return f"said:{hashlib.blake2b(repr(item).encode(errors='surrogatepass'), digest_size=16).hexdigest()}"
