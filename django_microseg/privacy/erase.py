"""Forgets a person: their rows in every registered table, and what caches hold of them.

Comes in: a profile or a customer's key. Goes out: how many rows each table and cache lost. The
profiles are locked first, so writers under way finish before and late ones find a tombstone.
Keys of events' messages stay: they say nothing of anybody and keep an import that is repeated from
bringing the events back. Safe to run twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial

from django.db import transaction

from ..profile.lock import Stale, lock_profiles, retrying
from ..profile.models import Profile
from ..profile.tombstone import remember_erased
from .registry import caches, tables
from .subject import Subject, subject_of, subject_of_customer

__all__ = ["erase", "erase_customer"]


def erase(profile: Profile, *, now: dt.datetime, words: Iterable[str] = ()) -> dict[str, int]:
    """Forget the person behind a profile. ``words`` are further texts that mean them."""
    return _erase(partial(subject_of, profile, words=tuple(words)), now=now)


def erase_customer(customer_key: str, *, now: dt.datetime, words: Iterable[str] = ()) -> dict[str, int]:
    """Forget a customer of the shop, also one who has no profile."""
    return _erase(partial(subject_of_customer, customer_key, words=tuple(words)), now=now)


def _erase(find: Callable[[], Subject], *, now: dt.datetime) -> dict[str, int]:
    with transaction.atomic():
        subject, counts = retrying(partial(_erase_rows, find))
        # Within the transaction: if a cache does not answer, nothing is erased and all can be tried again.
        counts |= _erase_caches(subject)
        if any(counts.values()):
            remember_erased(subject.names, now=now)
        # And after it, because until then a page may put the old rows into a cache again.
        transaction.on_commit(partial(_erase_caches, subject), robust=True)
    return counts


def _erase_rows(find: Callable[[], Subject]) -> tuple[Subject, dict[str, int]]:
    subject = find()
    lock_profiles(subject.profile_ids, is_exclusive=True)
    if find() != subject:
        raise Stale
    return subject, {entry.table: entry.erase(subject) for entry in tables()}


def _erase_caches(subject: Subject) -> dict[str, int]:
    return {f"cache:{entry.name}": entry.erase(subject) for entry in caches()}
