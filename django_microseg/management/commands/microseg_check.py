"""Door: are the golden personas of a file where they belong, by the rules of the file and those in force?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.clock import read_now
from django_microseg.segment.files import BadFile, FileSegment, frozen_in, read_segments, read_yaml
from django_microseg.segment.personas import Persona, check_personas, read_personas, rules_with
from django_microseg.segment.ruleset import Ruleset

__all__ = ["Found", "broken", "read_file"]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a file, and the rules by which its personas are asked."""

    segments: tuple[FileSegment, ...]
    personas: tuple[Persona, ...]
    rules: Ruleset
    frozen: tuple[str, ...] = ()


def read_file(path: Path, now: dt.datetime) -> Found:
    """Read it whole. Raises a `CommandError` with every mistake."""
    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
        segments = read_segments(data)
        rules, known = rules_with(segments)
        return Found(segments, read_personas(data, known=known, now=now), rules, frozen_in(data))
    except (OSError, UnicodeDecodeError) as error:
        raise base.not_done(f"{path} cannot be read: {error}.") from error
    except BadFile as error:
        raise base.not_done(str(error)) from error


def broken(found: Found, now: dt.datetime) -> list[str]:
    """One sentence for each persona that is not where it belongs."""
    lines = []
    for verdict in check_personas(found.personas, found.rules, now=now):
        lines += [f"{verdict.persona} is not in {slug}, and should be." for slug in verdict.missing]
        lines += [f"{verdict.persona} is in {slug}, and should not be." for slug in verdict.extra]
    return lines


class Command(base.Command):
    help = (
        "Ask whether the golden personas of a YAML file are in the segments where they belong: by the rules of the "
        "file and those in force. Writes nothing. Ends with 1 if one is not, with 2 if the file has a mistake."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .yaml file with personas, and perhaps segments")
        parser.add_argument("--now", metavar="ISO", help="as of this instant; without a zone it is the shop's")

    def handle(self, *args: Any, **options: Any) -> None:
        base.need("yaml", extra="files", what="Files of segments need PyYAML")
        now = read_now(options["now"]) if options["now"] else timezone.now()
        found = read_file(options["file"], now)
        wrong = broken(found, now)
        if wrong:
            raise CommandError("\n".join(wrong), returncode=1)
        number = len(found.personas)
        self.stdout.write(f"{number} {'persona is' if number == 1 else 'personas are'} where they belong.")
