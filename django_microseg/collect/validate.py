"""Judges one incoming event: out comes what to store, or the reason why not.

Pure: plain values in, drafts out; the clock, the shop's zone and currency and the catalogue are
passed in as `Terms`. Whatever a client sends, the only exception that leaves `judge` is `Rejected`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from .catalogue import Catalogue
from .draft import Draft
from .event_type import EventType
from .hooks import PersonKey
from .ids import clean_id
from .incoming import CONTEXT_FIELDS, IncomingEvent, WaitedEvent
from .lengths import COLUMN_LENGTHS, fold
from .lines import derive_lines, take_in_product
from .localtime import local_at, read_instant, zone_of
from .money import to_minor
from .reading import Reader, Reading
from .reasons import Rejected
from .record import label_text
from .shape import check_shape, check_text, to_json
from .voids import REFUND
from .worth import pieces_of, worth_of

__all__ = ["CONSENT", "MAX_CUSTOMER_KEY", "MAX_MESSAGE_ID", "Judged", "Terms", "hash_of", "judge"]

#: The basis of what is stored only for as long as a visitor consents.
CONSENT = "consent"
MAX_MESSAGE_ID = 100
MAX_CUSTOMER_KEY = 100
_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What the events of one batch are judged by. ``received_at`` is in milliseconds."""

    catalogue: Catalogue
    source: str
    basis: str
    is_public: bool
    received_at: int
    shop_zone: dt.tzinfo
    currency: str
    readers: dict[str, Reader] = field(default_factory=dict)

    def reader_of(self, event: EventType) -> Reader:
        """The reader of an event's properties, made once for all batches."""
        reader = self.readers.get(event.name)
        if reader is None:
            reader = self.readers[event.name] = Reader(event.properties, event.measure)
        return reader


@dataclass(frozen=True, slots=True)
class Judged:
    """A good event: whose it is, its row, and the rows derived from it."""

    person: PersonKey
    draft: Draft
    lines: tuple[Draft, ...] = ()


def judge(item: IncomingEvent, terms: Terms) -> Judged:
    """The rows of an event. Raises `Rejected`."""
    if item.fault is not None:
        raise item.fault
    event = _event_type(item.name, terms)
    properties = _properties(item.properties)
    reader = terms.reader_of(event)
    check_shape(properties, reader.longer)
    draft = _draft(item, event, terms)
    person = PersonKey(draft.visitor_key, clean_id(item.customer_key, "customer_key", MAX_CUSTOMER_KEY))
    if not any(person):
        raise Rejected(
            "no_person", "The event names neither a visitor nor a customer: send visitor_key or customer_key."
        )
    _check_size(properties, event)
    draft.message_hash = hash_of(_message_id(item, properties))
    reading = reader.read(properties)
    more = take_in_product(event, reading)
    missing = reader.missing(reading)
    if missing:
        raise Rejected("missing_property", f"{event.name} needs {missing}: send it.")
    if item.country and not draft.country:
        reading.kept.setdefault("country", item.country)
    _fill(draft, event, reading, terms)
    return Judged(person, draft, derive_lines(draft, event, reading, more, terms.currency))


def hash_of(message_id: str) -> UUID:
    """What a message is known by: any text becomes sixteen bytes."""
    return UUID(bytes=hashlib.blake2b(message_id.encode(), digest_size=16).digest())


def _event_type(raw: Any, terms: Terms) -> EventType:
    if not isinstance(raw, str):
        raise Rejected("bad_type", "The event's name is no text: send one of docs/events.md.")
    check_text(raw, "name", _MAX_NAME)
    event = terms.catalogue.find(raw)
    if event is None:
        raise Rejected("unknown_event", "No event of this name is known: see docs/events.md, or add it to EVENTS.")
    if event.is_derived:
        raise Rejected("derived_only", f"We make {event.name} ourselves: send the order with its products.")
    if terms.is_public and not event.is_public:
        raise Rejected("not_public", f"A browser may not send {event.name}: send it from the server.")
    return event


