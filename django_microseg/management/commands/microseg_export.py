"""Door: hand out everything held of a customer."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from django_microseg.privacy.export import export_customer


class Command(BaseCommand):
    help = "Print everything that django_microseg holds of a customer, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("customer", help="the customer's key, as orders and imports name it")
        parser.add_argument(
            "--word",
            action="append",
            default=[],
            metavar="TEXT",
            help="a further text that means this person, such as an e-mail address; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        everything = export_customer(options["customer"], words=options["word"])
        self.stdout.write(json.dumps(everything, cls=DjangoJSONEncoder, indent=2))
