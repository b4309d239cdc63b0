"""Which write key a request came with: where clients put it, in the order in which they mean it."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any

from django.http import HttpRequest

from django_microseg.collect.models import WriteKey
from django_microseg.collect.write_keys import find_key

from .pieces import Envelope
from .refusal import Refused

__all__ = ["key_of"]


def key_of(request: HttpRequest, envelope: Envelope, *, now: dt.datetime) -> WriteKey:
    """The key's row. Raises `Refused` for none, an unknown, or a revoked one.

    Basic's user name counts, else the header ``X-Write-Key``, else what the body says.
    """
    given = _basic_user(request.headers.get("Authorization", "")) or request.headers.get("X-Write-Key", "")
    found = find_key(given or _in_body(envelope), now=now)
    if found is None:
        raise Refused("unknown_key")
    return found


def _in_body(envelope: Envelope) -> str:
    first = envelope.messages[0] if envelope.messages else None
    said: tuple[Any, ...] = (envelope.write_key, first.get("writeKey") if isinstance(first, dict) else None)
    return next((key for key in said if isinstance(key, str) and key), "")


def _basic_user(header: str) -> str:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
