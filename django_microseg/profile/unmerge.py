"""Takes a merge back: what was the visitor's returns to the visitor's profile, exactly.

Events go by the visitor keys that the merge recorded, also those that came in since; identities go
by id and facts by their origin. Where the visitor's profile had become the customer's, it is the
visitor's again and the customer gets a new one with all the rest. An erasure takes the merge's row
with it, so afterwards there is nothing left to undo.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from ..collect.models import Event
from ..collect.order_voids import revoid
from .errors import MergeUndoRefused
from .lock import Stale, lock_profiles, retrying
from .models import Fact, Identity, Merge, Profile
from .signals import merge_undone

__all__ = ["unmerge"]

_CHUNK = 500


def unmerge(merge: Merge, *, now: dt.datetime) -> Profile:
    """Undo a merge; gives the visitor's profile, which is anonymous again.

    Raises `MergeUndoRefused` if it was undone before, or if one of both was erased since.
    """
    with transaction.atomic():
        return retrying(partial(_undo, merge.pk, now=now))


def _undo(merge_id: int, *, now: dt.datetime) -> Profile:
    merge = _found(merge_id)
    people = lock_profiles({merge.source_id, merge.target_id}, is_exclusive=True)
    merge = _found(merge_id)
    if {merge.source_id, merge.target_id} != people.keys():
        raise Stale
    source, target = people[merge.source_id], people[merge.target_id]
    if merge.is_promotion:
        target = _demote(merge, source, now=now)
    else:
        _restore(merge, source, target)
    Merge.objects.filter(pk=merge.pk).update(undone_at=now)
    revoid([source.pk, target.pk])  # what met only through the merge parts again
    merge_undone.send(Profile, target=target, source=source, now=now)
    return source


def _found(merge_id: int) -> Merge:
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None:
        raise MergeUndoRefused(
            merge_id,
            "its record is gone, because one of the two people was erased",
            "Nothing of that person is left to move, so there is nothing to do",
        )
    if merge.undone_at is not None:
        raise MergeUndoRefused(
            merge_id,
            f"it was undone before, at {merge.undone_at:%Y-%m-%d %H:%M} UTC",
            "Look for a later merge of the same visitor",
        )
    return merge


def _restore(merge: Merge, source: Profile, target: Profile) -> None:
    """Move from the customer's profile what is the visitor's."""
    moved = merge.moved
    Event.objects.filter(profile=target, visitor_key__in=merge.visitor_keys).update(profile=source)
    _point(Event.objects.filter(profile=source), moved.get("kept", ()), target)
    _point(Event.objects.filter(profile=target), moved.get("events", ()), source)
    earlier = Merge.objects.filter(pk__in=moved.get("merges", ()), undone_at=None)
    joined = list(earlier.values_list("source_id", flat=True))  # whoever had joined the visitor goes back with them
    Fact.objects.filter(profile=target, origin__in=[source.pk, *joined]).update(profile=source)
    Profile.objects.filter(pk__in=joined).update(merged_into=source)
    earlier.update(target=source)
    source.merged_into = None
    _bump(source, target)
    own = _its_identities(merge)
    Identity.objects.filter(own, profile=target).update(profile=source)
    _stamp(source, target)


def _demote(merge: Merge, visitor: Profile, *, now: dt.datetime) -> Profile:
    """The customer leaves the visitor's profile for a new one, with all that is not the visitor's."""
    customer_key, visitor.customer_key = visitor.customer_key, None
    visitor.save(update_fields=["customer_key"])
    customer = Profile.objects.create(customer_key=customer_key, allocation_key=visitor.allocation_key, created_at=now)
    moved = merge.moved
    rest = Event.objects.filter(profile=visitor).exclude(visitor_key__in=merge.visitor_keys)
    rest.update(profile=customer)
    _point(Event.objects.filter(profile=customer), moved.get("events", ()), visitor)
    facts = Fact.objects.filter(profile=visitor).exclude(pk__in=moved.get("facts", ()))
    facts.filter(origin=visitor).update(origin=customer)
    facts.update(profile=customer)
    _bump(visitor, customer)
    Identity.objects.filter(profile=visitor).exclude(_its_identities(merge)).update(profile=customer)
    _stamp(visitor, customer)
    later = Merge.objects.filter(target=visitor).exclude(source=visitor).exclude(pk__in=moved.get("merges", ()))
    Profile.objects.filter(pk__in=list(later.values_list("source_id", flat=True))).filter(merged_into=visitor).update(
        merged_into=customer
    )
    later.update(target=customer)
    return customer


def _its_identities(merge: Merge) -> Q:
    return Q(pk__in=merge.moved.get("identities", ()))


def _point(events: QuerySet[Event], ids: Sequence[int], profile: Profile) -> None:
    """Few as a rule; in chunks, because an engine limits what one statement may name."""
    for start in range(0, len(ids), _CHUNK):
        events.filter(pk__in=ids[start : start + _CHUNK]).update(profile=profile)


def _bump(*profiles: Profile) -> None:
    for profile in profiles:
        profile.identities_version += 1
        profile.save(update_fields=["identities_version", "merged_into"])


def _stamp(*profiles: Profile) -> None:
    for profile in profiles:
        profile.identities.update(version=profile.identities_version)
