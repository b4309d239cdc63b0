"""What staff are told before a version goes live: what would change, what goes by it, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django_microseg.profile.models import Profile
from django_microseg.segment.difference import Difference, Movement
from django_microseg.segment.models import Segment
from django_microseg.segment.objections import Objection
from django_microseg.segment.uses import Use

from .person_answer import person_fields

__all__ = ["difference_fields", "objection_fields", "use_fields"]


def difference_fields(found: Difference, *, may_see_people: bool) -> dict[str, Any]:
    """Figures over everybody, or about them; people are named to whoever may see them."""
    rows = Profile.objects.in_bulk([*found.came.sample, *found.left.sample]) if may_see_people else None
    followers = Segment.objects.in_bulk([each.segment_id for each in found.followers]) if found.followers else {}
    return {
        "people": found.people,
        "asked": found.asked,
        "is_estimate": found.is_estimate,
        "is_momentary": found.is_momentary,
        "before": found.before,
        "after": found.after,
        "came": _with_people(found.came, rows),
        "left": _with_people(found.left, rows),
        "followers": [
            {
                "slug": each.slug,
                "name": followers[each.segment_id].name if each.segment_id in followers else each.slug,
                "came": _movement(each.came),
                "left": _movement(each.left),
            }
            for each in found.followers
        ],
    }


def objection_fields(objection: Objection) -> dict[str, Any]:
    return {
        "code": objection.code,
        "text": objection.text,
        "details": list(objection.details),
        "may_be_acknowledged": objection.may_be_acknowledged,
    }


def use_fields(use: Use) -> dict[str, Any]:
    return {"kind": str(use.kind), "name": use.name, "state": use.state, "where": use.where, "is_over": use.is_over}


def _movement(movement: Movement) -> dict[str, Any]:
    return {"people": movement.people, "margin": movement.margin}


def _with_people(movement: Movement, rows: Mapping[int, Profile] | None) -> dict[str, Any]:
    sample = None if rows is None else [person_fields(rows[pk]) for pk in movement.sample if pk in rows]
    return {**_movement(movement), "sample": sample}
