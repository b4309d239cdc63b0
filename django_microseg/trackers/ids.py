"""Which visitor an outside client means. Pure.

Ids that clients make up live in a space of their own, so that none of them can ever be the id in a
visitor's signed cookie. Only somebody who holds a server's secret may name such a visitor.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django_microseg.collect.ids import is_placeholder

__all__ = ["visitor_of"]

_PREFIX = "ext:"
_LONGEST = 64
_OURS = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def visitor_of(anonymous_id: Any, *, is_trusted: bool) -> Any:
    """The visitor key for a client's anonymous id; ``""`` for none, and what is no id as it came."""
    if isinstance(anonymous_id, int) and not isinstance(anonymous_id, bool):
        anonymous_id = str(anonymous_id) if anonymous_id.bit_length() < 64 else ""
    if not isinstance(anonymous_id, str):
        return anonymous_id or ""
    text = anonymous_id.strip()
    if is_placeholder(text):
        return ""
    if is_trusted and _OURS.fullmatch(text):
        return text
    named = f"{_PREFIX}{text}"
    return named if len(named) <= _LONGEST else _PREFIX + _short(text)


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
