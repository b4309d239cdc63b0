"""Single values of properties: from what clients send to texts and numbers.

Pure. Numbers come as text and ids as numbers often enough, so both are taken; anything that
could only be guessed at is refused with its place.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .reasons import Rejected

__all__ = ["read_count", "read_number", "read_text", "read_texts", "to_pieces", "to_thousandths"]

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_MAX_NUMBER = 10**12
_MAX_TEXTS = 50
_ONE = Decimal(1)


def read_text(value: Any, where: str) -> str:
    """A text without spaces around; numbers and other plain values as they are written."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | list | tuple | dict | set | frozenset):
        raise Rejected("bad_type", f"{where} is of type {type(value).__name__}: send text.")
    return str(value)


def read_texts(value: Any, where: str) -> list[str]:
    """One text or several; empty ones are left out."""
    values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    if len(values) > _MAX_TEXTS:
        raise Rejected("too_large", f"{where} has {len(values)} texts: send {_MAX_TEXTS} at most.")
    texts = (read_text(text, where) for text in values if text is not None)
    return [text for text in texts if text]


def read_number(value: Any, where: str, *, may_be_negative: bool = False) -> Decimal:
    """A number as sent: as such, or as text."""
    if isinstance(value, bool):
        raise _unreadable(where)
    if isinstance(value, int | Decimal):
        number = Decimal(value)
    elif isinstance(value, float):
        number = Decimal(repr(value))
    elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = Decimal(value.strip())
    else:
        raise _unreadable(where)
    if abs(number) > _MAX_NUMBER:
        raise Rejected("bad_number", f"{where} is out of range: send a number below {_MAX_NUMBER}.")
    if number < 0 and not may_be_negative:
        raise Rejected("bad_number", f"{where} is negative: send a number from 0 on.")
    return number


def read_count(value: Any, where: str) -> Decimal:
    """A number of pieces. Goods by the metre come in parts of a piece."""
    return read_number(value, where)


def to_pieces(count: Decimal) -> int:
    """Whole pieces: 1.5 metres are two, 0.2 are one, none is none."""
    whole = int(count.quantize(_ONE, rounding=ROUND_HALF_UP))
    return whole or int(count > 0)


def to_thousandths(number: Decimal) -> int:
    """Thousandths, as measures are stored: 40.2 seconds are 40200."""
    return int((number * 1000).quantize(_ONE, rounding=ROUND_HALF_UP))


def _unreadable(where: str) -> Rejected:
    return Rejected("bad_number", f"{where} is no number: send one such as 4.5.")
