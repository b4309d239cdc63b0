"""Who among the staff may be told who somebody is. Groups and numbers are for whoever may see groups; names are not."""

from __future__ import annotations

from typing import Any

__all__ = ["SEE_PEOPLE", "may_see_people"]

#: One of these is enough.
SEE_PEOPLE = ("view_profile", "change_profile")


def may_see_people(user: Any) -> bool:
    """Whether an account may view or change profiles."""
    return any(user.has_perm(f"django_microseg.{name}") for name in SEE_PEOPLE)
