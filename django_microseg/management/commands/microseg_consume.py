"""Door: store the events that wait in the stream; until nobody waits, or for ever."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from django_microseg.collect.report import IngestReport
from django_microseg.collect.sinks.consumer import Consumer, DatabaseDown
from django_microseg.collect.sinks.stream import ERRORS, RedisMissing, open_stream
from django_microseg.decide import shelf
from django_microseg.management import base
from django_microseg.management.pulse import Pulse
from django_microseg.management.until_stopped import UntilStopped
from django_microseg.segment.heartbeat import CONSUMER

_log = logging.getLogger("django_microseg.sinks")

_BLOCK_MS = 500
_SECONDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_FAULTS: tuple[type[Exception], ...] = (DatabaseDown, DatabaseError, *ERRORS)
_COUNTED = ("received", "stored", "quarantined", "duplicates")


class Command(base.Command):
    help = (
        'Store the events that wait in the stream of MICROSEG["SINK_URL"], and end when nobody waits. With --loop '
        "until it is told to stop (SIGTERM, Ctrl-C). Several may run at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on for ever")
        parser.add_argument(
            "--patience",
            type=float,
            default=30.0,
            metavar="SECONDS",
            help="take over what another consumer has had in hand for so long; 30",
        )
        parser.add_argument("--json", action="store_true", help="print each batch as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["patience"] <= 0:
            raise base.not_done("--patience must be above 0.")
        try:
            stream = open_stream(seconds=_SECONDS)
        except RedisMissing as error:
            raise base.not_done(str(error)) from error
        consumer = Consumer(stream, patience_seconds=options["patience"], on_stored=shelf.outdate)
        with UntilStopped() as life:
            if options["loop"]:
                self._loop(consumer, life, options)
            else:
                self._until_nobody_waits(consumer, life, options)

    def _until_nobody_waits(self, consumer: Consumer, life: UntilStopped, options: dict[str, Any]) -> None:
        done = IngestReport()
        try:
            while not life.is_over() and (report := consumer.step()).received:
                done += report
            consumer.leave()
        except DatabaseDown as error:
            raise base.not_done("The database does not answer. The events wait on.") from error
        except ERRORS as error:
            raise base.not_done(f"The stream of events does not answer: {error}. What is in it waits on.") from error
        self._say(done, options)

    def _loop(self, consumer: Consumer, life: UntilStopped, options: dict[str, Any]) -> None:
        pause, pulse = _FIRST_PAUSE, Pulse(CONSUMER, life.is_over)
        while not life.is_over():
            close_old_connections()
            try:
                pulse.beat()
                report = consumer.step(block_ms=_BLOCK_MS)
            except _FAULTS as error:
                _log.error("Nothing can be consumed: %r. It is tried again in %.1f s.", error, pause)
                connections.close_all()
                life.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            if report.received:
                self._say(report, options)
        self._leave(consumer)

    def _leave(self, consumer: Consumer) -> None:
        """Nothing depends on it: a name that stays on the list does no harm."""
        try:
            consumer.leave()
        except ERRORS as error:
            _log.warning("Could not sign off from the stream: %r.", error)

    def _say(self, report: IngestReport, options: dict[str, Any]) -> None:
        counts = {name: count for name, count in asdict(report).items() if name in _COUNTED}
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        elif options["verbosity"] > 0:
            text = "{received:,} events: {stored:,} stored, {quarantined:,} in quarantine, {duplicates:,} here before."
            self.stdout.write(text.format(**counts))
        self.stdout.flush()
