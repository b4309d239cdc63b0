"""Door: the segments and personas as a file to review and to put under version control."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from django_microseg.management import base
from django_microseg.segment.files import dump_segments
from django_microseg.segment.models import Segment
from django_microseg.segment.personas.stored import dump_personas


class Command(base.Command):
    help = (
        "Write segments as YAML, with their rules as text: all but archived ones, or those named. With them go the "
        "golden personas that expect something of these segments alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="only these segments")
        parser.add_argument("--output", type=Path, metavar="FILE", help="write into this file instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        base.need("yaml", extra="files", what="Files of segments need PyYAML")
        known = set(Segment.objects.values_list("slug", flat=True))
        strange = sorted(set(options["slugs"]) - known)
        if strange:
            raise base.not_done(f"There is no segment {', '.join(strange)}.")
        text = dump_segments(options["slugs"], dump_personas(options["slugs"]))
        if options["output"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["output"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise base.not_done(f"{options['output']} cannot be written: {error.strerror}.") from error
