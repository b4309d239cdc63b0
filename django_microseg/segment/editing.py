"""What an editor does to a segment, one step each, so that no two editors write over each other.

Whoever changes something says by a stamp what they have seen. If the segment is another by now, nothing is done and
they are told. What people did or a count changed is no part of the stamp: only what editors write is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from .json_form import to_json
from .judged import read_rule
from .models import Segment, SegmentVersion
from .publish import go_live_with, pause, save_definition
from .rule import Rule
from .versions import newest_version

__all__ = [
    "Edit",
    "EditRefused",
    "Outdated",
    "SlugTaken",
    "archive",
    "change",
    "create",
    "publish",
    "revert",
    "stamp_of",
    "take_out",
]

State = Segment.State
#: Fields of a segment that editors write; the stamp is made of them, its rule and what is in force.
_WRITTEN = ("name", "description", "state", "live_version_id")


class Outdated(Exception):
    """Somebody else has changed the segment since the editor saw it."""


class EditRefused(Exception):
    """What cannot be done to this segment now; the sentence says why, and what to do."""


class SlugTaken(Exception):
    """A segment has this slug, or had it: slugs are never reused."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Who edits, when, and what they have seen: stamps of which one must still hold, or None for whatever there is."""

    author: str
    now: dt.datetime
    seen: Collection[str] | None = None


def stamp_of(segment: Segment, newest: int | None) -> str:
    """What tells one state of a segment from another; ``newest`` is the number of the version that was saved last."""
    said = [segment.pk, newest, *(getattr(segment, name) for name in _WRITTEN)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def create(slug: str, *, name: str, description: str, rule: Rule, note: str, edit: Edit) -> Segment:
    """A draft with its first rule; nobody is in it yet. Raises `SlugTaken`."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                segment = Segment.objects.create(slug=slug, name=name, description=description)
        except IntegrityError:
            raise SlugTaken(slug) from None
        save_definition(segment, to_json(rule), now=edit.now, author=edit.author, note=note)
    return segment


def change(
    slug: str, *, name: str | None, description: str | None, rule: Rule | None, note: str, edit: Edit
) -> Segment:
    """Name and description at once; another rule as a new version, which is not in force yet."""
    with _held(slug, edit) as segment:
        segment.name = segment.name if name is None else name
        segment.description = segment.description if description is None else description
        segment.save(update_fields=["name", "description"])
        newest = newest_version(segment)
        if rule is not None and (newest is None or newest.rule != to_json(rule)):
            save_definition(segment, to_json(rule), now=edit.now, author=edit.author, note=note)
    return segment


def publish(slug: str, *, edit: Edit) -> SegmentVersion:
    """Put the newest rule in force: it is prepared for everybody first, and then switched to."""
    with _held(slug, edit) as segment:
        version = newest_version(segment)
        if version is None:
            raise EditRefused("It has no rule yet. Give it one first.")
        if version.pk == segment.live_version_id:
            raise EditRefused("Its newest rule is in force already. Save another one first.")
    return go_live_with(version, now=edit.now)


def take_out(slug: str, *, edit: Edit) -> Segment:
    """Pause a segment that is in force: nobody is in it until it is published again."""
    with _held(slug, edit) as segment:
        if segment.state != State.ACTIVE:
            raise EditRefused("It is not in force, so there is nothing to pause.")
        pause(segment, now=edit.now)
    return segment


def archive(slug: str, *, edit: Edit) -> Segment:
    """Take a segment out for good; it is kept for its history."""
    with _held(slug, edit) as segment:
        if segment.state == State.ARCHIVED:
            raise EditRefused("It is archived already. Publish it to bring it back.")
        pause(segment, now=edit.now, state=State.ARCHIVED)
    return segment


def revert(slug: str, number: int, *, note: str, edit: Edit) -> Segment:
    """Save the rule of an older version as the newest one; it is in force when it is published.

    Raises `FaultyRule` where the shop cannot evaluate that rule any more.
    """
    with _held(slug, edit) as segment:
        newest = newest_version(segment)
        version = segment.versions.filter(number=number).first()
        if version is None or newest is None:
            raise EditRefused(f"It has no version {number}. Choose one of its versions.")
        if version.rule == newest.rule:
            raise EditRefused(f"Its newest version says the same as version {number}. Publish that one.")
        rule = to_json(read_rule(version.rule, slug=slug))
        save_definition(segment, rule, now=edit.now, author=edit.author, note=note or f"as version {number}")
    return segment


@contextmanager
def _held(slug: str, edit: Edit) -> Iterator[Segment]:
    """The segment, with whoever else edits it waiting; `Segment.DoesNotExist` if there is none."""
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(slug=slug)
        if edit.seen is not None:
            newest = newest_version(segment)
            if stamp_of(segment, newest.number if newest else None) not in edit.seen:
                raise Outdated(slug)
        yield segment
