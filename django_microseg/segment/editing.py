"""What an editor does to a segment, one step each, so that no two editors write over each other.

Whoever changes something says by a stamp what they have seen. If the segment is another by now, nothing is done and
they are told. What people did or a count changed is no part of the stamp: only what editors write is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from . import launch
from .approval import approve as approve_version
from .json_form import to_json
from .launch import Shown
from .models import Segment, SegmentVersion
from .particulars import PARTICULARS, checked
from .publish import pause, save_definition
from .rule import Rule
from .uses import Use, in_use
from .versions import candidate_of, newest_version

__all__ = [
    "Edit",
    "EditRefused",
    "Managed",
    "Outdated",
    "SlugTaken",
    "approve",
    "archive",
    "change",
    "create",
    "discard",
    "publish",
    "revert",
    "stamp_of",
    "take_out",
]

State = Segment.State
#: Fields of a segment that editors write; the stamp is made of them, its rule and what is in force.
_WRITTEN = (*PARTICULARS, "state", "live_version_id")


class Outdated(Exception):
    """Somebody else has changed the segment since the editor saw it."""


class EditRefused(Exception):
    """What cannot be done to this segment now; the sentence says why, and what to do."""


class SlugTaken(Exception):
    """A segment has this slug, or had it: slugs are never reused."""


class Managed(Exception):
    """The segment belongs to a file, and is changed there."""

    def __init__(self, file: str) -> None:
        super().__init__(f"It belongs to the file {file}. Change it there, and load the file.")
        self.file = file


@dataclass(frozen=True, slots=True)
class Edit:
    """Who edits, when, and what they have seen: stamps of which one must still hold, or None for whatever there is."""

    author: str
    now: dt.datetime
    seen: Collection[str] | None = None


def stamp_of(segment: Segment, newest: int | None) -> str:
    """What tells one state of a segment from another; ``newest`` is the number of its `newest_version`."""
    said = [segment.pk, newest, *(getattr(segment, name) for name in _WRITTEN)]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


def create(slug: str, said: Mapping[str, Any], *, rule: Rule, note: str, edit: Edit) -> Segment:
    """A draft with its first rule; nobody is in it yet. ``said`` are `PARTICULARS`, as typed.

    Raises `SlugTaken`, and `ValidationError` for what cannot be said of a segment.
    """
    fields = checked(said, Segment(slug=slug), now=edit.now)
    with transaction.atomic():
        try:
            with transaction.atomic():
                segment = Segment.objects.create(slug=slug, **fields)
        except IntegrityError:
            raise SlugTaken(slug) from None
        save_definition(segment, to_json(rule), now=edit.now, author=edit.author, note=note)
    return segment


def change(slug: str, said: Mapping[str, Any], *, rule: Rule | None, note: str, edit: Edit) -> Segment:
    """What is said of it at once; another rule as a draft. Raises `ValidationError` as `create` does."""
    with _held(slug, edit) as segment:
        fields = checked(said, segment, now=edit.now)
        for name, value in fields.items():
            setattr(segment, name, value)
        segment.save(update_fields=list(fields))
        newest = newest_version(segment)
        if rule is not None and (newest is None or newest.rule != to_json(rule)):
            save_definition(segment, to_json(rule), now=edit.now, author=edit.author, note=note)
    return segment


def publish(
    slug: str, *, acknowledged: Collection[str] = (), edit: Edit
) -> tuple[Segment, launch.Switched | launch.Underway]:
    """Put the waiting version in force: it is prepared for everybody first, and then switched to.

    Raises `launch.Objected` where something speaks against it that was not acknowledged, and `launch.Stale`.
    """
    with _held(slug, edit) as segment:
        version = _waiting(segment)
    shown = Shown(version.pk, segment.live_version_id)
    return segment, launch.put_in_force(segment, shown=shown, acknowledged=acknowledged, now=edit.now)


def approve(slug: str, *, edit: Edit) -> SegmentVersion:
    """Somebody else than its author says that the waiting version may go live. Raises `approval.NotApproved`."""
    with _held(slug, edit) as segment:
        version = _waiting(segment)
        approve_version(version, by=edit.author, now=edit.now)
    return version


def discard(slug: str, *, edit: Edit) -> Segment:
    """Give up the draft, or what is being prepared; it stays in the history."""
    with _held(slug, edit) as segment:
        newest = newest_version(segment)
        if newest is None or not launch.discard(segment, version_id=newest.pk, now=edit.now):
            raise EditRefused("It has no draft, so there is nothing to discard.")
    return segment


def take_out(slug: str, *, edit: Edit) -> tuple[Segment, tuple[Use, ...]]:
    """Pause a segment that is in force: nobody is in it until it is published again. Also says what goes by it."""
    with _held(slug, edit) as segment:
        if segment.state != State.ACTIVE:
            raise EditRefused("It is not in force, so there is nothing to pause.")
        uses = in_use(segment, now=edit.now)
        pause(segment, now=edit.now)
    return segment, uses


def archive(slug: str, *, edit: Edit) -> Segment:
    """Take a segment out for good; it is kept for its history. Raises `uses.InUse` while something goes by it."""
    with _held(slug, edit) as segment:
        if segment.state == State.ARCHIVED:
            raise EditRefused("It is archived already. Publish it to bring it back.")
        pause(segment, now=edit.now, state=State.ARCHIVED)
    return segment


def revert(slug: str, number: int, *, note: str, edit: Edit) -> Segment:
    """Make the rule of an older version the draft; it is in force when it is published.

    Raises `launch.NotBroughtBack`.
    """
    with _held(slug, edit) as segment:
        past = segment.versions.filter(number=number).first()
        launch.bring_back(segment, past, author=edit.author, now=edit.now, note=note)
    return segment


def _waiting(segment: Segment) -> SegmentVersion:
    version = candidate_of(segment)
    if version is not None:
        return version
    if segment.live_version_id is None:
        raise EditRefused("It has no rule yet. Give it one first.")
    raise EditRefused("Its newest rule is in force already. Save another one first.")


@contextmanager
def _held(slug: str, edit: Edit) -> Iterator[Segment]:
    """The segment, with whoever else edits it waiting; `Segment.DoesNotExist` if there is none."""
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(slug=slug)
        if segment.managed_by:
            raise Managed(segment.managed_by)
        if edit.seen is not None:
            newest = newest_version(segment)
            if stamp_of(segment, newest.number if newest else None) not in edit.seen:
                raise Outdated(slug)
        yield segment
