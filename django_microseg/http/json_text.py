"""From the bytes of a body to plain values, or a `Problem`; nothing that is sent can do harm here.

Pure. Strict where JSON is: no NaN, no key twice in one object, UTF-8 alone. What a text or number
holds is judged where it is used.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .problem import Problem

__all__ = ["read_json"]


def read_json(body: bytes) -> Any:
    """The value that a body of JSON stands for. Raises `Problem`."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except RecursionError:
        raise Problem("malformed", "The body is nested too deeply: send ten levels at most.") from None
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are of this kind, as is a number too long
        raise Problem("malformed", f"The body is no JSON in UTF-8 ({_where(error)}): send one JSON value.") from None


class _NotJson(ValueError):
    """What Python would let pass, and JSON does not."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotJson("a key stands twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _NotJson(f"{name} is no JSON")


def _where(error: ValueError) -> str:
    """What to look for, without repeating anything of the body."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at character {error.pos}"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is no UTF-8"
    return str(error) if isinstance(error, _NotJson) else "a number has too many digits"
