"""One person's e-mail address, however it is written: by it an offer knows that it was used. Pure.

Spaces around, the case of letters and a ``+tag`` make no other person. Dots stay: only some
providers ignore them, and elsewhere they are two people.
"""

from __future__ import annotations

from unicodedata import normalize

__all__ = ["normal_email"]

#: RFC 5321 allows 254 characters; whatever is longer is no address, and is compared by its beginning.
_LONGEST = 320


def normal_email(text: str) -> str:
    """The address as it is compared; empty for none."""
    folded = normalize("NFKC", text.strip()[:_LONGEST]).casefold()
    local, at, domain = folded.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
