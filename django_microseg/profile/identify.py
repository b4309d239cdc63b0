"""Ties links to a person, and joins the profiles that a proven one shows to be the same.

Comes in: the person's key and links. Goes out: the person's profile, and what could not be tied and why. A customer
never becomes another customer. Only a proven link joins, and then a profile without a customer goes into the one with,
or the younger of two without into the elder; one that has joined very many is one that many share, and joins no more.
Each join is logged as a merge and can be undone. Browsers reach none of this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from django.db import transaction

from ..collect.hooks import PersonKey
from .errors import PersonErased
from .links import Link
from .lock import Name, lock_people, retrying
from .merge import absorb
from .models import Identity, Merge, Profile
from .resolve import identity_of, names_of, resolve_once

__all__ = ["MOST_JOINS", "Conflict", "Identified", "Untied", "identify", "person_of"]

#: How many profiles one proven link may join; one that leads to more is an office's or a counter's.
MOST_JOINS = 20


class Conflict(Enum):
    """Why a link was left where it was."""

    UNPROVEN = "it leads to somebody else, and is not proven"
    OTHER_CUSTOMER = "it leads to another customer, and customers never merge"
    SHARED = "it has joined so many that it must be one that many share"


@dataclass(frozen=True, slots=True)
class Untied:
    link: Link
    why: Conflict


@dataclass(frozen=True, slots=True)
class Identified:
    """``joined`` counts profiles that went into another; ``untied`` says which links stayed elsewhere."""

    profile: Profile
    joined: int = 0
    untied: tuple[Untied, ...] = ()


def identify(key: PersonKey, links: Sequence[Link], *, now: dt.datetime) -> Identified:
    """Tie links to the person of a key that the caller trusts; safe to call again.

    Raises `PersonErased` if that person asked to be forgotten.
    """
    with transaction.atomic():
        return retrying(partial(_identify, key, links, now=now))


def person_of(link: Link) -> PersonKey | None:
    """The key of whoever a link leads to: what an event of theirs must bear. None for nobody."""
    found = Identity.objects.filter(kind=link.kind, value=link.value).select_related("profile").first()
    if found is None:
        return None
    profile = found.profile
    visitor = profile.identities.filter(kind=Identity.Kind.VISITOR).order_by("first_seen_at", "pk").first()
    key = PersonKey("" if profile.customer_key or visitor is None else visitor.value, profile.customer_key or "")
    return key if key.visitor_key or key.customer_key else None


def _identify(key: PersonKey, links: Sequence[Link], *, now: dt.datetime) -> Identified:
    people = lock_people({*names_of(key), *(_name(link) for link in links)}, is_exclusive=True)
    person = resolve_once([key], now=now).get(key)
    if person is None:
        raise PersonErased
    joined, untied = 0, []
    for link in links:
        owner = people.get(_name(link))
        if owner is None:
            identity_of(_name(link), person, now=now).save()
            people[_name(link)] = person
        elif owner != person:
            why = _objection(link, owner, person)
            if why is None:
                source, target = _direction(owner, person)
                person = absorb(source, target, now=now, cause=link.kind)
                people = {name: person if profile in (source, target) else profile for name, profile in people.items()}
                joined += 1
            else:
                untied.append(Untied(link, why))
    return Identified(person, joined, tuple(untied))


def _name(link: Link) -> Name:
    return (link.kind, link.value)


def _objection(link: Link, owner: Profile, person: Profile) -> Conflict | None:
    if not link.is_proven:
        return Conflict.UNPROVEN
    if owner.customer_key is not None and person.customer_key is not None:
        return Conflict.OTHER_CUSTOMER
    target = _direction(owner, person)[1]
    joins = Merge.objects.filter(target=target, cause=link.kind, undone_at=None).count()
    return Conflict.SHARED if joins >= MOST_JOINS else None


def _direction(one: Profile, other: Profile) -> tuple[Profile, Profile]:
    """Which goes into which: a customer's stays, else the elder."""
    if one.customer_key is not None:
        return other, one
    if other.customer_key is not None:
        return one, other
    elder, younger = sorted((one, other), key=lambda profile: profile.pk)
    return younger, elder
