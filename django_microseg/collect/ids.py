"""Ids as they come from outside: which of them name somebody or something, and which are fillers or nonsense.

Pure. A filler such as ``null``, ``anonymous`` or a UUID of zeros is what broken clients send for
everybody; taken as an id it would make strangers into one person.
"""

from __future__ import annotations

import re
from typing import Any

from .reasons import Rejected
from .shape import check_text

__all__ = ["PLACEHOLDERS", "clean_id", "is_placeholder", "read_id"]

#: Compared without case and spaces around. Mixpanel refuses the same (facts/reliability.md, 1).
PLACEHOLDERS = frozenset(
    {
        "-", "--", "-1", "0", "[]", "[object object]", "{}", "anon", "anonymous", "false", "guest",
        "n/a", "na", "nan", "nil", "none", "not_set", "(not set)", "null", "true", "undefined",
        "unidentified", "unknown", "user", "visitor", "customer", "id", "distinct_id", "user_id",
    }
)  # fmt: skip
_ZEROS = re.compile(r"[0\-{}]+")
#: The largest id that a table of ours can have, and its digits: Python refuses to read very long numbers at all.
_LARGEST_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,19}")


def is_placeholder(text: str) -> bool:
    """True for a filler that names nobody."""
    folded = text.strip().casefold()
    return not folded or folded in PLACEHOLDERS or _ZEROS.fullmatch(folded) is not None


def clean_id(value: Any, where: str, longest: int) -> str:
    """The id without spaces around; ``""`` for a missing one or a filler.

    Whole numbers are ids too. Raises `Rejected` for anything else and for what is too long,
    because an id cut short may be somebody else's.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64:
        value = str(value)
    if not isinstance(value, str):
        raise Rejected("bad_id", f"{where} is of type {type(value).__name__}: send text.")
    if len(value) > longest:
        raise Rejected("bad_id", f"{where} has {len(value)} characters: send {longest} at most.")
    check_text(value, where)
    return "" if is_placeholder(value) else value.strip()


def read_id(text: str | None) -> int | None:
    """The id of a row that an address or a form names; None for what no table of ours could have given."""
    if text is None or _ID.fullmatch(text) is None:
        return None
    number = int(text)
    return number if number <= _LARGEST_ID else None
