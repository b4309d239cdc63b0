"""Who among the staff may be told who somebody is. Groups and numbers are for whoever may see groups; names are not."""

from __future__ import annotations

from typing import Any

__all__ = ["may_see_people"]


def may_see_people(user: Any) -> bool:
    """Whether an account may view or change profiles."""
    return any(user.has_perm(f"django_microseg.{verb}_profile") for verb in ("view", "change"))
