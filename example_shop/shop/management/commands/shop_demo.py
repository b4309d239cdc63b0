"""`manage.py shop_demo`: a year of made-up customers, orders and behaviour, for the demo and for trying things out."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ...catalogue.load import load_catalogue
from ...demo.books import set_password, write_accounts, write_orders
from ...demo.load import load_events, load_facts
from ...demo.people import Person, people
from ...demo.story import generate

PASSWORD = "walking-boots"  # noqa: S105 -- of made-up people, set only while DEBUG is on


class Command(BaseCommand):
    help = "Generates a year of shop behaviour from a seed, and writes customers, orders and events. Safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=2000, help="people with an account (default 2000)")
        parser.add_argument("--days", type=int, default=365, help="days before now that the story tells (default 365)")
        parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same story (default 7)")
        parser.add_argument("--now", help="end of the story as ISO 8601, default this moment")
        parser.add_argument(
            "--lived", type=int, default=0, help="the last days of it, lived through with segments in force (default 0)"
        )
        parser.add_argument("--accounts", type=int, help="how many customers get an account in the shop, default all")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _instant(options["now"])
        started = time.monotonic()
        load_catalogue()
        everyone = [person for person in people(options["customers"], options["seed"], now) if person.customer_key]
        events = list(generate(options["customers"], options["days"], options["seed"], now))
        self.stdout.write(f"{len(events):,} events of {len(everyone):,} customers and of visitors without a name.")
        with_account = everyone[: options["accounts"]]
        keys = write_accounts(with_account, events)
        orders = write_orders(with_account, events, keys)
        self.stdout.write(f"{len(keys):,} accounts and {orders:,} new orders in the shop's books.")
        report = load_events(events, now=now, keys=keys, lived=timedelta(days=options["lived"]))
        self.stdout.write(
            f"{report.stored:,} stored, {report.quarantined:,} refused, {report.duplicates:,} known already."
        )
        load_facts(everyone, now=now, keys=keys)
        if settings.DEBUG:
            self._open_doors(with_account)
        self.stdout.write(f"Done in {time.monotonic() - started:.0f} s.")

    def _open_doors(self, persons: list[Person]) -> None:
        """One person of each kind can be signed in as."""
        firsts = {person.persona.name: person for person in reversed(persons)}
        self.stdout.write(f"Sign in as one of these, password {PASSWORD}:")
        set_password((str(person.customer_key) for person in firsts.values()), PASSWORD)
        for name, person in sorted(firsts.items()):
            self.stdout.write(f"  {person.customer_key}  {person.first_name} {person.last_name}, {name}")


def _instant(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--now {text!r} is no ISO 8601 instant. Write it like 2026-11-20T12:00:00+00:00."
        ) from error
    return instant if instant.tzinfo else timezone.make_aware(instant)
