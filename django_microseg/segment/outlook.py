"""What somebody looks at before a waiting version goes live: what would change, what goes by it, what is against it.

The page of the admin and the API for staff both show this, each in its own way. Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .difference import Difference, difference_of
from .errors import InvalidRule
from .json_form import from_json
from .models import SegmentVersion
from .objections import Objection, objections_to
from .uses import Use, uses_of

__all__ = ["Outlook", "outlook_of"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """``difference`` is None for a rule that can no longer be read, which is an objection of its own."""

    version: SegmentVersion
    difference: Difference | None
    uses: tuple[Use, ...]
    objections: tuple[Objection, ...]


def outlook_of(version: SegmentVersion, *, now: dt.datetime) -> Outlook:
    """Of a version that is not in force. ``uses`` are those of every segment whose members would change."""
    found = _difference(version, now)
    affected = [version.segment.slug, *(each.slug for each in (found.followers if found else ()))]
    return Outlook(version, found, uses_of(affected, now=now), objections_to(version, now=now))


def _difference(version: SegmentVersion, now: dt.datetime) -> Difference | None:
    try:
        from_json(version.rule)
    except InvalidRule:
        return None
    return difference_of(version, now)
