"""Door: say what a shop's settings lack, with the lines to paste."""

from __future__ import annotations

import json
from dataclasses import asdict
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError, CommandParser

from django_microseg.management import base
from django_microseg.management.advice import Advice, settings_advice
from django_microseg.management.probes.tables import missing_migrations


class Command(base.Command):
    help = "Check the settings and print the lines that are missing. Changes nothing. Ends with 1 if any are."
    requires_system_checks = ()  # they would stop the very command that helps with them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        advice = settings_advice()
        migrations = missing_migrations()
        if options["json"]:
            found = {"settings": [asdict(each) for each in advice], "migrations": migrations}
            self.stdout.write(json.dumps(found))
        elif options["verbosity"] > 0:
            self._print(advice, migrations)
        wrong = sum(each.is_error for each in advice) + bool(migrations)
        if wrong:
            raise CommandError(f"{wrong} of these must be done before the shop can be personalised.", returncode=1)

    def _print(self, advice: list[Advice], migrations: list[str]) -> None:
        self.stdout.write(self.style.SUCCESS("django_microseg is in INSTALLED_APPS."))
        for each in advice:
            self.stdout.write("")
            self.stdout.write((self.style.ERROR if each.is_error else self.style.NOTICE)(each.text))
            self.stdout.write(f"Put into {each.place}:" if each.lines else each.hint)
            if each.lines:
                self.stdout.write("\n" + indent(each.lines, "    "))
        if migrations:
            self.stdout.write(self.style.ERROR("\nTables are missing or not up to date."))
            self.stdout.write("Run:\n\n    python manage.py migrate")
        if not advice and not migrations:
            self.stdout.write(self.style.SUCCESS("Everything is in its place. Next: manage.py microseg_presets"))
