"""Door: are the golden personas, of the database and of a file, where they belong?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.clock import read_now
from django_microseg.segment.files import BadFile, FileSegment, frozen_in, read_segments, read_yaml
from django_microseg.segment.models import Segment
from django_microseg.segment.personas.models import Persona
from django_microseg.segment.personas.stored import story_of
from django_microseg.segment.personas.story import PersonaStory, read_personas
from django_microseg.segment.personas.verdict import Rules, ask, known_slugs, rules_in_force

__all__ = ["Found", "Outcome", "ask_found", "read_file"]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a file: ``entries`` are its personas as they are kept, ``rules`` those by which they are asked."""

    segments: tuple[FileSegment, ...]
    personas: tuple[PersonaStory, ...]
    entries: Sequence[Mapping[str, Any]]
    rules: Rules
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """``wrong`` and ``waiting`` are sentences; ``number`` is how many were asked."""

    number: int
    wrong: list[str]
    waiting: list[str]


def read_file(path: Path, now: dt.datetime) -> Found:
    """Read it whole. Raises a `CommandError` with every mistake."""
    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
        segments = read_segments(data)
        active = {each.slug: each.rule if each.state == Segment.State.ACTIVE else None for each in segments}
        known = known_slugs() | active.keys()
        rules = rules_in_force().with_changes(active)
        personas = read_personas(data, known=known, now=now)
        return Found(segments, personas, data.get("personas", []), rules, frozen_in(data))
    except (OSError, UnicodeDecodeError) as error:
        raise base.not_done(f"{path} cannot be read: {error}.") from error
    except BadFile as error:
        raise base.not_done(str(error)) from error


def ask_found(found: Found, now: dt.datetime) -> Outcome:
    """The personas of the file, and those of the database that it does not name."""
    named = {each.name for each in found.personas}
    stories, wrong = list(found.personas), []
    for row in Persona.objects.exclude(name__in=named):
        try:
            stories.append(story_of(row, now))
        except BadFile as error:
            wrong.append(f"{row.name} cannot be asked: {error}")
    verdicts = ask(stories, found.rules, now=now)
    for verdict in verdicts:
        wrong += [f"{verdict.persona} is not in {slug}, and should be." for slug in verdict.missing]
        wrong += [f"{verdict.persona} is in {slug}, and should not be." for slug in verdict.extra]
    waiting = [f"{each.persona} waits: {slug} is not in force." for each in verdicts for slug in each.waiting]
    return Outcome(len(stories), wrong, waiting)


class Command(base.Command):
    help = (
        "Ask whether the golden personas are in the segments where they belong: those of the database, by the rules in "
        "force; with a YAML file also its personas, by its rules first. Writes nothing. Ends with 1 if one is not, "
        "with 2 if the file has a mistake."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a .yaml file with personas, and perhaps segments")
        parser.add_argument("--now", metavar="ISO", help="as of this instant; without a zone it is the shop's")

    def handle(self, *args: Any, **options: Any) -> None:
        now = read_now(options["now"]) if options["now"] else timezone.now()
        found = Found((), (), (), rules_in_force())
        if options["file"] is not None:
            base.need("yaml", extra="files", what="Files of segments need PyYAML")
            found = read_file(options["file"], now)
        outcome = ask_found(found, now)
        for line in outcome.waiting:
            self.stderr.write(line)
        if outcome.wrong:
            raise CommandError("\n".join(outcome.wrong), returncode=1)
        number = outcome.number
        self.stdout.write(f"{number} {'persona is' if number == 1 else 'personas are'} where they belong.")
