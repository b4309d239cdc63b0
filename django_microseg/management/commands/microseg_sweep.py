"""Door: look at whoever is waiting for an answer, and once a day remove what has expired; once or for ever."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.pulse import Pulse
from django_microseg.management.until_stopped import UntilStopped
from django_microseg.privacy.retention import purge_daily
from django_microseg.segment.heartbeat import SWEEP
from django_microseg.segment.renew_context import renew_if_due
from django_microseg.segment.sweep import Swept, sweep

_log = logging.getLogger("django_microseg.sweep")

_LONGEST_PAUSE = 60.0


class Command(base.Command):
    help = (
        "Refresh the profiles that are dirty or due, compute the shop's own figures once an hour, go on with full "
        "refreshes, deliver overdue signals, renew holidays and weather each half hour, and remove once a day what "
        "has been kept long enough. Safe to run twice at once. With --loop until it is told to stop (SIGTERM, Ctrl-C)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="sweep for ever")
        parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="pause between sweeps; 10")
        parser.add_argument("--limit", type=int, metavar="N", help="at most so many profiles in one sweep")
        parser.add_argument("--json", action="store_true", help="print each sweep as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] <= 0 or (options["limit"] or 1) < 1:
            raise base.not_done("--every and --limit must be above 0.")
        with UntilStopped() as life:
            if options["loop"]:
                self._loop(life, options)
            else:
                self._sweep(life, options)

    def _sweep(self, life: UntilStopped, options: dict[str, Any]) -> None:
        pulse = Pulse(SWEEP, life.is_over)
        self._say(sweep(timezone.now(), limit=options["limit"], should_stop=pulse.is_over), options)
        renew_if_due(timezone.now())
        purge_daily(now=timezone.now(), should_stop=pulse.is_over)

    def _loop(self, life: UntilStopped, options: dict[str, Any]) -> None:
        pause = options["every"]
        while not life.is_over():
            close_old_connections()
            try:
                self._sweep(life, options)
                pause = options["every"]
            except DatabaseError as error:
                pause = min(2 * pause, max(_LONGEST_PAUSE, options["every"]))
                _log.error("The sweep failed: %s. It is tried again in %.0f s.", error, pause)
                connections.close_all()
            life.wait(pause)

    def _say(self, swept: Swept, options: dict[str, Any]) -> None:
        done = swept.refreshed
        if options["json"]:
            self.stdout.write(
                json.dumps({**asdict(done), "delivered": swept.delivered, "measured": swept.has_measured})
            )
        elif options["verbosity"] > (1 if options["loop"] and not done.profiles else 0):
            self.stdout.write(
                f"{done.profiles:,} profiles refreshed: {done.entered:,} entered and {done.left:,} left a segment; "
                f"{swept.delivered:,} signals delivered."
            )
        self.stdout.flush()
