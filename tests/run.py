"""The whole suite on every database, and the count of it: what `make test` runs.

Starts the servers once, then runs the same tests against a SQLite file and against PostgreSQL side by side, and those
whose answer depends on the order of text once more under ICU, where there is one. What says the same on
every database runs with one of them: what takes long with SQLite, the rest with PostgreSQL. With `--second-try` the few
that failed run once more when all is quiet; those that pass then are named as unsteady. Other arguments go to pytest.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
# In place of this folder, whose `profile` would hide Python's own.
sys.path[0] = str(ROOT)

from tests.servers import Server, ServerMissing, start_postgres, start_redis  # noqa: E402
from tests.tally import Tally, read_tally, render, tried_again, unmatched  # noqa: E402

NOTHING_COLLECTED = 5
"""What pytest exits with when no test matched."""
MOST_UNSTEADY = 5
"""More failures than this in a run are no matter of a busy machine: they are not tried again."""


@dataclass(frozen=True)
class Run:
    """One pass of pytest: on which database, with which arguments, and what Redis database is its own."""

    name: str
    title: str
    database_url: str
    redis_index: int
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Stage:
    """What all runs share: where to put reports, what the user asked for, and the Redis, if there is one."""

    folder: Path
    arguments: tuple[str, ...]
    redis_url: str | None
    effort: str
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def do(self, run: Run, *more: str) -> Outcome:
        """Run pytest, hand its lines on under the run's name, and read its report."""
        report = self.folder / f"{run.name}{''.join(more)}.xml"
        started = time.monotonic()
        with subprocess.Popen(
            [*self._command(run, report), *more],
            cwd=ROOT,
            env=self._environment(run),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            self.running.append(process)
            for line in process.stdout or ():
                print(f"{run.name:<12}| {line.rstrip()}", flush=True)
        seconds = time.monotonic() - started
        return Outcome(process.returncode, read_tally(report, run.title, seconds=seconds))

    def do_again(self, run: Run, outcome: Outcome) -> Outcome:
        """Those that failed, alone: what they say then stands, and it is told that they failed before."""
        if not 0 < outcome.tally.failed <= MOST_UNSTEADY:
            return outcome
        print(f"{run.name}: {outcome.tally.failed} failed and are tried once more", flush=True)
        second = self.do(run, "--last-failed", "--last-failed-no-failures=none")
        return Outcome(second.exit_code, tried_again(outcome.tally, second.tally))

    def end(self) -> None:
        for process in self.running:
            process.terminate()

    def _command(self, run: Run, report: Path) -> list[str]:
        pytest = [sys.executable, "-m", "pytest", f"--junitxml={report}", "-o", "junit_logging=no"]
        pytest += ["-o", f"cache_dir=.pytest_cache/{run.name}"]
        return [*pytest, *self.arguments, *run.arguments]

    def _environment(self, run: Run) -> dict[str, str]:
        """The suite behaves the same whatever the caller's shell says of databases and caches."""
        environment = {key: value for key, value in os.environ.items() if key not in SHADOWING}
        environment |= {"DATABASE_URL": run.database_url, "MICROSEG_PROFILE": self.effort, "PYTHONUNBUFFERED": "1"}
        if self.redis_url:
            parts = urlsplit(self.redis_url)
            index = int(parts.path.strip("/") or 0) + run.redis_index
            environment["TEST_REDIS_URL"] = parts._replace(path=f"/{index}").geturl()
        return environment


SHADOWING = frozenset({"DATABASE_URL", "REDIS_URL", "TEST_DATABASE_URL", "TEST_REDIS_URL"})


def main() -> int:
    asked, arguments = _arguments()
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        postgres, redis, missing = _servers(running)
        print(f"servers: {', '.join([*map(str, filter(None, (postgres, redis))), *missing])}")
        if missing and asked.require_servers:
            print("A server is missing and --require-servers was given.", file=sys.stderr)
            return 1
        stage = Stage(folder, arguments, redis.url if redis else None, asked.effort)
        icu = _icu_server(running, missing) if postgres else None
        lanes = _lanes(folder, postgres, icu)
        outcomes = _do_all(stage, lanes, side_by_side=not asked.serial)
        if asked.second_try:
            outcomes = {run: stage.do_again(run, outcome) for run, outcome in outcomes.items()}
    return _report(list(outcomes.values()), missing)


def _arguments() -> tuple[argparse.Namespace, tuple[str, ...]]:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="fewer generated cases, no slow tests")
    parser.add_argument("--serial", action="store_true", help="one database after the other")
    parser.add_argument("--require-servers", action="store_true", help="fail when a server cannot be had")
    parser.add_argument("--second-try", action="store_true", help="run the few that failed once more, alone")
    asked, rest = parser.parse_known_args()
    asked.effort = "quick" if asked.quick else os.environ.get("MICROSEG_PROFILE") or "ci"
    if asked.quick:
        rest = ["-m", "not slow and not browser", *rest]
    if asked.require_servers:
        rest = ["--require-servers", *rest]
    return asked, tuple(rest)


