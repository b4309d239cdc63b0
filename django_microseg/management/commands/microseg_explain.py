"""Door: why is a customer in a segment, or not?"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from django_microseg.management import base
from django_microseg.management.clock import read_now
from django_microseg.profile.find import find_person
from django_microseg.segment.explain import Explanation, explain
from django_microseg.segment.explain.explain import NotInForce
from django_microseg.segment.models import Segment
from django_microseg.segment.names import did_you_mean


class Command(base.Command):
    help = "Say why a customer is in a segment or not: condition by condition, recomputed from the events."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("customer", help="the customer's key, as orders and imports name it, or a visitor id")
        parser.add_argument("segment", help="the segment's slug")
        parser.add_argument("--now", metavar="ISO", help="as of this instant; without a zone it is the shop's")
        parser.add_argument("--json", action="store_true", help="print the explanation as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = _explain(options)
        if options["json"]:
            self.stdout.write(json.dumps(found.to_json()))
        else:
            for line in found.lines():
                self.stdout.write(line)


def _explain(options: dict[str, Any]) -> Explanation:
    now = read_now(options["now"])
    profile = find_person(options["customer"])
    if profile is None:
        raise base.not_done(f"Nobody is known as {options['customer']!r}: give the key that orders name.")
    segment = Segment.objects.select_related("live_version").filter(slug=options["segment"]).first()
    if segment is None:
        known = list(Segment.objects.values_list("slug", flat=True))
        hint = did_you_mean(options["segment"], known, quote="")
        raise base.not_done(f"There is no segment {options['segment']!r}. {hint}")
    try:
        return explain(profile, segment, now=now)
    except NotInForce as error:
        raise base.not_done(str(error)) from error
