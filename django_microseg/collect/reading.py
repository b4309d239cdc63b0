"""A bag of properties, read by the catalogue: columns, labels, amounts, and what is left over.

Pure. `Reader` is made once for an event type; it knows each property under all its names. What a
column holds exactly is not kept a second time; everything else is kept as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any

from .event_type import Property
from .ids import is_placeholder
from .lengths import COLUMN_LENGTHS, MAX_LABEL, fold
from .money import read_amount, read_currency
from .reasons import Rejected
from .shape import MAX_PROSE, MAX_URL
from .values import read_count, read_number, read_text, read_texts, to_thousandths

__all__ = ["Reader", "Reading"]

_ROW_ATTRIBUTE = {"product": "product_key", "order": "order_key"}
_LONGEST = {"prose": MAX_PROSE, "url": MAX_URL}


class Reading:
    """What one bag of properties says. ``columns`` goes by attribute of the event's row."""

    __slots__ = ("amounts", "columns", "currency", "kept", "labels", "lines", "measure", "products", "quantity")

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.labels: dict[str, list[str]] = {}
        self.amounts: dict[str, Decimal] = {}
        self.kept: dict[str, Any] = {}
        self.products: list[Mapping[str, Any]] = []
        self.lines: list[Reading] = []
        self.quantity: Decimal | None = None
        self.measure: int | None = None
        self.currency = ""


class Reader:
    """Reads the properties of one event type, or of the products inside it."""

    def __init__(self, properties: tuple[Property, ...], measure: str | None = None) -> None:
        self.required = tuple(prop for prop in properties if prop.is_required)
        self.longer = {
            name: _LONGEST[prop.kind] for prop in properties if prop.kind in _LONGEST for name in _names_of(prop)
        }
        self.has_path = {"path", "url"} <= {prop.name for prop in properties}
        self._measure = measure
        named: dict[str, list[tuple[int, Property]]] = {}
        for prop in properties:
            for rank, name in enumerate(_names_of(prop)):
                named.setdefault(name, []).append((rank, prop))
        self._aliases = {name: ranked for name, ranked in named.items() if [rank for rank, _ in ranked] != [0]}
        self._plain = {name: ranked[0][1] for name, ranked in named.items() if name not in self._aliases}

    def read(self, properties: Mapping[str, Any], where: str = "") -> Reading:
        """Read all properties; ``where`` is put before names in sentences. Raises `Rejected`."""
        reading = Reading()
        given = [(key, value) for key, value in properties.items() if value is not None and value != ""]
        if any(key in self._aliases for key, _ in given):
            pairs = self._sort_out(given)
        else:
            pairs = [(self._plain.get(key), key, value) for key, value in given]
        for prop, key, value in pairs:
            if prop is None:
                reading.kept[key] = value
            elif prop.name == self._measure:
                reading.measure = to_thousandths(
                    read_number(value, where + prop.name, may_be_negative=prop.may_be_negative)
                )
            else:
                _READ[prop.kind](reading, prop, value, where + prop.name)
        return reading

    def missing(self, reading: Reading) -> str:
        """The first property that is required and was not read; ``""`` if there is none."""
        for prop in self.required:
            column = _ROW_ATTRIBUTE.get(prop.column, prop.column)
            is_there = (
                reading.measure is not None
                if prop.name == self._measure
                else (column in reading.columns or prop.name in reading.kept)
            )
            if not is_there:
                return prop.name
        return ""

    def _sort_out(self, given: list[tuple[str, Any]]) -> list[tuple[Property | None, str, Any]]:
        """Each known property under the best of the names it was given; what lost is kept as it is.

        Lists of texts take in all of their names: GA4 spreads categories over five parameters.
        """
        found: dict[str, list[tuple[int, Property, str, Any]]] = {}
        for key, value in given:
            for rank, prop in self._candidates(key):
                found.setdefault(prop.name, []).append((rank, prop, key, value))
        pairs: list[tuple[Property | None, str, Any]] = []
        used: set[str] = set()
        for ranked in found.values():
            ranked.sort(key=itemgetter(0))
            _, prop, key, value = ranked[0]
            if prop.kind == "texts" and len(ranked) > 1:
                used.update(key for _, _, key, _ in ranked)
                value = [text for _, _, _, more in ranked for text in _listed(more)]
            used.add(key)
            pairs.append((prop, key, value))
        return pairs + [(None, key, value) for key, value in given if key not in used]

    def _candidates(self, key: str) -> list[tuple[int, Property]]:
        return [(0, self._plain[key])] if key in self._plain else self._aliases.get(key, [])


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _names_of(prop: Property) -> tuple[str, ...]:
    return (prop.name, *prop.aliases)


def _read_text(reading: Reading, prop: Property, value: Any, where: str) -> None:
    text = read_text(value, where)
    if not text:
        return
    if prop.label:
        reading.labels.setdefault(prop.label, []).append(text[:MAX_LABEL])
    if prop.column:
        reading.columns[prop.column] = folded = fold(text, prop.column)
        if folded == value:
            return
    reading.kept[prop.name] = value


def _read_key(reading: Reading, prop: Property, value: Any, where: str) -> None:
    text = read_text(value, where)
    column = _ROW_ATTRIBUTE[prop.column]
    if len(text) > COLUMN_LENGTHS[column]:
        raise Rejected("bad_id", f"{where} has {len(text)} characters: send {COLUMN_LENGTHS[column]} at most.")
    if not is_placeholder(text):
        reading.columns[column] = text


def _read_texts(reading: Reading, prop: Property, value: Any, where: str) -> None:
    texts = read_texts(value, where)
    if prop.label and texts:
        reading.labels.setdefault(prop.label, []).extend(text[:MAX_LABEL] for text in texts)
    reading.kept[prop.name] = value


def _read_any(reading: Reading, prop: Property, value: Any, where: str) -> None:
    if prop.label and isinstance(value, str) and value.strip():
        reading.labels.setdefault(prop.label, []).append(value.strip()[:MAX_LABEL])
    reading.kept[prop.name] = value


def _read_number(reading: Reading, prop: Property, value: Any, where: str) -> None:
    read_number(value, where, may_be_negative=prop.may_be_negative)
    reading.kept[prop.name] = value


def _read_count(reading: Reading, prop: Property, value: Any, where: str) -> None:
    reading.quantity = read_count(value, where)
    if reading.quantity != value:
        reading.kept[prop.name] = value


def _read_money(reading: Reading, prop: Property, value: Any, where: str) -> None:
    reading.amounts[prop.name] = read_amount(value, where, may_be_negative=prop.may_be_negative)
    reading.kept[prop.name] = value


def _read_currency(reading: Reading, prop: Property, value: Any, where: str) -> None:
    reading.currency = read_currency(value, where)


def _read_products(reading: Reading, prop: Property, value: Any, where: str) -> None:
    if not isinstance(value, list | tuple) or not all(isinstance(product, Mapping) for product in value):
        raise Rejected("bad_type", f"{where} is no list of products: send a list of objects.")
    reading.products = list(value)
    reading.kept[prop.name] = value


_READ: dict[str, Callable[[Reading, Property, Any, str], None]] = {
    "any": _read_any,
    "count": _read_count,
    "currency": _read_currency,
    "key": _read_key,
    "money": _read_money,
    "number": _read_number,
    "products": _read_products,
    "prose": _read_text,
    "text": _read_text,
    "texts": _read_texts,
    "url": _read_text,
}
