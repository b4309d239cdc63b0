"""The personas of the database: read as stories, asked, written from a file and into one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..files import BadFile
from .models import FORMAT, Persona
from .story import PersonaStory, read_story
from .verdict import Rules, Verdict, ask

__all__ = ["Asked", "ask_stored", "dump_personas", "entry_of", "plan_personas", "save_entries", "stored_as", "story_of"]

_PARTS = ("events", "facts", "context")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one. ``problem`` says why its story can no longer be read; there is no verdict then."""

    row: Persona
    story: PersonaStory | None
    verdict: Verdict | None
    problem: str = ""

    @property
    def holds(self) -> bool:
        return self.verdict is not None and self.verdict.holds


def story_of(row: Persona, now: dt.datetime) -> PersonaStory:
    """The story of a row. Raises `BadFile` where the catalogue has changed since."""
    if row.story.get("format") != FORMAT:
        raise BadFile("It was written by a newer version: update this one.")
    return read_story(row.story, name=row.name, wanted=frozenset(row.wanted), unwanted=frozenset(row.unwanted), now=now)


def ask_stored(rows: Iterable[Persona], rules: Rules, *, now: dt.datetime) -> list[Asked]:
    """Ask these; one that cannot be read says why. No statement."""
    read = [_try(row, now) for row in rows]
    verdicts = iter(ask([story for _, story, _ in read if story is not None], rules, now=now))
    return [Asked(row, story, next(verdicts) if story else None, problem) for row, story, problem in read]


def _try(row: Persona, now: dt.datetime) -> tuple[Persona, PersonaStory | None, str]:
    try:
        return row, story_of(row, now), ""
    except BadFile as error:
        return row, None, str(error)


# -- files


def stored_as(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a row for an entry of a file: plain JSON, days as text."""
    parts = {part: entry.get(part) or ([] if part == "events" else {}) for part in _PARTS}
    story = json.loads(json.dumps({"format": FORMAT, **parts}, default=str))
    return {
        "story": story,
        "wanted": sorted(map(str, entry.get("in") or [])),
        "unwanted": sorted(map(str, entry.get("not_in") or [])),
    }


def entry_of(row: Persona) -> dict[str, Any]:
    """A row as a file says it; what is empty is left out."""
    said = {
        **{part: row.story.get(part) for part in _PARTS},
        "in": sorted(row.wanted),
        "not_in": sorted(row.unwanted),
    }
    return {"name": row.name, **{key: value for key, value in said.items() if value}}


def dump_personas(slugs: Collection[str] = ()) -> list[dict[str, Any]]:
    """All personas, or those that expect something of these segments alone, by name."""
    rows = Persona.objects.order_by("name")
    return [entry_of(row) for row in rows if not slugs or row.asked <= frozenset(slugs)]


def plan_personas(entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By name what a file would do to each: ``new``, ``changed`` or ``same``. Writes nothing."""
    known = {row.name: row for row in Persona.objects.filter(name__in=[entry["name"] for entry in entries])}
    return {entry["name"]: _difference(known.get(entry["name"]), entry) for entry in entries}


def _difference(row: Persona | None, entry: Mapping[str, Any]) -> str:
    if row is None:
        return "new"
    fields = stored_as(entry)
    return "same" if all(getattr(row, name) == value for name, value in fields.items()) else "changed"


def save_entries(entries: Sequence[Mapping[str, Any]]) -> None:
    """Keep the personas of a file, each under its name; those it does not name stay."""
    for entry in entries:
        Persona.objects.update_or_create(name=entry["name"], defaults=stored_as(entry))
