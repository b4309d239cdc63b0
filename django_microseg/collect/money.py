"""Amounts: from what clients send to whole minor units, and from any currency to the shop's.

Pure. Amounts are Decimals between the edge and the minor unit; the exponent is ISO 4217's, so a
yen has none and a Kuwaiti dinar three. Halves are rounded away from zero, as on invoices.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..shop.currencies import minor_exponent
from .reasons import Rejected

__all__ = ["MAX_MINOR", "from_minor", "minor_exponent", "read_amount", "read_currency", "to_base", "to_minor"]

#: Ten trillion euros: thousands of such orders still sum up within 64 bits.
MAX_MINOR = 10**15
#: 10 ** _MAX_DIGITS is refused before any arithmetic, so that 28 digits of precision suffice.
_MAX_DIGITS = 16
_AMOUNT = re.compile(r"[+-]?\d{1,16}(?:\.\d{1,10})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_ONE = Decimal(1)


def read_amount(value: Any, where: str, *, may_be_negative: bool = False) -> Decimal:
    """An amount as sent: a number, or a number as text."""
    if isinstance(value, bool):
        raise _unreadable(where)
    if isinstance(value, int | Decimal):
        amount = Decimal(value)
    elif isinstance(value, float):
        amount = Decimal(repr(value))
    elif isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        amount = Decimal(value.strip())
    else:
        raise _unreadable(where)
    if not amount.is_finite() or amount.adjusted() >= _MAX_DIGITS:
        raise Rejected("bad_money", f"{where} is out of range: send a smaller amount.")
    if amount < 0 and not may_be_negative:
        raise Rejected("bad_money", f"{where} is negative: send refunds as order_refunded, with a positive amount.")
    return amount


def read_currency(value: Any, where: str) -> str:
    """An ISO 4217 code in capitals."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if not _CURRENCY.fullmatch(code):
        raise Rejected("bad_money", f"{where} is no currency: send an ISO 4217 code such as EUR.")
    return code


def to_minor(amount: Decimal, currency: str, where: str = "The amount") -> int:
    """Whole minor units: 12.345 EUR are 1235 cents."""
    minor = _whole(amount, minor_exponent(currency))
    if minor is None:
        raise Rejected("bad_money", f"{where} is out of range: send a smaller amount.")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """Units of the currency: 1235 cents are 12.35 EUR."""
    return Decimal(minor).scaleb(-minor_exponent(currency))


def to_base(minor: int, currency: str, base: str, rate: Decimal) -> int | None:
    """Minor units of one currency in those of another, where one unit is worth ``rate``.

    None when the result is out of range: an amount that is not known, not one that is wrong.
    """
    return _whole(from_minor(minor, currency) * rate, minor_exponent(base))


def _whole(amount: Decimal, exponent: int) -> int | None:
    if amount.adjusted() >= _MAX_DIGITS:
        return None
    minor = int(amount.scaleb(exponent).quantize(_ONE, rounding=ROUND_HALF_UP))
    return minor if -MAX_MINOR <= minor <= MAX_MINOR else None


def _unreadable(where: str) -> Rejected:
    return Rejected("bad_money", f"{where} is no amount: send a number such as 12.90.")
