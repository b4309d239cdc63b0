"""From what shops keep to what our values hold. Plain functions of plain values, no Django.

What cannot be understood is not known: it becomes None or empty, never a zero that looks meant.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from ..currencies import minor_exponent
from ..values import Money

__all__ = ["count_of", "decimal_of", "money_of", "pieces_of", "text_of"]

_CODE = re.compile(r"[A-Z]{3}")


def text_of(value: Any) -> str:
    return "" if value is None else str(value)


def decimal_of(value: Any) -> Decimal | None:
    """A finite number, from a number or a text; of a value that has an ``amount``, that one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = repr(value)
    if not isinstance(value, (int, str, Decimal)):
        inner = getattr(value, "amount", None)
        return decimal_of(inner) if isinstance(inner, (int, float, str, Decimal)) else None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def money_of(value: Any, currency: Any, *, base: str, is_minor: bool) -> Money | None:
    """An amount in the currency that stands beside it or in it, else in the shop's (``base``)."""
    amount = decimal_of(value)
    code = text_of(currency or getattr(value, "currency", None)).strip().upper() or base
    if amount is None or not _CODE.fullmatch(code):
        return None
    return Money(amount.scaleb(-minor_exponent(code)) if is_minor else amount, code)


def count_of(value: Any) -> int | None:
    """Whole pieces in stock; less than none is none."""
    number = decimal_of(value)
    return None if number is None else max(0, math.floor(number))


def pieces_of(value: Any) -> int:
    """How many pieces a line holds; a started one is one, and a line that does not say holds one."""
    number = decimal_of(value)
    return 1 if number is None else math.ceil(number)
