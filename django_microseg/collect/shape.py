"""What any JSON must look like before we read it: bounded in depth, size and kind of value.

Pure. Everything that one engine stores and another refuses is refused here (NUL, halves of
surrogate pairs, numbers that are not finite or exceed 64 bits), so that both keep the same rows.
Values that Python code may send are welcome too: Decimal, date, datetime, time, UUID, tuples.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from .reasons import Rejected

__all__ = [
    "MAX_DEPTH",
    "MAX_ITEMS",
    "MAX_KEY",
    "MAX_KEYS",
    "MAX_PROSE",
    "MAX_TEXT",
    "MAX_URL",
    "check_shape",
    "check_text",
    "to_json",
]

MAX_DEPTH = 10
MAX_KEYS = 100
MAX_KEY = 64
MAX_TEXT = 1024
MAX_PROSE = 8000
MAX_URL = 2048
MAX_ITEMS = 5000

_SAFE = frozenset({bool, type(None), dt.date, dt.datetime, dt.time, UUID})
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


def check_shape(properties: Mapping[str, Any], longer: Mapping[str, int]) -> None:
    """Raise `Rejected` unless all properties can be stored on every engine.

    ``longer`` names the properties of the first level that may be longer than `MAX_TEXT`.
    """
    _check_keys(properties, "properties")
    for key, value in properties.items():
        if type(value) is str:
            check_text(value, key, longer.get(key, MAX_TEXT))
        else:
            _check(value, key, 2)


def check_text(text: str, where: str, longest: int = MAX_TEXT) -> None:
    """Raise `Rejected` for a text that is too long or that a database refuses."""
    if len(text) > longest:
        raise Rejected("too_large", f"{where} has {len(text)} characters: send {longest} at most.")
    if "\x00" in text or not _is_encodable(text):
        raise Rejected("nul_or_surrogate", f"{where} holds a NUL character or half of a surrogate pair: remove it.")


def to_json(value: Any) -> str:
    """Compact JSON of what `check_shape` let through."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _check(value: Any, where: str, depth: int) -> None:
    if isinstance(value, str):
        check_text(value, where)
    elif type(value) in _SAFE:
        return
    elif isinstance(value, int):
        if not _LOWEST <= value <= _HIGHEST:
            raise Rejected("bad_number", f"{where} does not fit into 64 bits: send a smaller number, or text.")
    elif isinstance(value, float | Decimal):
        _check_finite(value, where)
    else:
        _check_container(value, where, depth)


def _check_container(value: Any, where: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Rejected("too_deep", f"The properties are nested more than {MAX_DEPTH} levels deep: flatten them.")
    if isinstance(value, Mapping):
        _check_keys(value, where)
        for key, inner in value.items():
            _check(inner, f"{where}.{key}", depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        if len(value) > MAX_ITEMS:
            raise Rejected("too_large", f"{where} has {len(value)} items: send {MAX_ITEMS} at most.")
        for index, inner in enumerate(value):
            _check(inner, f"{where}[{index}]", depth + 1)
    else:
        raise Rejected(
            "bad_type", f"{where} is of type {type(value).__name__}, which is no JSON: send text or a number."
        )


def _check_keys(value: Mapping[Any, Any], where: str) -> None:
    if len(value) > MAX_KEYS:
        raise Rejected("too_large", f"{where} has {len(value)} keys: send {MAX_KEYS} at most.")
    for key in value:
        if not isinstance(key, str):
            raise Rejected("bad_type", f"{where} has a key that is no text: send texts as keys.")
        if not (key.isascii() and len(key) <= MAX_KEY and "\x00" not in key):
            check_text(key, f"a key of {where}", MAX_KEY)


def _check_finite(value: float | Decimal, where: str) -> None:
    is_fine = (
        (value.is_finite() and abs(value.adjusted()) < 100) if isinstance(value, Decimal) else math.isfinite(value)
    )
    if not is_fine:
        raise Rejected("bad_number", f"{where} is no finite number: send a number, or leave it out.")


def _is_encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Any) -> Any:
    """Subclasses of JSON's types as those types: Django's SafeString, an own mapping."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)
    kind: Any = next((kind for kind in (int, float, list, tuple) if isinstance(value, kind)), str)
    return kind(value)
