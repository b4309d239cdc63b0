"""What this room must know of later ones, put in from outside when Django starts.

`wiring.connect()` sets `people` to `profile.resolve.resolve`, `erased` to `profile.resolve.erased_keys` and
`withdrawn` to `privacy.ledger.withdrawn_among`. Until then every call fails with a sentence that says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, Protocol

__all__ = [
    "Erased",
    "People",
    "PeopleNotWired",
    "PersonKey",
    "ProfileRow",
    "Withdrawn",
    "erased",
    "people",
    "withdrawn",
]

#: A row of `profile.models.Profile`, which this room may not import.
ProfileRow = Any


class PersonKey(NamedTuple):
    """Who an event says it is of; missing keys are ``""``."""

    visitor_key: str
    customer_key: str


class People(Protocol):
    """Finds or makes the profiles of some people.

    The rows are locked until the caller's transaction ends, and are never merged ones. Only the
    keys of people who were erased have no answer.
    """

    def __call__(self, keys: Collection[PersonKey], *, now: dt.datetime) -> Mapping[PersonKey, ProfileRow]: ...


class Erased(Protocol):
    """Which of some people were erased, so that nothing of theirs may be kept."""

    def __call__(self, keys: Collection[PersonKey], *, now: dt.datetime) -> Collection[PersonKey]: ...


class Withdrawn(Protocol):
    """Which of some visitors had consented and do so no longer."""

    def __call__(self, visitor_keys: Collection[str]) -> Collection[str]: ...


class PeopleNotWired(RuntimeError):
    """Events came in before anybody said whose they are."""


def _not_wired(*keys: Any, **when: Any) -> Any:
    raise PeopleNotWired(
        "django_microseg.collect.hooks.people is not set, so nobody knows whose events these are. "
        "AppConfig.ready() sets it: is 'django_microseg' in INSTALLED_APPS?"
    )


people: People = _not_wired
erased: Erased = _not_wired
withdrawn: Withdrawn = _not_wired
