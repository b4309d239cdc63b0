"""Runs every benchmark, prints a table and writes ``benchmarks/results.json``: `make bench`.

Each group runs in a process of its own, on SQLite and, where it says so, on the PostgreSQL that
``TEST_DATABASE_URL`` names. Named groups renew their own rows alone. ``--quick`` takes a tenth of the population and
writes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.worker import EVENTS, PROFILES

_ON_BOTH = ("ingest", "sink", "refresh", "shop", "studio")
RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "groups",
        nargs="*",
        help="rules, request, shop, event, ingest, sink, refresh, studio, studio_list; all if none is given",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the population; results are not written")
    asked = parser.parse_args()
    groups = asked.groups or [
        "rules", "request", "shop", "event", "ingest", "sink", "refresh", "studio", "studio_list",
    ]  # fmt: skip
    shrink = 10 if asked.quick else 1
    results = [row for group in groups for row in _group(group, PROFILES // shrink, EVENTS // shrink)]
    for row in results:
        print(f"{row['name']:<52} {row['value']:>10.3g} {row['unit']:<18} {row['better']:<7} {row['note']}")
    if not asked.quick:
        _write(results, is_whole=not asked.groups)
    return 0


def _write(results: list[dict[str, Any]], *, is_whole: bool) -> None:
    """What was measured now, each with its day; a run of some groups leaves the rows of the others as they were."""
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    new = {row["name"]: {**row, "note": f"{row['note']}; {today}"} for row in results}
    old = [] if is_whole else json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = [*({row["name"]: row for row in old} | new).values()]
    RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _group(group: str, profiles: int, events: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/bench.sqlite3"]
        postgres = os.environ.get("TEST_DATABASE_URL")
        if group in _ON_BOTH and postgres:
            urls.append(postgres)
        elif group in _ON_BOTH:
            print("no PostgreSQL: run `make bench`, or set TEST_DATABASE_URL", file=sys.stderr)
        return [row for url in urls for row in _worker(group, url, profiles, events, folder)]


def _worker(group: str, url: str, profiles: int, events: int, folder: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.worker", group, str(profiles), str(events)]
    environment = {**os.environ, "DATABASE_URL": url, "TMPDIR": folder}
    environment.pop("REDIS_URL", None)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


if __name__ == "__main__":
    sys.exit(main())
