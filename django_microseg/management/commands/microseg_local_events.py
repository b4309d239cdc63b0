"""Door: local events (fairs, matches, festivals) from an iCalendar file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from django_microseg.collect.localtime import zone_of
from django_microseg.collect.surroundings.ical import UnreadableCalendar, take_calendar
from django_microseg.collect.surroundings.renew import split_place
from django_microseg.management import base
from django_microseg.segment.rulebook import shop_zone


class Command(base.Command):
    help = (
        "Take the events of an .ics file, those of the next 400 days, for rules that ask for context.local_event. "
        "The same file again changes nothing; a newer one changes what has moved. Events are removed in the admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="an iCalendar file")
        parser.add_argument("--place", default="", help="where they are: DE, or DE-BY for a region; else everywhere")
        parser.add_argument("--zone", default="", help="time zone of whole days and of times without one; the shop's")

    def handle(self, *args: Any, **options: Any) -> None:
        base.need("icalendar", "recurring_ical_events", extra="context", what="Calendars need icalendar")
        country, region = split_place(options["place"])
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise base.not_done(f"{options['place']!r} is no place: say DE, or DE-BY for a region.")
        zone = zone_of(options["zone"]) if options["zone"] else shop_zone()
        if zone is None:
            raise base.not_done(f"{options['zone']!r} is no time zone of the IANA list, such as Europe/Berlin.")
        try:
            text = options["file"].read_bytes()
            taken = take_calendar(text, country=country, region=region, zone=zone, now=timezone.now())
        except OSError as error:
            raise base.not_done(f"{options['file']} cannot be read: {error.strerror}.") from error
        except UnreadableCalendar as error:
            raise base.not_done(str(error)) from error
        self.stdout.write(f"{taken.new:,} new events, {taken.changed:,} changed.")
        if taken.without_name:
            self.stderr.write(
                f"{taken.without_name:,} have no name (SUMMARY), so no rule could ask for them; left out."
            )
