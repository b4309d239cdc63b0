"""Reads the body of a request, as much as may be: what is declared, sent or unpacked beyond that is refused.

The content type says nothing: beacons send JSON as text/plain, and one client as a form.
"""

from __future__ import annotations

import zlib

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from .refusal import Refused

__all__ = ["MAX_BODY", "read_body"]

#: Bytes, as sent and as unpacked. One client sends batches of 920,393 bytes whole (facts: its own limit fails).
MAX_BODY = 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def read_body(request: HttpRequest, most: int = MAX_BODY) -> bytes:
    """The body, unpacked. Raises `Refused`."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > most:
        raise _too_large(most)
    try:
        body = request.read(most + 1)
    except (UnreadablePostError, OSError):
        raise Refused("malformed", "The body did not arrive whole: send it again.") from None
    if len(body) > most:
        raise _too_large(most)
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise Refused("malformed", "Of compressed bodies only gzip is read.")
    return _unpack(body, most)


def _unpack(body: bytes, most: int) -> bytes:
    """Never more than ``most`` bytes, whatever a small body claims to hold."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        text = unpacker.decompress(body, most + 1)
    except zlib.error:
        raise Refused("malformed", "The body is not gzip, though Content-Encoding says so.") from None
    if len(text) > most:
        raise _too_large(most)
    if not unpacker.eof:
        raise Refused("malformed", "The gzip body ends too early: send it again.")
    return text


def _too_large(most: int) -> Refused:
    return Refused("too_large", f"The body has more than {most} bytes: send fewer events at once.")
