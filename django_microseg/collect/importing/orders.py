"""Orders from any file with one row for each line of an order, by a map of its columns. Pure.

A file with one row for each order is the same without ``sku``. An order with a line that contradicts
the others is refused as a whole, because half an order looks like a figure and is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..hooks import PersonKey
from ..ids import is_placeholder
from ..incoming import CONTEXT_FIELDS, IncomingEvent
from ..validate import MAX_MESSAGE_ID
from .cells import BadCell, read_number, read_text, read_time
from .countries import country_code
from .line import Gathered, Line, Numbered
from .order_file import INCOMPLETE, REFUSED, UNREADABLE, refuse, refuse_two_customers

__all__ = ["NAMES", "NEEDED", "WHOSE", "FindCard", "Orders"]

#: Whoever has a loyalty card, by its number; None for nobody.
FindCard = Callable[[str], PersonKey | None]

NEEDED = ("order_id", "time")
#: One of these says whose an order is.
WHOSE = ("customer_id", "loyalty_number")
_OF_PRODUCT = ("category", "brand", "variant", "attributes")
#: Of the order as a whole: the first line's word counts.
_OF_ORDER = ("coupon", "revenue", "shipping", "tax", "discount", "affiliation")
_CONTEXT = tuple(name for name in CONTEXT_FIELDS if name != "country")
_CARD = "loyalty_number"
_MORE = (*_OF_PRODUCT, *_OF_ORDER, *_CONTEXT, _CARD)
#: What a map may name.
NAMES = (*NEEDED, "customer_id", "sku", "name", "quantity", "price", "currency", "country", *_MORE)


class Orders:
    """The format ``orders``, over the columns that a settled map names."""

    name = "orders"
    classes = {
        "line": "a product in an order",
        "order_only": "of an order, naming no product",
        "guest": "bought by nobody we know: not stored",
        UNREADABLE: "a cell is missing or cannot be read: not stored",
        INCOMPLETE: "another line of the same order cannot be read: not stored",
        REFUSED: "the lines of the order contradict each other: not stored",
    }
    found = {
        "orders": "orders",
        "guest_orders": "orders of guests: not stored",
        "refused": "orders with unreadable or contradicting lines: not stored",
    }
    notes = {"two_times": "orders whose lines have two times; the first line's counts"}

    def __init__(self, columns: Mapping[str, str], *, find_card: FindCard, time_format: str = "") -> None:
        self._find_card = find_card
        self._names = tuple(columns)
        self.columns = tuple(columns.values())
        self._column_of = dict(columns)
        self._order_place = self._names.index("order_id")
        self._time_formats = (time_format,) if time_format else ()

    def order_of(self, cells: Sequence[Any]) -> str:
        return read_text(cells[self._order_place])

    def read(self, cells: Sequence[Any]) -> Line:
        given = dict(zip(self._names, cells, strict=True))
        time = read_time(given["time"], self._column_of["time"], *self._time_formats)
        order_id = read_text(given["order_id"])
        if not order_id or is_placeholder(order_id):
            raise BadCell(self._column_of["order_id"], "names no order.")
        if time is None:
            raise BadCell(self._column_of["time"], "is missing.")
        customer = read_text(given.get("customer_id"))
        return Line(
            order_id=order_id,
            customer_id="" if is_placeholder(customer) else customer,
            time=time,
            sku=read_text(given.get("sku")),
            name=read_text(given.get("name")),
            quantity=self._amount(given, "quantity"),
            price=self._amount(given, "price"),
            currency=read_text(given.get("currency")).upper(),
            country=read_text(given.get("country")),
            more=self._more(given),
        )

    def gather(self, lines: Sequence[Numbered]) -> Gathered:
        first = lines[0][1]
        card = first.more.get(_CARD, "")
        if any((line.customer_id, line.more.get(_CARD, "")) != (first.customer_id, card) for _, line in lines):
            return refuse_two_customers(lines)
        if len({line.currency for _, line in lines}) > 1:
            return refuse(lines, "two_currencies", "The lines of this order have two currencies: mend the file.")
        gathered = Gathered()
        gathered.notes["two_times"] += any(line.time != first.time for _, line in lines)
        person = PersonKey("", first.customer_id) if first.customer_id else self._find_card(card) if card else None
        if person is None and card:
            text = f"Nobody has the card {card}: enrol them or import their card, then import this file again."
            return refuse(lines, "unknown_card", text)
        if person is None:
            gathered.lines["guest"] += len(lines)
            gathered.found["guest_orders"] += 1
            return gathered
        gathered.lines = Counter("line" if _is_product(line) else "order_only" for _, line in lines)
        gathered.found["orders"] += 1
        gathered.event = _event(first, person, [line for _, line in lines])
        return gathered

    def _amount(self, given: Mapping[str, Any], name: str) -> Decimal | None:
        column = self._column_of.get(name, name)
        amount = read_number(given.get(name), column)
        if amount is not None and amount < 0:
            raise BadCell(column, "is below 0: orders alone can be imported, without what was paid back.")
        return amount

    def _more(self, given: Mapping[str, Any]) -> dict[str, str]:
        texts = {name: read_text(given[name]) for name in _MORE if name in given}
        for name in ("revenue", "shipping", "tax", "discount"):
            if name in given:
                amount = self._amount(given, name)
                texts[name] = "" if amount is None else str(amount)
        return {name: text for name, text in texts.items() if text}


def _event(first: Line, person: PersonKey, lines: list[Line]) -> IncomingEvent:
    of_order = {name: first.more[name] for name in _OF_ORDER if name in first.more}
    products = [_product(line) for line in lines if _is_product(line)]
    context: dict[str, Any] = {name: first.more[name] for name in _CONTEXT if name in first.more}
    if not first.customer_id:
        context.setdefault("channel", "store")  # a card is shown at a till
    return IncomingEvent(
        name="order_completed",
        message_id=_message_id(first.order_id),
        occurred_at=first.time,
        visitor_key=person.visitor_key,
        customer_key=person.customer_key,
        country=country_code(first.country),
        properties={
            "order_id": first.order_id,
            **({"currency": first.currency} if first.currency else {}),
            **of_order,
            **({"products": products} if products else {}),
        },
        **context,
    )


def _message_id(order_id: str) -> str:
    """An order's own, as far as it fits; an id that is too long is refused on its own account."""
    fitting = (text for text in (f"order-{order_id}", order_id) if len(text) <= MAX_MESSAGE_ID)
    return next(fitting, "")


def _is_product(line: Line) -> bool:
    return bool(line.sku or line.name or line.price is not None)


def _product(line: Line) -> dict[str, Any]:
    product: dict[str, Any] = {
        "product_id": line.sku,
        "name": line.name,
        "price": line.price,
        "quantity": line.quantity,
        **{name: line.more[name] for name in _OF_PRODUCT if name in line.more},
    }
    return {name: value for name, value in product.items() if value not in ("", None)}
