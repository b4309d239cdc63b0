"""The words the catalogue is written in: an event type, its properties, a field of a rule.

Pure frozen values without Django. Nothing here knows a single event; the package `standard` lists ours
and a shop adds its own by the setting ``MICROSEG["EVENTS"]``.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "COLUMN_KINDS",
    "KINDS",
    "MAX_EVENT_BYTES",
    "PROPERTY_COLUMNS",
    "EventType",
    "FilterField",
    "Property",
]

#: 32 KB an event, as Segment promises its clients.
MAX_EVENT_BYTES = 32 * 1024

#: What a property's value may be.
KINDS = {
    "text": "a text of up to 1,024 characters",
    "key": "an id of up to 100 characters, as text or whole number",
    "texts": "a text or a list of texts",
    "prose": "a text of up to 8,000 characters",
    "url": "an address of up to 2,048 characters",
    "number": "a number, as such or as text",
    "count": "a number of pieces, not negative",
    "money": "an amount in units of the currency, as number or text",
    "currency": "an ISO 4217 code such as EUR",
    "products": "a list of products",
    "any": "any JSON",
}

#: The names that rules use for columns, with the kind of each. The same names stand in
#: `profile.traits.columns`, which this room may not import; a test keeps both equal.
COLUMN_KINDS = {
    "category": "text",
    "brand": "text",
    "coupon": "text",
    "channel": "text",
    "campaign": "text",
    "device": "text",
    "country": "text",
    "region": "text",
    "language": "text",
    "product": "key",
    "order": "key",
    "visit": "key",
    "source": "key",
    "local_hour": "number",
    "local_weekday": "number",
    "quantity": "number",
    "value": "money",
}

#: The columns that properties may be kept in, with the kind such a property must have.
PROPERTY_COLUMNS = {
    "category": "text",
    "brand": "text",
    "coupon": "text",
    "campaign": "text",
    "channel": "text",
    "product": "key",
    "order": "key",
    "quantity": "count",
}


@dataclass(frozen=True, slots=True)
class Property:
    """One property of an event: what it is called, what it holds, and where it is kept.

    ``column`` is a name of `COLUMN_KINDS`, ``label`` the name under which rules may filter by it;
    with neither it is kept with the event and no rule asks for it. ``aliases`` are other names it
    comes under (GA4's, older ones), the first that is present counts.
    """

    name: str
    kind: str
    summary: str = ""
    column: str = ""
    label: str = ""
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    may_be_negative: bool = False


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event. Names are snake_case, mostly Segment's e-commerce spec v2.

    ``measure`` names the one number of it that rules may sum and compare. ``value_from`` names the
    money properties that may be its value, best first; ``price`` there means price times quantity
    and ``products`` the sum of the lines. ``lines`` says what a list of products becomes: nothing,
    events of another name (an order's ``product_purchased``), or, with the event's own name, one
    event for each product (GA4 may add several to the cart at once).
    """

    name: str
    summary: str
    properties: tuple[Property, ...] = ()
    topic: str = "own"
    measure: str | None = None
    value_from: tuple[str, ...] = ()
    lines: str = ""
    is_public: bool = False
    is_immediate: bool = False
    is_derived: bool = False
    aliases: tuple[str, ...] = ()
    max_bytes: int = MAX_EVENT_BYTES

    @property
    def is_contract(self) -> bool:
        """Whether a shop must write it down anyway, whatever its visitors consent to, if the shop itself says it."""
        return self.topic == "orders"


@dataclass(frozen=True, slots=True)
class FilterField:
    """What a rule may ask of past events. ``kind``: text, key, number, money, measure or label."""

    name: str
    kind: str
