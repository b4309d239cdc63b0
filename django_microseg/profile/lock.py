"""Finds profiles by their identities and locks them, so that two writers never work on one person.

Everybody who locks several profiles locks them in the order of their ids, so nobody waits in a
circle. While one waits, a merge may move an identity elsewhere: each identity therefore repeats
the version of its profile's identities. If they differ, the identity is read again; if it moved
(`Stale`), `retrying` lets go of all locks and starts over. On an engine without row locks (SQLite)
writers stand in line anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from .models import Identity, Profile

__all__ = ["Name", "Stale", "customer_name", "follow", "lock_people", "lock_profiles", "retrying", "visitor_name"]

#: Kind and value of an identity.
Name = tuple[str, str]
Result = TypeVar("Result")
_ATTEMPTS = 20


class Stale(Exception):
    """What was read changed while waiting for a lock. Internal: `retrying` looks again."""


def visitor_name(visitor_key: str) -> Name:
    return (Identity.Kind.VISITOR.value, visitor_key)


def customer_name(customer_key: str) -> Name:
    return (Identity.Kind.CUSTOMER.value, customer_key)


def retrying(work: Callable[[], Result]) -> Result:
    """Do work in a savepoint of its own; if its ground moved, let its locks go and do it again.

    A unique constraint that fails means that another writer was first, so that counts as moved.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            with _savepoint():
                return work()
        except Stale:
            continue
        except IntegrityError:
            if not connection.features.has_select_for_update:
                raise
    with _savepoint():
        return work()


def _savepoint() -> AbstractContextManager[Any]:
    if connection.features.has_select_for_update:
        return transaction.atomic()
    return nullcontext()


def lock_people(names: Collection[Name], *, is_exclusive: bool = False) -> dict[Name, Profile]:
    """The profiles that identities lead to, locked until the transaction ends: one query.

    Unknown names are left out. ``is_exclusive`` also keeps others from adding rows that point at
    the profiles, for whoever is about to merge or erase them.
    """
    if not names:
        return {}
    rows = Identity.objects.filter(_is_among(names)).select_related("profile").order_by("profile_id")
    identities = list(_locking(rows, of=("profile",), is_exclusive=is_exclusive))
    _refuse_moved([row for row in identities if row.version != row.profile.identities_version])
    live: dict[int, Profile] = {}
    for row in identities:
        if row.profile_id not in live:
            live[row.profile_id] = follow(row.profile)
    return {(row.kind, row.value): live[row.profile_id] for row in identities}


def follow(profile: Profile) -> Profile:
    """The live profile that a locked one was merged into, locked too; or the profile itself."""
    while profile.merged_into_id is not None:
        target = lock_profiles([profile.merged_into_id])
        profile = target[profile.merged_into_id]
    return profile


def lock_profiles(ids: Iterable[int], *, is_exclusive: bool = False) -> dict[int, Profile]:
    """Profiles by id, locked until the transaction ends. Those that are gone are left out."""
    rows = Profile.objects.filter(pk__in=list(ids)).order_by("pk")
    return {row.pk: row for row in _locking(rows, of=("self",), is_exclusive=is_exclusive)}


def _refuse_moved(doubtful: list[Identity]) -> None:
    """Nothing moves while the profile is locked, so a second look is final."""
    if not doubtful:
        return
    rows = Identity.objects.filter(pk__in=[row.pk for row in doubtful])
    now_at = dict(rows.values_list("pk", "profile_id"))
    if any(now_at.get(row.pk) != row.profile_id for row in doubtful):
        raise Stale


def _locking(rows: QuerySet[Any], *, of: tuple[str, ...], is_exclusive: bool) -> QuerySet[Any]:
    may_share = connection.features.has_select_for_no_key_update and not is_exclusive
    return rows.select_for_update(of=of, no_key=may_share)


def _is_among(names: Collection[Name]) -> Q:
    condition = Q()
    for kind in sorted({kind for kind, _ in names}):
        values = sorted(value for its_kind, value in names if its_kind == kind)
        condition |= Q(kind=kind, value__in=values)
    return condition
