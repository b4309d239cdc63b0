"""Who stands behind the keys of a batch of events: existing profiles, or new ones.

Comes in: visitor ids and customer keys that the caller trusts. Goes out: the live profile of each,
locked in the caller's transaction, so that no merge or erasure passes between looking and storing.
Somebody who was erased gets no profile: their key is missing in the answer. This never merges two
profiles; only a login does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import partial

from ..collect.hooks import PersonKey
from .lock import Name, customer_name, lock_people, retrying, visitor_name
from .models import Identity, Profile
from .tombstone import erased_among

__all__ = ["erased_keys", "identity_of", "names_of", "resolve", "resolve_once"]

_People = dict[Name, Profile]


def resolve(keys: Collection[PersonKey], *, now: dt.datetime) -> dict[PersonKey, Profile]:
    """The locked profile of each key; the customer's key wins. One query when all are known.

    Must run inside a transaction. Empty keys and keys of erased people are left out.
    """
    wanted = sorted({key for key in keys if key.visitor_key or key.customer_key})
    return retrying(partial(resolve_once, wanted, now=now)) if wanted else {}


def resolve_once(keys: list[PersonKey], *, now: dt.datetime) -> dict[PersonKey, Profile]:
    """The same for callers that use `retrying` themselves."""
    names = {name for key in keys for name in names_of(key)}
    people = lock_people(names)
    missing = names - people.keys()
    if not missing:
        return {key: people[_name_of(key)] for key in keys}
    erased = erased_among(missing, now=now)
    welcome = [key for key in keys if erased.isdisjoint(names_of(key))]
    _add_missing(welcome, people, now=now)
    return {key: people[_name_of(key)] for key in welcome}


def erased_keys(keys: Collection[PersonKey], *, now: dt.datetime) -> frozenset[PersonKey]:
    """Which keys name somebody who was erased, so that not even a refused event of theirs is kept."""
    erased = erased_among({name for key in keys for name in names_of(key)}, now=now)
    return frozenset(key for key in keys if not erased.isdisjoint(names_of(key)))


def names_of(key: PersonKey) -> list[Name]:
    """The identities that a key names."""
    names = [customer_name(key.customer_key)] if key.customer_key else []
    return [*names, visitor_name(key.visitor_key)] if key.visitor_key else names


def _name_of(key: PersonKey) -> Name:
    """The identity that decides."""
    return customer_name(key.customer_key) if key.customer_key else visitor_name(key.visitor_key)


def _add_missing(keys: list[PersonKey], people: _People, *, now: dt.datetime) -> None:
    """Profiles and identities for whoever is new. Rows go in sorted: writers wait in one order."""
    customers = {key.customer_key for key in keys if key.customer_key}
    new_customers = sorted(name for name in customers if customer_name(name) not in people)
    if new_customers:
        people.update(_adopt(new_customers, now=now))
    known = set(people)
    unknown = [name for name in new_customers if customer_name(name) not in people]
    for profile in _create(unknown, now=now):
        people[customer_name(profile.customer_key or "")] = profile
    alone = _point_visitors(keys, people)
    people.update(zip(alone, _create([None] * len(alone), now=now), strict=True))
    Identity.objects.bulk_create(identity_of(name, people[name], now=now) for name in sorted(people.keys() - known))


def _point_visitors(keys: list[PersonKey], people: _People) -> list[Name]:
    """Point unknown visitor ids at the customers they came with; hand back those that came alone."""
    for key in keys:
        if key.visitor_key and key.customer_key:
            people.setdefault(visitor_name(key.visitor_key), people[customer_name(key.customer_key)])
    alone = {visitor_name(key.visitor_key) for key in keys if key.visitor_key}
    return sorted(alone - people.keys())


def _adopt(customer_keys: list[str], *, now: dt.datetime) -> _People:
    """Give customers' profiles that somebody made without an identity the identity they lack."""
    orphans = Profile.objects.filter(customer_key__in=customer_keys).order_by("customer_key")
    rows = [identity_of(customer_name(row.customer_key or ""), row, now=now) for row in orphans]
    Identity.objects.bulk_create(rows, ignore_conflicts=True)
    return lock_people([(row.kind, row.value) for row in rows])


def _create(customer_keys: Sequence[str | None], *, now: dt.datetime) -> list[Profile]:
    rows = [Profile(customer_key=key, created_at=now) for key in customer_keys]
    return Profile.objects.bulk_create(rows)


def identity_of(name: Name, profile: Profile, *, now: dt.datetime) -> Identity:
    """A new row, not written, that leads from a name to a profile."""
    kind, value = name
    return Identity(
        kind=kind,
        value=value,
        profile=profile,
        version=profile.identities_version,
        first_seen_at=now,
    )
