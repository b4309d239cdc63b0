"""Whether a text that nobody sorted speaks of a person. Pure.

Quarantined payloads came in broken, so they are searched as text. A visitor id is random and long:
wherever it stands, it is meant. A customer's key or an e-mail address must stand as a whole word,
and a key that is short or a plain number only counts where the text names it as somebody's
(``"user_id": 42``), or the price of 42 would cost a neighbour their row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

__all__ = ["in_a_cell", "mentions"]

_SHORT = 4
_OWNER = (
    r"(?:customer|user|client|member|account|distinct|external|person|buyer)[\w-]*"
    r"[\\\"']*\s*[:=]\s*[\\\"']*"
)
_BEFORE = r"(?<![A-Za-z0-9_.+-])"
_AFTER = r"(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"


def mentions(*, ids: Iterable[str], keys: Iterable[str]) -> Callable[[str], bool]:
    """A test for texts: does it hold one of these random ``ids``, or name one of these ``keys``?"""
    parts = [re.escape(word) for word in ids if word]
    parts += [_pattern(key) for key in keys if key]
    if not parts:
        return lambda text: False
    pattern = re.compile("|".join(parts), re.IGNORECASE)
    return lambda text: pattern.search(text) is not None


def _pattern(key: str) -> str:
    spellings = {key, json.dumps(key)[1:-1], quote(key, safe="")}
    word = "|".join(re.escape(each) for each in sorted(spellings))
    is_common = key.isdigit() or len(key) < _SHORT
    return f"{_OWNER if is_common else _BEFORE}(?:{word}){_AFTER}"


def in_a_cell(words: Iterable[str]) -> Callable[[str], bool]:
    """A test for texts of CSV: does one of these ``words`` stand in a cell of its own?"""
    spellings = "|".join(re.escape(word) for word in words if word)
    if not spellings:
        return lambda text: False
    pattern = re.compile(rf"(?:^|[,;\t|])[\s\"']*(?:{spellings})[\s\"']*(?:$|[,;\t|])", re.IGNORECASE | re.MULTILINE)
    return lambda text: pattern.search(text) is not None
