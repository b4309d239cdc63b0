"""Somebody as lists name them."""

from __future__ import annotations

from typing import Any

from django_microseg.profile.models import Profile

__all__ = ["person_fields"]


def person_fields(profile: Profile) -> dict[str, Any]:
    return {"profile": str(profile.key), "customer": profile.customer_key, "name": str(profile)}
