"""Door: put the segments of a file in force and keep its personas, after all personas have been asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.commands.microseg_check import Found, ask_found, read_file
from django_microseg.segment.files import Plan, apply_plan, plan_of
from django_microseg.segment.personas.stored import plan_personas, save_entries


class Command(base.Command):
    help = (
        "Put the segments of a YAML file (microseg_dump) in force. What is equal stays as it is, what the file does "
        "not name is not touched, and a file with a mistake changes nothing. If one of its personas, or of those that "
        "the shop has, would not be where it belongs, nothing is changed unless --force. Ends with 1 then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .yaml file")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        parser.add_argument("--force", action="store_true", help="although a persona is not where it belongs")
        parser.add_argument(
            "--own",
            action="store_true",
            help="these segments belong to the file: the admin only shows them; without it they are given back",
        )
        parser.add_argument("--note", default="", help="why; it stands in the history of each rule that changes")

    def handle(self, *args: Any, **options: Any) -> None:
        base.need("yaml", extra="files", what="Files of segments need PyYAML")
        now = timezone.now()
        found = read_file(options["file"], now)
        outcome = ask_found(found, now)
        for line in (*outcome.wrong, *outcome.waiting):
            self.stderr.write(line)
        plan = plan_of(found.segments, managed_by=options["file"].name[:200] if options["own"] else "")
        personas = plan_personas(found.entries)
        if outcome.wrong and not options["force"]:
            raise CommandError("Nothing was changed: mend the rules or the personas, or say --force.", returncode=1)
        if not options["dry_run"]:
            apply_plan(plan, now=now, author="file", note=options["note"] or options["file"].name)
            save_entries(found.entries)
        for slug in found.frozen:
            self.stdout.write(f"left     {slug}: frozen, and who is in it stands in no file")
        self._say(plan)
        self._say_personas(found, personas)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")

    def _say(self, plan: Plan) -> None:
        for slug in plan.new:
            self.stdout.write(f"new      {slug}")
        for slug, what in plan.changed.items():
            self.stdout.write(f"changed  {slug}: {', '.join(what)}")
        self.stdout.write(f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.same)} as they were.")

    def _say_personas(self, found: Found, personas: Mapping[str, str]) -> None:
        if found.entries:
            counts = [list(personas.values()).count(kind) for kind in ("new", "changed", "same")]
            self.stdout.write("Personas: {} new, {} changed, {} as they were.".format(*counts))
