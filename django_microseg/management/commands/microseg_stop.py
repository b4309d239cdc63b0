"""Door: stop personalisation for everybody."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from django_microseg.decide import switch
from django_microseg.management import base


class Command(base.Command):
    help = (
        "Stop personalisation for everybody, from the next request on: every slot shows its default, nobody is a "
        "member of a segment, no discount is given. What happens is still recorded. microseg_start takes it back."
    )
    requires_system_checks = ()  # whatever else is wrong, this must work

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--note", default="", help="why; shown in the admin and by microseg_doctor")
        parser.add_argument("--by", default="manage.py", help="who stops it")

    def handle(self, *args: Any, **options: Any) -> None:
        switch.stop(by=options["by"], note=options["note"], now=timezone.now())
        if options["verbosity"] > 0:
            self.stdout.write("Personalisation is stopped for everybody. Start it again: manage.py microseg_start.")
