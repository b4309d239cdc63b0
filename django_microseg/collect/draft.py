"""An event that passed, before it is stored: every column of the table, under the table's names.

Pure. The row that is written and the record that is handed on are made from the same draft, so
both say the same.
"""

from __future__ import annotations

from operator import attrgetter
from uuid import UUID

from .record import EventRecord

__all__ = ["ROW", "Draft"]

#: The columns of the event table in the order in which rows are written.
ROW = (
    "profile_id", "visitor_key", "name", "source", "message_hash", "position", "occurred_at",
    "received_at", "voided_at", "local_hour", "local_weekday", "local_date", "visit_key",
    "value_minor", "currency", "value_base_minor", "quantity", "measure", "product_key",
    "category", "brand", "coupon", "order_key", "channel", "campaign", "device", "country",
    "region", "language", "labels", "basis", "properties",
)  # fmt: skip


class Draft:
    """One row to be. Instants are milliseconds, days are days since 1970, properties are JSON."""

    name: str
    source: str
    message_hash: UUID
    occurred_at: int
    received_at: int
    basis: str
    profile_id: int
    position: int = 0
    voided_at: int | None = None
    visitor_key: str = ""
    local_hour: int | None = None
    local_weekday: int | None = None
    local_date: int | None = None
    visit_key: str = ""
    value_minor: int | None = None
    currency: str = ""
    value_base_minor: int | None = None
    quantity: int | None = None
    measure: int | None = None
    product_key: str = ""
    category: str = ""
    brand: str = ""
    coupon: str = ""
    order_key: str = ""
    channel: str = ""
    campaign: str = ""
    device: str = ""
    country: str = ""
    region: str = ""
    language: str = ""
    labels: str = ""
    properties: str = "{}"

    def twin(self) -> Draft:
        """Another draft with the same values."""
        other = Draft()
        other.__dict__.update(self.__dict__)
        return other

    def record(self) -> EventRecord:
        """The event as evaluators see it."""
        return EventRecord(self.occurred_at, self.source, self.message_hash.hex, self.position, self.name, *_rest(self))


_rest = attrgetter(
    "voided_at", "visit_key", "value_base_minor", "quantity", "measure", "product_key", "category",
    "brand", "coupon", "order_key", "channel", "campaign", "device", "country", "region",
    "language", "local_hour", "local_weekday", "local_date", "labels",
)  # fmt: skip
