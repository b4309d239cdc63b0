"""Door: make, rotate, revoke and list the keys with which clients send events."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone

from django_microseg.collect.models import WriteKey
from django_microseg.collect.write_keys import OVERLAP, KeyRevoked, make_key, revoke_key, rotate_key
from django_microseg.management import base


class Command(base.Command):
    help = (
        "Make a write key, with which a server, an app or a page sends events (docs/tracking.md). It is shown once. "
        "--rotate gives an existing one a new secret, --revoke ends it, --list names all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="whose key it is: a-z, 0-9 and hyphens")
        parser.add_argument("--browser", action="store_true", help="a public key for pages; else a server's secret")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--rotate", action="store_true", help="a new secret; the old one works for a week more")
        what.add_argument("--revoke", action="store_true", help="end it at once: clients that use it lose their events")
        what.add_argument("--list", action="store_true", help="all keys, without their secrets")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
        elif not options["name"]:
            raise base.not_done("Give --name, which says whose key it is, or --list.")
        elif options["rotate"]:
            self._rotate(self._row(options["name"]))
        elif options["revoke"]:
            revoke_key(self._row(options["name"]), now=timezone.now())
            self.stdout.write(f"The write key {options['name']} is revoked.")
        else:
            self._make(options["name"], is_browser=options["browser"])

    def _make(self, name: str, *, is_browser: bool) -> None:
        scope = WriteKey.Scope.BROWSER if is_browser else WriteKey.Scope.SERVER
        try:
            _, secret = make_key(name, scope=scope, now=timezone.now())
        except ValidationError as error:
            raise base.not_done(f"No key was made. {' '.join(error.messages)}") from error
        self._show(secret)

    def _rotate(self, row: WriteKey) -> None:
        try:
            secret = rotate_key(row, now=timezone.now())
        except KeyRevoked as error:
            raise base.not_done(str(error)) from error
        self._show(secret)
        self.stderr.write(f"The old key works for {OVERLAP.days} days more.")

    def _show(self, secret: str) -> None:
        """The key alone goes to standard output, so that a script can take it."""
        self.stdout.write(secret)
        self.stderr.write("Note it now: it is shown this once, and only its hash is kept.")

    def _row(self, name: str) -> WriteKey:
        row = WriteKey.objects.filter(name=name).first()
        if row is None:
            raise base.not_done(f"There is no write key {name!r}: --list names those that there are.")
        return row

    def _list(self) -> None:
        for row in WriteKey.objects.order_by("name"):
            state = "revoked" if row.revoked_at else "in use"
            used = f"{row.last_used_at:%Y-%m-%d %H:%M} UTC" if row.last_used_at else "never"
            self.stdout.write(f"{row.name}  {row.scope}  {row.hint}…  {state}  last used: {used}")