def _servers(running: ExitStack) -> tuple[Server | None, Server | None, list[str]]:
    found: list[Server | None] = []
    missing = []
    for start in (start_postgres, start_redis):
        try:
            found.append(running.enter_context(start()))
        except ServerMissing as error:
            found.append(None)
            missing.append(f"MISSING {error}")
    return found[0], found[1], missing


def _icu_server(running: ExitStack, missing: list[str]) -> Server | None:
    try:
        return running.enter_context(start_postgres(icu=True))
    except ServerMissing as error:
        missing.append(f"MISSING under ICU: {error}")
        return None


def _lanes(folder: Path, postgres: Server | None, icu: Server | None) -> list[list[Run]]:
    """What goes on side by side, and in each what follows what."""
    # What only PostgreSQL can answer is skipped, loudly, only where no PostgreSQL run will answer it.
    elsewhere = ("--postgres-elsewhere", "--once=long") if postgres else ()
    lanes = [[Run("sqlite", "SQLite", f"sqlite:///{folder}/main.sqlite3", 1, elsewhere)]]
    if postgres:
        lanes.append([Run("postgres", f"PostgreSQL {postgres.version}", postgres.url, 2, ("--once=rest",))])
    if icu:
        # The marker is given last, so it holds also when the user's arguments choose others.
        lanes[0].append(Run("postgres-icu", f"PostgreSQL {icu.version} ICU", icu.url, 3, ("-m", "collation")))
    return lanes


def _do_all(stage: Stage, lanes: Sequence[Sequence[Run]], *, side_by_side: bool) -> dict[Run, Outcome]:
    def do(lane: Sequence[Run]) -> dict[Run, Outcome]:
        return {run: _without_others(stage, run, stage.do(run)) for run in lane}

    with ThreadPoolExecutor(max_workers=len(lanes) if side_by_side else 1) as pool:
        try:
            outcomes = {run: outcome for done in pool.map(do, lanes) for run, outcome in done.items()}
        except BaseException:
            stage.end()
            raise
    return {run: outcomes[run] for run in sorted(outcomes, key=lambda run: run.redis_index)}


def _without_others(stage: Stage, run: Run, outcome: Outcome) -> Outcome:
    """The user's own arguments may leave none of those under ICU; the whole suite must have some."""
    is_narrowed = bool(set(stage.arguments) - {"--require-servers"})
    if run.name == "postgres-icu" and outcome.exit_code == NOTHING_COLLECTED and is_narrowed:
        return Outcome(0, outcome.tally)
    return outcome


def _report(outcomes: Sequence[Outcome], missing: Sequence[str]) -> int:
    tallies = [outcome.tally for outcome in outcomes]
    complaints = [f"not run: {text}" for text in missing]
    complaints += [
        f"{outcome.tally.title}: pytest ended with exit code {outcome.exit_code}"
        for outcome in outcomes
        if outcome.exit_code and not outcome.tally.failed
    ]
    failed = any(outcome.exit_code for outcome in outcomes)
    # SQLite and PostgreSQL; under ICU runs a part.
    if len(tallies) > 1 and (names := unmatched(tallies[0], tallies[1])):
        failed = True
        complaints += [f"ran on SQLite but not on PostgreSQL: {name}" for name in names]
    complaints += [line for tally in tallies for line in tally.complaints]
    print(render(tallies))
    for complaint in complaints:
        print(complaint)
    # This line stands alone at the end, for those who read it by program.
    totals = [sum(getattr(tally, part) for tally in tallies) for part in Tally.PARTS]
    print("{} passed, {} failed, {} skipped".format(*totals), flush=True)
    return int(failed)


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
