"""Looks a person up by a key that somebody typed. Locks nothing and makes nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from .links import NoLink, email_link, loyalty_link
from .lock import Name, customer_name, visitor_name
from .models import Identity, Profile

__all__ = ["find_person", "find_profile"]


def find_person(key: str) -> Profile | None:
    """The live profile behind a customer's key, or else a visitor id, an e-mail address or a loyalty number."""
    for kind, value in (customer_name(key), visitor_name(key), *_links(key)):
        identity = Identity.objects.filter(kind=kind, value=value).select_related("profile").first()
        if identity is not None:
            return _live(identity.profile)
    return None


def find_profile(key: UUID) -> Profile | None:
    """The live profile that has this key, or has taken in the one that had it."""
    profile = Profile.objects.filter(key=key).first()
    return None if profile is None else _live(profile)


def _links(key: str) -> Iterator[Name]:
    for make in (email_link, loyalty_link):
        with suppress(NoLink):
            link = make(key)
            yield link.kind, link.value


def _live(profile: Profile) -> Profile:
    while profile.merged_into is not None:
        profile = profile.merged_into
    return profile
