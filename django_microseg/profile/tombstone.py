"""Remembers, as keyed hashes, whom we were asked to forget.

A beacon that was under way during an erasure must not bring the person back, nor may an old
cookie. Visitor ids are refused for good. A customer's key is refused for an hour, for what was
still queued; whoever buys again later is a new person to us. The hash is keyed with `SECRET_KEY`,
so the table alone tells nobody's key; under a key that has left `SECRET_KEY_FALLBACKS` no cookie
is valid either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac

from .lock import Name, customer_name
from .models import Tombstone

__all__ = ["CUSTOMER_GRACE", "erased_among", "is_erased", "remember_erased"]

CUSTOMER_GRACE = dt.timedelta(hours=1)

_SALT = "django_microseg.tombstone"


def remember_erased(names: Iterable[Name], *, now: dt.datetime) -> None:
    """Refuse these identities from now on, and drop tombstones that have served."""
    Tombstone.objects.filter(expires_at__lte=now).delete()
    rows = [
        Tombstone(digest=_digest(name, settings.SECRET_KEY), erased_at=now, expires_at=_expiry(name, now))
        for name in sorted(set(names))
    ]
    Tombstone.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["erased_at", "expires_at"],
    )


def erased_among(names: Collection[Name], *, now: dt.datetime) -> frozenset[Name]:
    """Which of these identities are refused at ``now``: one query."""
    by_digest = {_digest(name, key): name for name in names for key in _keys()}
    if not by_digest:
        return frozenset()
    is_valid = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    found = Tombstone.objects.filter(is_valid, digest__in=sorted(by_digest))
    return frozenset(by_digest[digest] for digest in found.values_list("digest", flat=True))


def is_erased(name: Name, *, now: dt.datetime) -> bool:
    return bool(erased_among([name], now=now))


def _expiry(name: Name, now: dt.datetime) -> dt.datetime | None:
    return now + CUSTOMER_GRACE if name == customer_name(name[1]) else None


def _keys() -> list[str]:
    return [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(name: Name, secret: str) -> str:
    kind, value = name
    return salted_hmac(_SALT, f"{kind}:{value}", secret=secret, algorithm="sha256").hexdigest()
