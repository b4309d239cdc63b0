"""The person whom an export or an erasure is about: every id under which we may hold something.

Includes the visitors' profiles that were merged into the customer's, but not those whose merge was
undone. ``words`` are further texts to look for where data lies unsorted, such as an e-mail address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..profile.lock import Name, customer_name, visitor_name
from ..profile.models import Identity, Profile

__all__ = ["Subject", "subject_of", "subject_of_customer"]


@dataclass(frozen=True, slots=True)
class Subject:
    """All ids of one person. Sorted, so that two of the same person are equal."""

    profile_ids: tuple[int, ...] = ()
    profile_keys: tuple[str, ...] = ()
    customer_keys: tuple[str, ...] = ()
    visitor_keys: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def names(self) -> list[Name]:
        """The identities that shall not come back after an erasure."""
        visitors = [visitor_name(key) for key in self.visitor_keys]
        return [*visitors, *(customer_name(key) for key in self.customer_keys)]


def subject_of_customer(customer_key: str, *, words: Iterable[str] = ()) -> Subject:
    """The person behind a customer's key, also one without a profile."""
    identities = Identity.objects.filter(kind=Identity.Kind.CUSTOMER, value=customer_key)
    ids = set(identities.values_list("profile_id", flat=True))
    ids |= set(Profile.objects.filter(customer_key=customer_key).values_list("pk", flat=True))
    return _subject(ids, customer_keys={customer_key}, words=words)


def subject_of(profile: Profile, *, words: Iterable[str] = ()) -> Subject:
    """The person behind a profile, an anonymous one too."""
    row = Profile.objects.filter(pk=profile.pk).first()
    ids = set() if row is None else {row.merged_into_id or row.pk}
    return _subject(ids, words=words)


def _subject(ids: Collection[int], *, customer_keys: Collection[str] = (), words: Iterable[str]) -> Subject:
    profiles = list(Profile.objects.filter(pk__in=_with_absorbed(ids)).order_by("pk"))
    rows = Identity.objects.filter(profile__in=profiles).values_list("kind", "value")
    by_kind: dict[str, set[str]] = {}
    for kind, value in rows:
        by_kind.setdefault(kind, set()).add(value)
    customers = by_kind.get(Identity.Kind.CUSTOMER, set()) | set(customer_keys)
    customers |= {row.customer_key for row in profiles if row.customer_key}
    return Subject(
        profile_ids=tuple(row.pk for row in profiles),
        profile_keys=tuple(sorted(str(row.key) for row in profiles)),
        customer_keys=tuple(sorted(customers)),
        visitor_keys=tuple(sorted(by_kind.get(Identity.Kind.VISITOR, set()))),
        words=tuple(sorted({word for word in words if word})),
    )


def _with_absorbed(ids: Collection[int]) -> set[int]:
    found, new = set(ids), set(ids)
    while new:
        absorbed = Profile.objects.filter(merged_into__in=new).values_list("pk", flat=True)
        new = set(absorbed) - found
        found |= new
    return found
