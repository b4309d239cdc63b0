"""Asking for people: ``Profile.objects.in_segment("vip")``.

Memberships belong to a later room, so they are reached by the name under which a profile has them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef

__all__ = ["ProfileManager", "ProfileQuerySet"]


_Profile = TypeVar("_Profile", bound=models.Model)


class ProfileQuerySet(models.QuerySet[_Profile]):
    """Profiles, and who of them is in a segment."""

    def in_segment(self, *slugs: str, match: str = "any") -> Self:
        """Members of any, or with ``match="all"`` of all, of these segments, by the rules in force; one query.

        They are members as stored: for what time alone has changed since the last sweep, and for conditions on the
        moment of a visit, ask the visitor. A segment that is not in force has no members.
        """
        if match not in ("any", "all"):
            raise ValueError(f'match is {match!r}, which means nothing here. Give "any" or "all".')
        if not slugs:
            raise ValueError('No segment is named. Give at least one slug: in_segment("vip").')
        if match == "any":
            return self.filter(self._is_member(slugs))
        return self.filter(*(self._is_member([slug]) for slug in dict.fromkeys(slugs)))

    def _is_member(self, slugs: Collection[str]) -> Exists:
        memberships: Any = self.model._meta.get_field("memberships").related_model
        return Exists(
            memberships.objects.filter(
                profile=OuterRef("pk"),
                segment__slug__in=slugs,
                segment__state="active",
                definition=F("segment__live_version"),
            )
        )


class ProfileManager(models.Manager[_Profile]):
    """Written out: a manager made by `from_queryset` confuses the type checker's cache."""

    def get_queryset(self) -> ProfileQuerySet[_Profile]:
        return ProfileQuerySet(self.model, using=self._db)

    def in_segment(self, *slugs: str, match: str = "any") -> ProfileQuerySet[_Profile]:
        """See `ProfileQuerySet.in_segment`."""
        return self.get_queryset().in_segment(*slugs, match=match)
