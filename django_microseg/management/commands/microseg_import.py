"""Door: bring in orders or customers from a file."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from django_microseg.collect.importing import events, orders
from django_microseg.collect.importing.column_map import parse_map
from django_microseg.collect.importing.error_file import ErrorFile
from django_microseg.collect.importing.errors import ImportStopped
from django_microseg.collect.importing.options import Options
from django_microseg.collect.importing.report import ImportReport
from django_microseg.collect.importing.statistics import renew_statistics
from django_microseg.collect.importing.table import open_table
from django_microseg.collect.models import Event
from django_microseg.collect.sources import WrongSource
from django_microseg.management import base
from django_microseg.management.bar import progress
from django_microseg.management.layout import table as laid_out
from django_microseg.profile.models import Identity, Profile
from django_microseg.segment import presets
from django_microseg.segment.import_file import FORMATS, ONLINE_RETAIL, import_file
from django_microseg.segment.install import install_presets
from django_microseg.segment.models import Segment


class Command(base.Command):
    help = (
        "Import orders, customers or events from a CSV or Parquet file, or a GA4 export from JSON lines. Running it "
        "again stores nothing twice; a run that was interrupted goes on where it was. Ends with 1 if rows were "
        "refused, with 2 if it could not run."
    )

    after_database_error = "What was stored is whole; run the same command again to go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv, .csv.gz, .parquet or .jsonl file")
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="OURS=THEIRS,...",
            help=f"which column means what; for orders: {', '.join(orders.NAMES)}; for customers: customer_id, email, "
            "email_hash, loyalty_number, tags, audiences and the names of facts; for areas: postcode, country, name, "
            "population, density, growth; for events: "
            f"{', '.join(events.NAMES)}, and every other column is a property. Columns that bear these names need no "
            "map.",
        )
        parser.add_argument("--source", help="a name for where the file comes from; the format's name by default")
        parser.add_argument("--dry-run", action="store_true", help="read and judge everything, store nothing")
        parser.add_argument("--errors", type=Path, metavar="FILE", help="write the rows refused into a CSV file")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N orders or customers")
        parser.add_argument("--encoding", default="utf-8", help="of a CSV file; such as latin-1")
        parser.add_argument("--time-format", default="", help="of times that are not ISO 8601: %%d.%%m.%%Y %%H:%%M")
        parser.add_argument(
            "--no-presets", action="store_true", help="online-retail: give a shop without segments none either"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(options)
        except (ImportStopped, WrongSource) as error:
            raise base.not_done(str(error)) from error
        if not options["dry_run"]:
            renew_statistics(Event, Identity, Profile)
        self._print(report, options)
        if options["format"] == ONLINE_RETAIL and not (options["dry_run"] or options["no_presets"]):
            self._give_first_segments(options)
        if report.errors:
            raise CommandError(_sentence(report, options["errors"]), returncode=1)

    def _import(self, options: dict[str, Any]) -> ImportReport:
        path: Path = options["file"]
        table = open_table(path, encoding=options["encoding"])
        with ExitStack() as stack:
            target = options["errors"]
            file = stack.enter_context(target.open("w", encoding="utf-8", newline="")) if target else None
            how = Options(
                source=options["source"] or options["format"],
                is_dry_run=options["dry_run"],
                limit=options["limit"],
                progress=stack.enter_context(progress(self.stdout.write, options)),
            )
            return import_file(
                path, table, how, ErrorFile(file),
                file_format=options["format"], given=parse_map(",".join(options["map"])),
                time_format=options["time_format"], now=timezone.now(),
            )  # fmt: skip

    def _give_first_segments(self, options: dict[str, Any]) -> None:
        """A shop without a segment gets the ready ones, with the thresholds that suit such a file."""
        if Segment.objects.exists():
            return
        installed = install_presets(presets.PRESETS, thresholds=presets.ONLINE_RETAIL, now=timezone.now())
        if options["verbosity"] > 0 and not options["json"]:
            self.stdout.write(
                f"\nThe shop had no segment: {len(installed)} ready ones are in force, with the thresholds for online "
                "retail. --no-presets leaves that out."
            )

    def _print(self, report: ImportReport, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json()))
        elif options["verbosity"] > 0:
            self.stdout.write(_in_words(report, is_full=options["verbosity"] > 1))


def _in_words(report: ImportReport, *, is_full: bool) -> str:
    """The report for people; what did not occur is left out, unless asked for."""

    def rows(counts: Any) -> list[tuple[object, ...]]:
        return [(name, number, report.words.get(name, "")) for name, number in counts.items() if number or is_full]

    events = report.to_json()["events"]
    done = "would be stored" if report.is_dry_run else "stored"
    parts = [
        laid_out(("lines", "number", "what they are"), [*rows(report.lines), ("total", report.total, "")]),
        laid_out(("found", "number", "what it is"), [*rows(report.found), ("customers", report.customers, "")]),
        laid_out(("besides", "number", "what it is"), rows(report.notes)) if any(report.notes.values()) else "",
        "no goods: " + ", ".join(f"{code} {number:,}" for code, number in report.no_goods.items())
        if report.no_goods
        else "",
        f"events: {events['stored']:,} {done}, with {events['derived']:,} products bought; {events['duplicates']:,} "
        f"known before, {events['quarantined']:,} in quarantine."
        if events["received"]
        else "",
        "Dry run: nothing was stored." if report.is_dry_run else "",
    ]
    return "\n\n".join(filter(None, parts))


def _sentence(report: ImportReport, target: Path | None) -> str:
    shown = "\n".join(f"  row {error.row}: {error.detail}" for error in report.first_errors)
    where = f"All of them are in {target}." if target else "--errors FILE writes all of them into a file."
    return f"{report.errors:,} rows were refused. {where} The first of them:\n{shown}"
