"""The demo shop as one web process with a database and a clock of its own: what the browser tests look at.

`python -m tests.browser.serve` makes a database beside the one that `DATABASE_URL` names, fills it as `make demo` does
but with fewer customers, prints its port, and serves until it is ended, when it removes the database again.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import django

from tests.browser import clock

# A Friday evening, when a phone is in the hand.
START = dt.datetime(2026, 11, 20, 20, 10, tzinfo=dt.UTC)
CUSTOMERS = 50


def main() -> None:
    clock.install(START)
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_shop.settings"
    django.setup()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with _database():
        _fill()
        _serve()


@contextmanager
def _database() -> Iterator[None]:
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        named = connection.settings_dict["NAME"]
        is_file = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(folder, "shop.sqlite3")) if is_file else f"browser_{os.getpid()}"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(named, verbosity=0)


def _fill() -> None:
    _run("shop_demo", customers=CUSTOMERS)
    _run("microseg_presets", param=["fans-of-one-kind.name=trail-shoes"])
    _run("shop_personalise")
    _look_at_footwear()
    _run("microseg_refresh")


def _look_at_footwear() -> None:
    """One customer looks at a category that the rule of the tests names and the demo shop has none of."""
    from django_microseg.collect.incoming import IncomingEvent
    from django_microseg.collect.ingest import ingest

    seen = {"product_id": "tarnway-catbells", "category": "footwear"}
    event = IncomingEvent("product_viewed", occurred_at=START, customer_key="window-shopper", properties=seen)
    ingest([event], source="test", received_at=START)


def _run(command: str, **options: Any) -> None:
    from django.core.management import call_command

    call_command(command, stdout=StringIO(), **options)


def _serve() -> None:
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class QuietHandler(WSGIRequestHandler):
        def log_message(self, *args: object) -> None:
            """Tests read only the port."""

    # The demo's accounts are made while DEBUG is on; the pages are those of a shop in earnest.
    settings.DEBUG = False
    settings.ROOT_URLCONF = "tests.browser.site"
    settings.MICROSEG = {**settings.MICROSEG, "PLACE_HEADERS": {"timezone": "X-Visitor-Zone"}}
    with ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler) as server:
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
