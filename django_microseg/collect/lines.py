"""The products inside an event: an order's lines, or several products added at once.

Pure. Each becomes an event of its own that shares the parent's key and stands at position 1, 2 …;
an order's are called ``product_purchased``, so that rules may ask for what was bought.
"""

from __future__ import annotations

from .draft import Draft
from .event_properties import PRODUCT
from .event_type import EventType
from .money import to_minor
from .reading import Reader, Reading
from .reasons import Rejected
from .record import label_text
from .shape import to_json
from .worth import pieces_of, price_of

__all__ = ["MAX_LINES", "derive_lines", "take_in_product"]

MAX_LINES = 2000
_READER = Reader(PRODUCT)


def take_in_product(event: EventType, reading: Reading) -> list[Reading]:
    """Read the products of an event; the lines that become events of their own.

    An event about one product takes the first as its own. What would otherwise be kept twice, as
    lines and as properties, is taken off the properties.
    """
    if len(reading.products) > MAX_LINES:
        raise Rejected("too_large", f"products has {len(reading.products)} lines: send {MAX_LINES} at most.")
    reading.lines = [_READER.read(product, f"products[{n}].") for n, product in enumerate(reading.products)]
    if not event.lines or not reading.lines:
        return []
    reading.kept.pop("products", None)
    if event.lines != event.name:
        return reading.lines
    first, *others = reading.lines
    _check_ids(others)
    reading.lines = []
    if others:  # GA4's value is that of all products together
        reading.amounts.pop("value", None)
    _merge(reading, first)
    return others


def derive_lines(
    parent: Draft, event: EventType, reading: Reading, lines: list[Reading], base: str
) -> tuple[Draft, ...]:
    """A draft for each line. Time, person, context, order and coupon are the parent's."""
    if not lines:
        return ()
    blank = parent.twin()
    blank.name = event.lines
    blank.measure = None
    blank.product_key = blank.category = blank.brand = ""
    return tuple(
        _derive(blank, line, position, line.currency or reading.currency or base, base)
        for position, line in enumerate(lines, start=1)
    )


def _derive(blank: Draft, line: Reading, position: int, currency: str, base: str) -> Draft:
    draft = blank.twin()
    draft.position = position
    for column, text in line.columns.items():
        setattr(draft, column, text)
    draft.quantity = pieces_of(line)
    amount = line.amounts.get("value", price_of(line))
    is_known = amount is not None
    draft.currency = currency if is_known else ""
    draft.value_minor = None if amount is None else to_minor(amount, currency, f"The value of line {position}")
    draft.value_base_minor = draft.value_minor if currency == base else None
    draft.labels = label_text(line.labels)
    draft.properties = to_json(line.kept) if line.kept else "{}"
    return draft


def _check_ids(lines: list[Reading]) -> None:
    for number, line in enumerate(lines, start=1):
        if "product_key" not in line.columns:
            raise Rejected("missing_property", f"products[{number}] needs product_id: send it.")


def _merge(reading: Reading, product: Reading) -> None:
    """Take a product's own words over those beside it."""
    reading.columns |= product.columns
    reading.amounts = product.amounts | reading.amounts
    reading.kept = product.kept | reading.kept
    reading.currency = product.currency or reading.currency
    if product.quantity is not None:
        reading.quantity = product.quantity
    for label, texts in product.labels.items():
        reading.labels.setdefault(label, []).extend(texts)
