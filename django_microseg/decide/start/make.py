"""Does what the guided start says: adds the ready-made segments chosen, and an experience as a draft.

Where the shop asks for approval, new segments are drafts too, until somebody else has approved them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import slugify

from django_microseg.segment.approval import is_wanted
from django_microseg.segment.install import install_presets
from django_microseg.segment.launch import PATIENCE_SECONDS
from django_microseg.segment.models import Segment
from django_microseg.segment.rulebook import shop_zone

from ..models import Experience
from ..publish import save_experience

__all__ = ["draft_of", "make", "missing"]

_LONGEST_SLUG = 60


def missing(slugs: Collection[str]) -> list[str]:
    """Those that the shop does not have yet."""
    known = set(Segment.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [slug for slug in slugs if slug not in known]


def draft_of(given: Mapping[str, Any], segments: Sequence[str]) -> Experience:
    """The experience as it would be saved; days are those of the shop's calendar. Raises `ValidationError`."""
    zone = shop_zone()
    ends_on = given["ends_on"]
    experience = Experience(
        slug=_free_slug(given["name"]),
        name=given["name"],
        slot=given["slot"],
        segments=list(segments),
        content_html=given["content_html"],
        starts_at=_midnight(given["starts_on"], zone),
        ends_at=None if ends_on is None else _midnight(ends_on + dt.timedelta(days=1), zone),
    )
    experience.full_clean()
    return experience


def make(experience: Experience, *, author: str, now: dt.datetime) -> list[Segment]:
    """Save it, after the segments that are missing were put in force, or made drafts; gives those."""
    new = missing(experience.segments)
    if new:
        install_presets(new, goes_live=not is_wanted(), author=author, now=now, seconds=PATIENCE_SECONDS)
    with transaction.atomic():
        save_experience(experience, now=now)
    return list(Segment.objects.filter(slug__in=new).order_by("name"))


def _free_slug(name: str) -> str:
    base = slugify(name)[:_LONGEST_SLUG] or "start"
    taken = set(Experience.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)
