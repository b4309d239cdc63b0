"""The invoices of the UCI data set "Online Retail" (Chen, 2015): how its rows are read. Pure.

A purchase is a line with a customer, a quantity and a price above 0, of an invoice whose number does
not begin with C; an order is an invoice, its time that of its first line. Codes that are no goods
and lines that repeat another count towards the order's value. A C invoice is money paid back, and
names no order. Local times without a zone; pounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..incoming import IncomingEvent
from .cells import BadCell, read_number, read_text, read_time, read_whole
from .countries import country_code
from .line import Gathered, Line, Numbered
from .order_file import INCOMPLETE, REFUSED, UNREADABLE, refuse_two_customers

__all__ = ["OnlineRetail"]

#: Postage and carriage, discount, manual, samples, bad debt, fees, charity, cushion inners.
_NO_GOODS = frozenset({"POST", "DOT", "C2", "D", "M", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS"})
_CURRENCY = "GBP"
_US_TIMES = ("%m/%d/%Y %H:%M", "%m/%d/%y %H:%M")
#: Classes of lines whose money counts.
_SOLD = frozenset({"goods", "no_goods", "repeated"})
_PAID_BACK = "cancellation"


class OnlineRetail:
    """The format ``online-retail``."""

    name = "online-retail"
    columns = (
        "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country",
    )  # fmt: skip
    classes = {
        "goods": "goods bought by a customer: in an order",
        "no_goods": "postage, fees and the like, paid by a customer: in an order's value, not among its products",
        "repeated": "goods bought by a customer, equal in everything to an earlier line: in an order",
        _PAID_BACK: "money paid back to a customer: in a refund",
        "cancellation_of_guest": "money paid back to nobody we know: not stored",
        "cancellation_not_negative": "of a cancellation, with a quantity of 0 or above: not stored",
        "guest": "bought by nobody we know: not stored",
        "negative_price": "the price is below 0: not stored",
        "no_price": "the price is 0, given away or a correction: not stored",
        "no_quantity": "the quantity is 0 or below and it is no cancellation, a correction of stock: not stored",
        UNREADABLE: "a cell is missing or cannot be read: not stored",
        INCOMPLETE: "another line of the same invoice cannot be read: not stored",
        REFUSED: "the invoice names two customers: not stored",
    }
    found = {
        "orders": "invoices that are orders",
        "refunds": "invoices of money paid back to a customer",
        "guest_orders": "invoices of guests: not stored",
        "guest_refunds": "invoices of money paid back to guests: not stored",
        "no_sale": "invoices on which nothing was sold or paid back: not stored",
        "refused": "invoices with an unreadable line or two customers: not stored",
    }
    notes = {
        "repeated_lines": "lines equal in everything to an earlier line of their invoice, wherever they count",
        "two_times": "invoices whose lines have two times; the first line's counts",
        "without_goods": "orders of postage, fees and the like alone",
    }

    def order_of(self, cells: Sequence[Any]) -> str:
        return read_text(cells[0])

    def read(self, cells: Sequence[Any]) -> Line:
        invoice, code, description, quantity, time, price, customer, country = cells
        return Line(
            order_id=_needed(read_text(invoice), "InvoiceNo"),
            customer_id=read_text(customer).removesuffix(".0"),
            time=_needed(read_time(time, "InvoiceDate", *_US_TIMES), "InvoiceDate"),
            sku=read_text(code),
            name=read_text(description),
            quantity=_needed(read_whole(quantity, "Quantity"), "Quantity"),
            price=_needed(read_number(price, "UnitPrice"), "UnitPrice"),
            country=read_text(country),
        )

    def gather(self, lines: Sequence[Numbered]) -> Gathered:
        first = lines[0][1]
        if any(line.customer_id != first.customer_id for _, line in lines):
            return refuse_two_customers(lines)
        gathered = Gathered()
        paid = _classify(lines, gathered)
        is_cancelled = first.order_id.startswith("C")
        gathered.found[_kind_of(first, gathered, is_cancelled=is_cancelled)] += 1
        gathered.notes["two_times"] += any(line.time != first.time for _, line in lines)
        if paid and is_cancelled:
            gathered.event = _refund(first, paid)
        elif paid:
            gathered.event = _order(first, paid)
            gathered.notes["without_goods"] += not any(_is_goods(line) for line in paid)
        return gathered


def _needed(value: Any, column: str) -> Any:
    if value is None or value == "":
        raise BadCell(column, "is missing.")
    return value


def _is_goods(line: Line) -> bool:
    return line.sku.upper() not in _NO_GOODS


def _classify(lines: Sequence[Numbered], gathered: Gathered) -> list[Line]:
    """Count every line under its class; the lines whose money counts."""
    seen: set[tuple[Any, ...]] = set()
    paid = []
    for _, line in lines:
        key = (line.sku, line.name, line.quantity, line.price, line.time)
        is_repeated = key in seen
        seen.add(key)
        gathered.notes["repeated_lines"] += is_repeated
        if not _is_goods(line):
            gathered.codes[line.sku.upper()] += 1
        kind = _class_of(line, is_repeated=is_repeated)
        gathered.lines[kind] += 1
        if kind in _SOLD or kind == _PAID_BACK:
            paid.append(line)
    return paid


def _class_of(line: Line, *, is_repeated: bool) -> str:
    """The first that fits: what is odd about a line is named before whose it is."""
    assert line.price is not None
    assert line.quantity is not None
    if line.price < 0:
        return "negative_price"
    if line.order_id.startswith("C"):
        return _class_of_cancellation(line)
    if line.quantity <= 0:
        return "no_quantity"
    if line.price == 0:
        return "no_price"
    if not line.customer_id:
        return "guest"
    if not _is_goods(line):
        return "no_goods"
    return "repeated" if is_repeated else "goods"


def _class_of_cancellation(line: Line) -> str:
    if line.quantity is None or line.quantity >= 0:
        return "cancellation_not_negative"
    return _PAID_BACK if line.customer_id else "cancellation_of_guest"


def _kind_of(first: Line, gathered: Gathered, *, is_cancelled: bool) -> str:
    """What the invoice is."""
    counted = gathered.lines.keys()
    if is_cancelled and counted & {_PAID_BACK, "cancellation_of_guest"}:
        return "refunds" if first.customer_id else "guest_refunds"
    if counted & _SOLD:
        return "orders"
    return "guest_orders" if "guest" in counted else "no_sale"


def _order(first: Line, paid: list[Line]) -> IncomingEvent:
    charges: Counter[str] = Counter()
    for line in paid:
        if not _is_goods(line):
            charges[line.sku.upper()] += _worth(line)  # type: ignore[assignment]
    return _event("order_completed", first, {
        "revenue": sum(map(_worth, paid)),
        "products": [_product(line, line.quantity) for line in paid if _is_goods(line)],
        **({"charges": dict(charges)} if charges else {}),
    })  # fmt: skip


def _refund(first: Line, paid: list[Line]) -> IncomingEvent:
    return _event("order_refunded", first, {
        "amount": -sum(map(_worth, paid)),
        "products": [_product(line, -(line.quantity or 0)) for line in paid],
    })  # fmt: skip


def _event(name: str, first: Line, properties: dict[str, Any]) -> IncomingEvent:
    return IncomingEvent(
        name=name,
        message_id=f"or-{first.order_id}",
        occurred_at=first.time,
        customer_key=first.customer_id,
        country=country_code(first.country),
        properties={"order_id": first.order_id, "currency": _CURRENCY, **properties},
    )


def _product(line: Line, quantity: int | Decimal | None) -> dict[str, Any]:
    product = {"product_id": line.sku, "name": line.name, "price": line.price, "quantity": quantity}
    return {name: value for name, value in product.items() if value != ""}


def _worth(line: Line) -> Decimal:
    assert line.price is not None
    assert line.quantity is not None
    return line.price * line.quantity
