"""One event as the evaluators see it: plain values, no Django.

Ingest makes these from what it has just stored, the fold reads them back from the table, and both
must agree field by field. Nothing here knows what an event means.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LABEL_END", "EventRecord", "label_text", "order_key_of"]

LABEL_END = "|"


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A stored event. Text is already case-folded where the column is; missing text is ``""``.

    ``message_hash`` is 32 hexadecimal digits. ``occurred_at`` and ``voided_at`` are milliseconds
    since 1970, ``local_date`` days since 1970, ``value`` minor units of the shop's base currency
    (None when unknown), ``measure`` thousandths of the unit that the catalogue names for the
    event, ``labels`` the text made by `label_text`.
    """

    occurred_at: int
    source: str
    message_hash: str
    position: int
    name: str
    voided_at: int | None = None
    visit_key: str = ""
    value: int | None = None
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
    local_hour: int | None = None
    local_weekday: int | None = None
    local_date: int | None = None
    labels: str = ""


def order_key_of(record: EventRecord) -> tuple[int, str, str, int]:
    """The total order of events: time, then source, message hash and line position."""
    return (record.occurred_at, record.source, record.message_hash, record.position)


def label_text(labels: dict[str, list[str]]) -> str:
    """Pack further properties that rules may ask for: ``|attribute=vegan|attribute=warm|``.

    Names and values are case-folded; the separators inside a value become spaces. One text column
    with exact substring search works alike on every engine, where JSON operators do not.
    """
    parts = sorted(f"{_clean(name)}={_clean(value)}" for name, values in labels.items() for value in values if value)
    return LABEL_END + LABEL_END.join(parts) + LABEL_END if parts else ""


def _clean(value: str) -> str:
    return value.casefold().replace(LABEL_END, " ").strip()
