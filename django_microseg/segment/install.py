"""Makes presets into segments of this shop, all put in force in one go.

Running it again changes nothing; other thresholds make a new version. A rule that the shop has
written itself stands, and so does a segment that the shop has paused, unless told to replace them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .json_form import to_json
from .models import Segment, SegmentVersion
from .presets import TEMPLATES, preset_rule
from .publish import activate, save_definition
from .versions import candidate_of, newest_version

__all__ = ["Installed", "install_presets"]

#: How the note of a version begins that an installation wrote.
_NOTE = "preset"
_State = Segment.State


@dataclass(frozen=True, slots=True)
class Installed:
    """What became of a preset: ``new``, ``changed``, ``unchanged``, or ``kept`` as the shop has it."""

    slug: str
    outcome: str


def install_presets(
    slugs: Collection[str],
    *,
    thresholds: str = "",
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    replaces: bool = False,
    goes_live: bool = True,
    author: str = "",
    now: dt.datetime,
    seconds: float | None = None,
    report: Callable[[int], None] = lambda n: None,
) -> list[Installed]:
    """Make segments of presets and put them in force, unless they shall stay drafts. ``parameters`` are by slug.
    Looking at everybody for them goes on for about so many ``seconds``, None: until it is done; sweeps do the rest.

    Raises `InvalidRule` before anything is written if a preset, a parameter or a value is wrong.
    """
    rules = {slug: to_json(preset_rule(slug, thresholds, **(parameters or {}).get(slug, {}))) for slug in slugs}
    note = f"{_NOTE}, thresholds {thresholds or 'default'}"
    found = {slug: _prepare(slug, rule, note, now, author, replaces=replaces) for slug, rule in rules.items()}
    waiting = [segment for segment, outcome in found.values() if _is_waiting(segment, outcome)]
    if goes_live:
        activate(waiting, now=now, seconds=seconds, report=report)
    return [Installed(slug, outcome) for slug, (_, outcome) in found.items()]


def _prepare(
    slug: str, rule: Mapping[str, Any], note: str, now: dt.datetime, author: str, *, replaces: bool
) -> tuple[Segment, str]:
    """The segment with the rule as its newest version, if it may have it."""
    preset = TEMPLATES[slug]
    segment, _ = Segment.objects.get_or_create(
        slug=slug, defaults={"name": preset.name, "description": preset.description}
    )
    newest = newest_version(segment)
    if newest is not None and not replaces and not _is_ours(segment, newest, rule):
        return segment, "kept"
    if newest is not None and newest.rule == rule:
        return segment, "unchanged"
    save_definition(segment, rule, now=now, author=author, note=note)
    return segment, "new" if newest is None else "changed"


def _is_ours(segment: Segment, newest: SegmentVersion, rule: Mapping[str, Any]) -> bool:
    if segment.managed_by or segment.state in (_State.PAUSED, _State.ARCHIVED):
        return False
    return newest.note.startswith(_NOTE) or newest.rule == rule


def _is_waiting(segment: Segment, outcome: str) -> bool:
    """Whether it must be put in force: it is new here, or was interrupted on its way."""
    if outcome in ("new", "changed"):
        return True
    return outcome == "unchanged" and (segment.state != _State.ACTIVE or _has_newer(segment))


def _has_newer(segment: Segment) -> bool:
    return candidate_of(segment) is not None
