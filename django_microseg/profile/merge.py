"""A login joins the visitor's anonymous profile with the customer's, without losing an event.

Comes in: a visitor id whose cookie we signed, and the customer who has just logged in. Events,
identities and facts move to the customer's profile; the visitor id stays as an alias of it. If the
customer has no profile yet, the visitor's own becomes the customer's. Refuses to join two
customers. Each merge is logged so that `unmerge` can undo it.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction

from ..collect.hooks import PersonKey
from ..collect.models import Event
from ..collect.order_voids import revoid
from .errors import DifferentCustomers, PersonErased
from .lock import Name, customer_name, lock_people, retrying, visitor_name
from .models import Fact, Identity, Merge, Profile
from .resolve import resolve_once
from .signals import profiles_merged
from .tombstone import erased_among
from .unmerge import unmerge

__all__ = ["absorb", "merge_at_login", "unmerge"]


def merge_at_login(visitor_key: str, customer_key: str, *, now: dt.datetime, cause: str = "login") -> Profile:
    """The customer's profile, to which the visitor now belongs, locked. Safe to call again.

    Raises `DifferentCustomers` if the visitor id is another customer's: give the browser a new id
    and call again. Raises `PersonErased` if one of both was erased.
    """
    if not visitor_key or not customer_key:
        raise ValueError("merge_at_login needs a visitor key and a customer key; one is empty.")
    with transaction.atomic():
        return retrying(partial(_join, PersonKey(visitor_key, customer_key), now=now, cause=cause))


def _join(key: PersonKey, *, now: dt.datetime, cause: str) -> Profile:
    its_visitor, its_customer = visitor_name(key.visitor_key), customer_name(key.customer_key)
    people = lock_people([its_visitor, its_customer], is_exclusive=True)
    _refuse_erased({its_visitor, its_customer} - people.keys(), now=now)
    visitor, customer = people.get(its_visitor), people.get(its_customer)
    if visitor is None:
        return resolve_once([key], now=now)[key]
    if visitor.customer_key is not None:
        return _same_customer(visitor, key.customer_key)
    if customer is None:
        return _promote(visitor, key.customer_key, now=now, cause=cause)
    return absorb(visitor, customer, now=now, cause=cause)


def _refuse_erased(missing: set[Name], *, now: dt.datetime) -> None:
    if erased_among(missing, now=now):
        raise PersonErased


def _same_customer(profile: Profile, customer_key: str) -> Profile:
    if profile.customer_key != customer_key:
        raise DifferentCustomers(profile.pk)
    return profile


def _promote(visitor: Profile, customer_key: str, *, now: dt.datetime, cause: str) -> Profile:
    """The customer is new to us: the visitor's profile becomes theirs."""
    _log(visitor, visitor, now=now, cause=cause)
    visitor.customer_key = customer_key
    visitor.save(update_fields=["customer_key"])
    Identity.objects.create(
        kind=Identity.Kind.CUSTOMER,
        value=customer_key,
        profile=visitor,
        version=visitor.identities_version,
        first_seen_at=now,
    )
    return visitor


def absorb(source: Profile, target: Profile, *, now: dt.datetime, cause: str) -> Profile:
    """Everything of ``source``, who is no customer, becomes ``target``'s. Both must be locked."""
    _log(source, target, now=now, cause=cause)
    earlier = Merge.objects.filter(target=source, undone_at=None)
    Profile.objects.filter(merged_into=source).update(merged_into=target)
    earlier.update(target=target)  # who had joined the source follows it
    Event.objects.filter(profile=source).update(profile=target)
    Fact.objects.filter(profile=source).update(profile=target)
    for profile in (source, target):
        profile.identities_version += 1
    source.merged_into = target
    source.save(update_fields=["merged_into", "identities_version"])
    target.save(update_fields=["identities_version"])
    Identity.objects.filter(profile__in=(source, target)).update(profile=target, version=target.identities_version)
    revoid([target.pk])  # an order and its cancellation may have met only now
    profiles_merged.send(Profile, target=target, source=source, now=now)
    return target


def _log(source: Profile, target: Profile, *, now: dt.datetime, cause: str) -> None:
    """Write down what `unmerge` needs; see `models.Merge`."""
    identities = list(source.identities.order_by("pk"))
    keys = {row.value for row in identities if row.kind == Identity.Kind.VISITOR}
    own = Event.objects.filter(profile=source)
    keys |= set(own.exclude(visitor_key="").values_list("visitor_key", flat=True).distinct())
    moved = {
        "identities": [row.pk for row in identities],
        "events": sorted(own.filter(visitor_key="").values_list("pk", flat=True)),
        "merges": sorted(Merge.objects.filter(target=source, undone_at=None).values_list("pk", flat=True)),
    }
    if source == target:
        moved["facts"] = sorted(source.facts.values_list("pk", flat=True))
    else:
        kept = Event.objects.filter(profile=target, visitor_key__in=keys)
        moved["kept"] = sorted(kept.values_list("pk", flat=True))
    Merge.objects.create(
        source=source,
        target=target,
        merged_at=now,
        cause=cause,
        visitor_keys=sorted(keys),
        moved={name: ids for name, ids in moved.items() if ids},
    )
