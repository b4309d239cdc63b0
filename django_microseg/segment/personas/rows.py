"""A story as plain rows that a form shows: what happened, how often, how long ago; and back. No database.

Comes in: rows of texts as somebody typed them, or a story. Goes out: the other. A story that says more than rows can
(lists of products, several units of time) has no rows: `rows_of` then gives None, and it is written as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from ... import conf
from ...collect.event_type import EventType
from ...collect.events import catalogue
from ...profile.fact_catalogue import fact_types
from ..context_catalogue import CONTEXTS
from .models import FORMAT
from .story import UNITS, WrongStory

__all__ = ["Row", "Rows", "rows_of", "story_of_rows"]

Row = dict[str, str]
#: By part of the story: events, facts, context.
Rows = dict[str, list[Row]]

_LINE_KEYS = {"product": "product_id", "category": "category"}
#: A line of an order names a product; this one stands for any.
_ANY_PRODUCT = "any"
_FIGURES = ("times", "days_between")


def story_of_rows(rows: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """The story that rows tell. Raises `WrongStory` with the place of the first row that cannot be read."""
    return {
        "format": FORMAT,
        "events": [_event(row, place) for place, row in enumerate(rows.get("events", ()))],
        "facts": _named(rows.get("facts", ()), "facts"),
        "context": _named(rows.get("context", ()), "context"),
    }


def rows_of(story: Mapping[str, Any]) -> Rows | None:
    """The rows that tell a story; None if they cannot say all of it."""
    try:
        rows: Rows = {
            "events": [_event_row(entry) for entry in story.get("events", ())],
            "facts": [{"name": name, "value": str(value)} for name, value in story.get("facts", {}).items()],
            "context": [{"name": name, "value": str(value)} for name, value in story.get("context", {}).items()],
        }
        return rows if story_of_rows(rows) == {**story, "format": FORMAT} else None
    except (WrongStory, LookupError, TypeError, AttributeError):
        return None


# -- events


def _event(row: Row, place: int) -> dict[str, Any]:
    event = catalogue().event_type(row.get("event", ""))
    if event is None:
        raise WrongStory(_("Choose what happened."), "events", place)
    entry: dict[str, Any] = {"event": event.name}
    if row.get("ago"):
        entry[row.get("unit") or UNITS[0]] = _figure(row["ago"], place)
    entry |= {name: _figure(row[name], place) for name in _FIGURES if row.get(name)}
    if entry.get("times") == 1:
        del entry["times"]
    told = {name: row[name] for name in ("product", "category") if row.get(name)}
    amount = _figure(row["amount"], place) if row.get("amount") else None
    entry |= _in_line(event, told, amount) if _has_lines(event) else _in_properties(event, told, amount, place)
    return entry | _further(row.get("more", ""), place)


def _has_lines(event: EventType) -> bool:
    """Whether products stand in the lines of it, as in an order."""
    return bool(event.lines) and event.lines != event.name


def _in_line(event: EventType, told: Mapping[str, str], amount: Any) -> dict[str, Any]:
    found: dict[str, Any] = {} if amount is None else {_amount_name(event): amount}
    if told:
        line: dict[str, Any] = {"product_id": _ANY_PRODUCT} | {_LINE_KEYS[key]: text for key, text in told.items()}
        found["products"] = [line if amount is None else {**line, "price": amount}]
    return found


def _in_properties(event: EventType, told: Mapping[str, str], amount: Any, place: int) -> dict[str, Any]:
    names = {prop.column: prop.name for prop in event.properties if prop.column}
    words = {"product": _("a product"), "category": _("a category")}
    for column in told:
        if column not in names:
            text = _("“%(event)s” has no room for %(what)s: leave that empty.")
            raise WrongStory(text % {"event": event.name, "what": words[column]}, "events", place)
    found: dict[str, Any] = {names[column]: text for column, text in told.items()}
    if amount is not None:
        name = _amount_name(event)
        if not name:
            text = _("“%(event)s” has no room for %(what)s: leave that empty.")
            raise WrongStory(text % {"event": event.name, "what": _("an amount")}, "events", place)
        found[name] = amount
    return found


def _amount_name(event: EventType) -> str:
    money = {prop.name for prop in event.properties if prop.kind == "money"}
    return next((name for name in event.value_from if name in money), "")


def _further(text: str, place: int) -> dict[str, Any]:
    """``coupon=SPRING; channel=email``"""
    found: dict[str, Any] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, sign, value = part.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise WrongStory(
                _("“%s” is not understood: write further details as name=value, with ; between them.") % part,
                "events",
                place,
            )
        found[name.strip()] = _plain(value.strip())
    return found


def _event_row(entry: Mapping[str, Any]) -> Row:
    """One that cannot be said as a row comes back otherwise than it was, which `rows_of` notices."""
    event = catalogue().events[entry["event"]]
    said = dict(entry)
    row: Row = {"event": said.pop("event")}
    unit = next((unit for unit in UNITS if unit in said), None)
    if unit is not None:
        row |= {"ago": str(said.pop(unit)), "unit": unit}
    row |= {name: str(said.pop(name)) for name in _FIGURES if name in said}
    line = said.pop("products")[0] if _has_lines(event) and "products" in said else said
    for column, name in _places(event).items():
        if name in line and not (line is not said and line[name] == _ANY_PRODUCT):
            row[column] = str(line[name] if line is not said else said.pop(name))
    amount = _amount_name(event)
    if amount in said:
        row["amount"] = str(said.pop(amount))
    more = "; ".join(f"{name}={value}" for name, value in said.items())
    return {**row, "more": more} if more else row


def _places(event: EventType) -> dict[str, str]:
    if _has_lines(event):
        return _LINE_KEYS
    return {prop.column: prop.name for prop in event.properties if prop.column in _LINE_KEYS}


# -- facts and context


def _named(rows: Sequence[Row], part: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        name, value = row.get("name", ""), row.get("value", "")
        if not name or not value:
            raise WrongStory(_("Give both: what it is, and its value."), part, name or "")
        if name in found:
            raise WrongStory(_("“%s” is said twice.") % name, part, name)
        found[name] = _plain(value) if _is_number(name, part) else value
    return found


def _is_number(name: str, part: str) -> bool:
    if part == "context":
        return name in CONTEXTS and CONTEXTS[name].kind == "number"
    fact = fact_types(conf.get("FACTS")).get(name)
    return fact is not None and fact.kind == "number"


def _figure(text: str, place: int) -> int | float:
    number = _plain(text)
    if isinstance(number, str):
        raise WrongStory(_("“%s” is no number: write one such as 3 or 49.90.") % text, "events", place)
    return number


def _plain(text: str) -> int | float | str:
    """A number where the text is written as one, so that 007 stays a text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or (text[:1] == "0" and text[1:2].isdigit()):
        return text
    return int(number) if number == int(number) else float(number)
