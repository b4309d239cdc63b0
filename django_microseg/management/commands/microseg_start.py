"""Door: start personalisation again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from django_microseg.decide import switch
from django_microseg.management import base


class Command(base.Command):
    help = "Start personalisation again after microseg_stop, from the next request on."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        was_stopped = switch.start(now=timezone.now())
        if options["verbosity"] > 0:
            self.stdout.write("Personalisation runs again." if was_stopped else "Personalisation was not stopped.")
