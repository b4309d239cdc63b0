"""Door: remove what has been kept long enough."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from django_microseg.management import base
from django_microseg.management.layout import table
from django_microseg.management.until_stopped import UntilStopped
from django_microseg.privacy.retention import count_expired, purge_expired


class Command(base.Command):
    help = (
        'Remove what has been kept longer than MICROSEG["RETENTION_DAYS"] allows: quarantined events, visitors who '
        "withdrew consent, old changes of membership, runs and more. Events of others are never removed. Sweeps do it "
        "once a day by themselves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, remove nothing")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            counts = count_expired(now=now)
        else:
            with UntilStopped() as life:
                counts = purge_expired(now=now, should_stop=life.is_over)
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        elif options["verbosity"] > 0:
            head = ("kind", "expired" if options["dry_run"] else "removed")
            self.stdout.write(table(head, list(counts.items())))
            if options["dry_run"]:
                self.stdout.write("\nDry run: nothing was removed.")
