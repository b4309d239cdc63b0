"""Door: evaluate every profile anew."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import Max

from django_microseg.collect.models import Event
from django_microseg.management import base
from django_microseg.management.bar import progress
from django_microseg.management.clock import read_now
from django_microseg.management.layout import table
from django_microseg.segment.as_of import Sizes, sizes_as_of
from django_microseg.segment.full import RefreshFailed, refresh_fully
from django_microseg.segment.full_run import RunRefused
from django_microseg.segment.models import Segment
from django_microseg.segment.rulebook import shop_zone
from django_microseg.segment.sizes.past import recompute_days


class Command(base.Command):
    help = (
        "Evaluate every profile anew, and print the sizes of the segments in force. The shop's own figures, such as "
        "the average order value, are computed first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", metavar="ISO", help="the clock of this run; without a zone it is the shop's. Refused where later "
            "events exist, unless with --dry-run",
        )  # fmt: skip
        parser.add_argument(
            "--by", choices=("fold", "scan"), default="fold",
            help="fold reads every event and leaves states behind for the live path; scan asks the database",
        )  # fmt: skip
        parser.add_argument(
            "--past-days", type=int, metavar="N", help="also work out how large the segments were on each of the last "
            "N days, for the charts of the admin: today's rules over the recorded events; counted days stay",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="compute the sizes, write nothing")
        parser.add_argument("--json", action="store_true", help="print the sizes as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = read_now(options["now"])
        if options["past_days"] is not None and (options["past_days"] < 1 or options["dry_run"]):
            raise base.not_done("--past-days takes a number above 0, and writes: leave --dry-run out.")
        if options["dry_run"]:
            sizes = sizes_as_of(now, by=options["by"])
        else:
            if options["now"]:
                _refuse_later_events(now)
            sizes = self._refresh(now, options)
        self._print(sizes, now, options)

    def _refresh(self, now: dt.datetime, options: dict[str, Any]) -> Sizes:
        try:
            with progress(self.stdout.write, options) as shown:
                sizes = refresh_fully(now, by=options["by"], asked_by="microseg_refresh", progress=shown)
                if options["past_days"]:
                    shown.begin("past sizes", sizes.profiles)
                    recompute_days(options["past_days"], now=now, report=shown.advance)
                return sizes
        except (RefreshFailed, RunRefused) as error:
            raise base.not_done(str(error)) from error

    def _print(self, sizes: Sizes, now: dt.datetime, options: dict[str, Any]) -> None:
        if not sizes.segments:
            self.stderr.write("No segment is in force. Make some: manage.py microseg_presets.")
        if options["json"]:
            found = {"now": now.isoformat(), "by": options["by"], "profiles": sizes.profiles}
            self.stdout.write(json.dumps({**found, "segments": sizes.segments}))
        elif options["verbosity"] > 0:
            self.stdout.write(_in_words(sizes, is_dry_run=options["dry_run"]))


def _refuse_later_events(now: dt.datetime) -> None:
    """Memberships as of a past moment would stand as today's."""
    latest = Event.objects.filter(occurred_at__gt=now).aggregate(latest=Max("occurred_at"))["latest"]
    if latest is not None:
        raise base.not_done(
            f"There are events after {_local(now)}, up to {_local(latest)}: the memberships written would be those of "
            "a past moment. Choose a later --now, or add --dry-run to see the sizes as of then."
        )


def _local(moment: dt.datetime) -> str:
    return f"{moment.astimezone(shop_zone()):%Y-%m-%d %H:%M}"


def _in_words(sizes: Sizes, *, is_dry_run: bool) -> str:
    names = dict(Segment.objects.values_list("slug", "name"))
    rows = [
        (slug, names.get(slug, ""), size, f"{size / sizes.profiles:.1%}" if sizes.profiles else "-")
        for slug, size in sizes.segments.items()
    ]
    end = "Dry run: nothing was written." if is_dry_run else ""
    return f"{table(('slug', 'name', 'size', 'share'), rows)}\n\n{sizes.profiles:,} profiles. {end}".rstrip()
