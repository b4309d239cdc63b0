"""Keeps the consent ledger: one open row per visitor id at most.

Comes in: a visitor id and what its visitor allows. A choice that changes nothing writes nothing;
one that allows nothing only ends the row that stands. An id that was erased gets no row again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import partial

from django.db import transaction

from ..profile.lock import lock_people, retrying, visitor_name
from ..profile.tombstone import is_erased
from .consent import PURPOSES, Consent
from .models import ConsentRecord

__all__ = ["record_choice", "withdrawn_among"]


def record_choice(
    visitor_key: str,
    purposes: Collection[str],
    *,
    text_version: str,
    now: dt.datetime,
    cause: str = ConsentRecord.Cause.CHOICE,
) -> bool:
    """Write down what a visitor allows from now on; False if the id was erased."""
    allowed = [name for name in PURPOSES if name in purposes]
    with transaction.atomic():
        # An erasure that is under way finishes first.
        retrying(partial(lock_people, [visitor_name(visitor_key)]))
        if is_erased(visitor_name(visitor_key), now=now):
            return False
        standing = ConsentRecord.objects.filter(visitor_key=visitor_key, ended_at__isnull=True)
        if any(row.purposes == allowed and row.text_version == text_version for row in standing):
            return True
        standing.update(ended_at=now)
        if allowed:
            ConsentRecord.objects.create(
                visitor_key=visitor_key,
                purposes=allowed,
                text_version=text_version,
                cause=cause,
                given_at=now,
            )
    return True


def withdrawn_among(visitor_keys: Collection[str]) -> frozenset[str]:
    """Which of these ids had a consent and have none now under which they may be remembered: one query.

    An id of which the ledger knows nothing is not among them: whoever brought it answers for its consent.
    """
    rows = ConsentRecord.objects.filter(visitor_key__in=sorted(visitor_keys))
    known, standing = set(), set()
    for visitor_key, purposes, ended_at in rows.values_list("visitor_key", "purposes", "ended_at"):
        known.add(visitor_key)
        if ended_at is None and Consent(is_asked=True, purposes=frozenset(purposes)).may_be_remembered:
            standing.add(visitor_key)
    return frozenset(known - standing)
