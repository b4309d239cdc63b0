"""Makes, rotates, revokes and recognises the keys with which clients outside send events.

A key is 192 random bits and shown once; we keep its SHA-256, which cannot be turned back and, with
that much chance in it, needs no salt. Clients that meet a 401 drop their events for good, so a
rotated key works on beside the new one for a week.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db.models import Q

from .models import WriteKey

__all__ = ["OVERLAP", "KeyRevoked", "find_key", "make_key", "note_use", "revoke_key", "rotate_key"]

#: How long the old key works after a rotation.
OVERLAP = dt.timedelta(days=7)
_PREFIX = "msk_"
_RANDOM_BYTES = 24
_HINT = 8
_LONGEST = 100
#: How exactly we keep when a key was last used: a row that every batch wrote would be one that all wait for.
_USE_EVERY = dt.timedelta(minutes=1)


class KeyRevoked(ValueError):
    """A revoked key is not rotated; make another one."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The write key {name!r} is revoked, and stays so. Make one with another name.")


def make_key(name: str, *, scope: str = WriteKey.Scope.SERVER, now: dt.datetime) -> tuple[WriteKey, str]:
    """A new key: its row, and the secret, which nobody can read again. Raises `ValidationError`."""
    secret = _new_secret()
    row = WriteKey(name=name, scope=scope, hint=secret[:_HINT], digest=_digest(secret), created_at=now)
    row.full_clean()
    row.save()
    return row, secret


def rotate_key(row: WriteKey, *, now: dt.datetime) -> str:
    """Give a key a new secret; the old one works for `OVERLAP`. Raises `KeyRevoked`."""
    if row.revoked_at is not None:
        raise KeyRevoked(row.name)
    secret = _new_secret()
    row.previous_digest, row.previous_until = row.digest, now + OVERLAP
    row.digest, row.hint, row.rotated_at = _digest(secret), secret[:_HINT], now
    row.save(update_fields=["digest", "hint", "previous_digest", "previous_until", "rotated_at"])
    return secret


def revoke_key(row: WriteKey, *, now: dt.datetime) -> None:
    """From now on neither the key nor the one before it is known. Safe to do twice."""
    row.revoked_at = row.revoked_at or now
    row.previous_digest, row.previous_until = "", None
    row.save(update_fields=["revoked_at", "previous_digest", "previous_until"])


def find_key(secret: str, *, now: dt.datetime) -> WriteKey | None:
    """The row of a key that may be used at this moment."""
    if not 0 < len(secret) <= _LONGEST or not secret.isascii():
        return None
    digest = _digest(secret)
    is_before = Q(previous_digest=digest, previous_until__gt=now)
    return WriteKey.objects.filter(Q(digest=digest) | is_before, revoked_at=None).first()


def note_use(row: WriteKey, *, now: dt.datetime) -> None:
    """Remember that a key is in use, to the minute."""
    if row.last_used_at is None or now - row.last_used_at >= _USE_EVERY:
        WriteKey.objects.filter(pk=row.pk).update(last_used_at=now)


def _new_secret() -> str:
    return _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