def _properties(raw: Any) -> Mapping[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise Rejected("bad_type", f"properties is of type {type(raw).__name__}: send an object.")
    return raw


def _check_size(properties: Mapping[str, Any], event: EventType) -> None:
    size = len(to_json(properties).encode())
    if size > event.max_bytes:
        raise Rejected("too_large", f"The properties have {size} bytes: send {event.max_bytes} at most.")


def _draft(item: IncomingEvent, event: EventType, terms: Terms) -> Draft:
    """A draft with everything but what the properties say."""
    draft = Draft()
    draft.name, draft.source, draft.basis = event.name, terms.source, item.basis or terms.basis
    draft.received_at = item.arrived_at if isinstance(item, WaitedEvent) else terms.received_at
    draft.visitor_key = clean_id(item.visitor_key, "visitor_key", COLUMN_LENGTHS["visitor_key"])
    draft.visit_key = clean_id(item.visit_key, "visit_key", COLUMN_LENGTHS["visit_key"])
    draft.occurred_at = read_instant(item.occurred_at, draft.received_at, terms.shop_zone)
    zone = zone_of(item.timezone) or terms.shop_zone
    draft.local_hour, draft.local_weekday, draft.local_date = local_at(draft.occurred_at, zone)
    for name in CONTEXT_FIELDS:
        value = getattr(item, name)
        if value:
            setattr(draft, name, _context_text(value, name))
    return draft


def _context_text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise Rejected("bad_type", f"{name} is of type {type(value).__name__}: send text.")
    check_text(value, name)
    if name == "country" and not (len(value.strip()) == 2 and value.strip().isascii()):
        return ""  # a name cut to two letters would be another country
    return fold(value, name)


def _message_id(item: IncomingEvent, properties: Mapping[str, Any]) -> str:
    """The client's id, or one made of all that the event says."""
    given = clean_id(item.message_id, "message_id", MAX_MESSAGE_ID)
    if given:
        return given
    parts = (
        item.name, item.occurred_at, item.visitor_key, item.customer_key, item.visit_key,
        *(getattr(item, name) for name in CONTEXT_FIELDS), item.timezone, to_json(_sorted(properties)),
    )  # fmt: skip
    content = "\0".join(str(part) for part in parts).encode(errors="backslashreplace")
    return f"content:{hashlib.blake2b(content, digest_size=16).hexdigest()}"


def _sorted(value: Any) -> Any:
    """The same JSON whatever the order of its keys."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(inner) for inner in value]
    return sorted(str(inner) for inner in value) if isinstance(value, set | frozenset) else value


def _fill(draft: Draft, event: EventType, reading: Reading, terms: Terms) -> None:
    """Put what the properties say into the draft's columns."""
    _add_path(reading, terms.reader_of(event))
    for column, text in reading.columns.items():
        setattr(draft, column, text)
    draft.measure = reading.measure
    draft.quantity = pieces_of(reading, with_lines="products" in event.value_from)
    amount = worth_of(event, reading)
    if amount is not None:
        draft.currency = reading.currency or terms.currency
        draft.value_minor = to_minor(amount, draft.currency, f"The value of {event.name}")
        draft.value_base_minor = draft.value_minor if draft.currency == terms.currency else None
    elif event.name == REFUND and reading.lines:
        raise Rejected("missing_property", "A refund of some products needs amount, or the price of each product.")
    draft.labels = label_text(reading.labels)
    draft.properties = to_json(reading.kept) if reading.kept else "{}"


def _add_path(reading: Reading, reader: Reader) -> None:
    """A page that gives only its address still has a path."""
    address = reading.kept.get("url")
    if not reader.has_path or "path" in reading.labels or not isinstance(address, str):
        return
    try:
        reading.labels["path"] = [urlsplit(address).path[:200]]
    except ValueError:
        return
