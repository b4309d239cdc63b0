"""One group of benchmarks on one database, in a process of its own; prints its results as JSON lines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict

import django

PROFILES, EVENTS = 100_000, 1_000_000


def main(group: str, profiles: int, events: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_shop.settings")
    os.environ["DEBUG"] = "0"
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-only-for-benchmarks-only-for")
    django.setup()
    from django.db import connection

    name = "postgres" if connection.vendor == "postgresql" else "sqlite"
    if name == "sqlite":  # in memory, SQLite would be another engine
        connection.settings_dict["TEST"]["NAME"] = f"{connection.settings_dict['NAME']}.measured"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        for result in _run(group, name, profiles, events):
            sys.stdout.write(json.dumps(asdict(result)) + "\n")
            sys.stdout.flush()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _run(group: str, database: str, profiles: int, events: int) -> Iterator[object]:
    from benchmarks import event, ingest, refresh, request, ruleset, shop, sink, studio, studio_list

    if group == "refresh":
        return refresh.run(database, profiles, events)
    if group == "studio":
        return studio.run(database, profiles, events)
    runs = {
        "rules": ruleset.run,
        "request": lambda: request.run(database),
        "shop": lambda: shop.run(database),
        "event": lambda: event.run(database),
        "ingest": lambda: ingest.run(database),
        "sink": lambda: sink.run(database),
        "studio_list": lambda: studio_list.run(database),
    }
    return runs[group]()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
