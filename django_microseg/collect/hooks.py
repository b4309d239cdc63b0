"""What this room must know of later ones, put in from outside when Django starts.

`apps.ready()` sets `people` to `profile.resolve.resolve`. Until then every call fails with a
sentence that says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, Protocol

__all__ = ["People", "PeopleNotWired", "PersonKey", "ProfileRow", "people"]

#: A row of `profile.models.Profile`, which this room may not import.
ProfileRow = Any


class PersonKey(NamedTuple):
    """Who an event says it is of; missing keys are ``""``."""

    visitor_key: str
    customer_key: str


class People(Protocol):
    """Finds or makes the profiles of some people.

    The rows are locked until the caller's transaction ends, and are never merged ones. Every key
    asked for has an answer.
    """

    def __call__(self, keys: Collection[PersonKey], *, now: dt.datetime) -> Mapping[PersonKey, ProfileRow]: ...


class PeopleNotWired(RuntimeError):
    """Events came in before anybody said whose they are."""


def _not_wired(keys: Collection[PersonKey], *, now: dt.datetime) -> Mapping[PersonKey, ProfileRow]:
    raise PeopleNotWired(
        "django_microseg.collect.hooks.people is not set, so nobody knows whose events these are. "
        "AppConfig.ready() sets it: is 'django_microseg' in INSTALLED_APPS?"
    )


people: People = _not_wired
