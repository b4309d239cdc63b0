"""Rows of a GA4 export, as BigQuery writes them: ``bq extract --destination_format NEWLINE_DELIMITED_JSON``.

Names of events and parameters are those of Google's schema, which the catalogue knows as aliases. What GA4 notes for
itself (``session_start``, ``user_engagement`` …) is no event of ours. A row of somebody who allowed no analytics is not
taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ..address import split_address
from ..arrival import read_arrival
from ..events import catalogue
from ..incoming import IncomingEvent
from .cells import BadCell
from .countries import country_code
from .events import Skipped
from .json_lines import LINE
from .order_file import UNREADABLE

__all__ = ["Ga4"]

_NO_USE, _REFUSED = "no_use", "without_consent"
_MICROSECONDS = 1_000_000
_PAGE_VIEW = "page_view"
#: How GA4 writes a parameter's value.
_VALUES = ("string_value", "int_value", "double_value", "float_value")
#: Columns of an item and of the ecommerce record; what GA4 does not know it writes so.
_UNSET = ("", "(not set)", None)
_ORDER = {
    "transaction_id": "transaction_id", "purchase_revenue": "revenue", "shipping_value": "shipping", "tax_value": "tax",
}  # fmt: skip


class Ga4:
    """The format ``ga4``."""

    name = "ga4"
    columns = (LINE,)
    classes: Mapping[str, str] = {
        "stored": "events that are new",
        "known": "events that were imported before",
        _NO_USE: "what GA4 notes for itself, or an event that the catalogue does not know: not stored",
        _REFUSED: "of somebody who allowed no analytics: not stored",
        UNREADABLE: "no row of a GA4 export: not stored",
        "refused": "against the catalogue of events, or of somebody we must forget: not stored",
    }
    found: Mapping[str, str] = {}
    notes: Mapping[str, str] = {}

    def read(self, cells: Sequence[Any]) -> IncomingEvent:
        row = cells[0]
        if not isinstance(row, Mapping) or "event_name" not in row:
            raise BadCell(LINE, "is no row of a GA4 export: export the table as newline-delimited JSON.")
        if _at(row, "privacy_info", "analytics_storage") in ("No", "Denied"):
            raise Skipped(_REFUSED)
        name = str(row["event_name"])
        if catalogue().find(name) is None:
            raise Skipped(_NO_USE)
        visitor, customer = _text(row.get("user_pseudo_id")), _text(row.get("user_id"))
        if not visitor and not customer:
            raise Skipped(_REFUSED)  # GA4 pings without an id where consent was denied
        parameters = _parameters(row.get("event_params"))
        location = split_address(parameters.get("page_location"))
        # Only a page view tells how somebody came; within the shop the referring address is the shop's own.
        came_from = parameters.get("page_referrer", "") if name == _PAGE_VIEW else location.geturl()
        arrival = read_arrival(_campaign(row, parameters), _text(came_from), location.netloc)
        return IncomingEvent(
            name=name,
            message_id=_message_id(row, visitor or customer),
            occurred_at=_time(row.get("event_timestamp")),
            visitor_key=f"ga4.{visitor}"[:64] if visitor else "",
            customer_key=customer,
            visit_key=f"{visitor}.{parameters['ga_session_id']}"[:64] if "ga_session_id" in parameters else "",
            properties=_properties(row, parameters),
            device=_device(_text(_at(row, "device", "category"))),
            channel=arrival.channel,
            campaign=arrival.campaign,
            country=country_code(_text(_at(row, "geo", "country"))),
            region=_text(_at(row, "geo", "region")),
            language=_text(_at(row, "device", "language")).partition("-")[0],
        )


def _properties(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    order = row.get("ecommerce")
    sums = order if isinstance(order, Mapping) else {}
    items = [_item(item) for item in row.get("items") or () if isinstance(item, Mapping)]
    first = items[0] if len(items) == 1 else {}
    said = {
        **{
            key: value for key, value in parameters.items() if not key.startswith(("ga_", "page_", "engag", "session_"))
        },
        **first,
        **{ours: sums.get(theirs) for theirs, ours in _ORDER.items()},
        "path": split_address(parameters.get("page_location")).path,
        "title": parameters.get("page_title"),
        "items": items or None,
    }
    return {key: value for key, value in said.items() if value not in _UNSET}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in an item as a plain value."""
    return {key: value for key, value in item.items() if isinstance(value, str | int | float) and value not in _UNSET}


def _parameters(rows: Any) -> dict[str, Any]:
    """``[{"key": …, "value": {"string_value": …}}]`` as a plain dict."""
    found: dict[str, Any] = {}
    for row in rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ():
        value = _at(row, "value")
        if isinstance(row, Mapping) and isinstance(row.get("key"), str) and isinstance(value, Mapping):
            given = next((value[kind] for kind in _VALUES if value.get(kind) not in _UNSET), None)
            if given is not None:
                found[row["key"]] = given
    return found


def _campaign(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, str]:
    """As the parameters of an address would say it."""
    source = row.get("collected_traffic_source")
    given = source if isinstance(source, Mapping) else {}
    said = {
        "utm_source": given.get("manual_source") or parameters.get("source"),
        "utm_medium": given.get("manual_medium") or parameters.get("medium"),
        "utm_campaign": given.get("manual_campaign_name") or parameters.get("campaign"),
        "gclid": given.get("gclid"),
    }
    return {key: str(value) for key, value in said.items() if value not in _UNSET}


def _message_id(row: Mapping[str, Any], whose: str) -> str:
    parts = (whose, row.get("event_timestamp"), row["event_name"], row.get("batch_event_index", ""))
    return ".".join(str(part) for part in parts)[:100]


def _time(microseconds: Any) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(int(microseconds) / _MICROSECONDS, tz=dt.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadCell(LINE, "has no event_timestamp in microseconds.") from None


def _device(category: str) -> str:
    return category if category in ("mobile", "tablet", "desktop") else ""


def _at(row: Any, *steps: str) -> Any:
    for step in steps:
        row = row.get(step) if isinstance(row, Mapping) else None
    return row


def _text(value: Any) -> str:
    return "" if value in _UNSET or isinstance(value, Mapping | list) else str(value).strip()
