"""Door: is everything well, and what is to be done where it is not?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.probes import Finding, examine


class Command(base.Command):
    help = "Look at settings, tables, memberships, sweeps, signals and extras. Ends with 1 if something is wrong."
    requires_system_checks = ()  # they are among what is looked at

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine(timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings]))
        else:
            for finding in findings:
                self._print(finding, is_brief=options["verbosity"] < 1)
        ill = sum(not finding.is_well for finding in findings)
        if ill:
            raise CommandError(f"{ill} of {len(findings)} things need a hand.", returncode=1)

    def _print(self, finding: Finding, *, is_brief: bool) -> None:
        if finding.is_well and is_brief:
            return
        style = self.style.SUCCESS if finding.is_well else self.style.ERROR
        word = "OK     " if finding.is_well else "PROBLEM"
        hint = f" {finding.hint}" if finding.hint else ""
        end = "." if hint else ""
        self.stdout.write(f"{style(word)}  {finding.name}: {finding.text}{end}{hint}")
