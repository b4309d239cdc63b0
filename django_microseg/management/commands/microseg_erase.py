"""Door: forget a customer."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from django_microseg.privacy.erase import erase_customer


class Command(BaseCommand):
    help = "Forget a customer: removes their rows from every table and cache of django_microseg."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("customer", help="the customer's key, as orders and imports name it")
        parser.add_argument(
            "--word",
            action="append",
            default=[],
            metavar="TEXT",
            help="a further text that means this person, such as an e-mail address; may be repeated",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="print the rows removed as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        customer = options["customer"]
        if not options["yes"] and not self._is_confirmed(customer):
            raise CommandError("Nothing was erased.")
        counts = erase_customer(customer, now=timezone.now(), words=options["word"])
        if options["json"]:
            self.stdout.write(json.dumps(counts, indent=2, sort_keys=True))
            return
        for name, rows in sorted(counts.items()):
            if rows:
                self.stdout.write(f"{rows:>8}  {name}")
        self.stdout.write(f"{sum(counts.values())} rows of customer {customer} are gone.")

    def _is_confirmed(self, customer: str) -> bool:
        question = f"Erase everything about customer {customer}? This cannot be undone. [y/N] "
        try:
            return input(question).strip().lower() in ("y", "yes")
        except EOFError:
            return False
