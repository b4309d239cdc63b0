"""What can be wrong with who somebody is. Each says what happened, why, and what to do."""

from __future__ import annotations

__all__ = ["DifferentCustomers", "IdentityError", "MergeUndoRefused", "PersonErased"]


class IdentityError(Exception):
    """Base of all refusals of this room."""


class DifferentCustomers(IdentityError):
    """A visitor id already belongs to another customer: two people share a device."""

    def __init__(self, profile_id: int) -> None:
        super().__init__(
            f"The visitor was not merged: the visitor id belongs to profile {profile_id}, which is "
            "another customer's, and customers never merge. Give this browser a new visitor id "
            "(`new_visitor_key`) and merge that one."
        )
        self.profile_id = profile_id


class PersonErased(IdentityError):
    """Somebody asked to be forgotten, and something of theirs came in again."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was stored: this visitor id, or this customer within the last hour, was "
            "erased. Give the browser a new visitor id after it has consented anew."
        )


class MergeUndoRefused(IdentityError):
    """A merge that can no longer be undone."""

    def __init__(self, merge_id: int, reason: str, remedy: str) -> None:
        super().__init__(f"Merge {merge_id} was not undone: {reason}. {remedy}")
