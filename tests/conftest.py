"""What every test may ask for: a Redis, the real data, a database of its own kind, and a chosen effort.

Plain `pytest` runs on a SQLite file, or on PostgreSQL with `DATABASE_URL`; `make test` runs both and starts the
servers. What cannot be had is skipped with a reason, or fails under `--require-servers`.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from django_microseg.collect.counts import COUNTS
from django_microseg.collect.sinks.direct import LOGGING
from django_microseg.collect.sinks.producer import PRODUCER
from django_microseg.collect.sinks.stream import Stream, open_stream
from django_microseg.collect.sinks.tally import TALLY
from django_microseg.decide.questions.live import LIVE
from django_microseg.segment.patience import Patience
from tests import emptying
from tests.absent import absent
from tests.effort import EFFORT
from tests.servers import Server, ServerMissing, start_redis
from tests.tally import ONCE

ROOT = Path(__file__).resolve().parent.parent
SQLITE = "django.db.backends.sqlite3"
PROOFS = ROOT / "tests" / "agreement"
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})

hypothesis_settings.load_profile(EFFORT)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("microseg")
    group.addoption(
        "--require-servers",
        action="store_true",
        help="fail, instead of skip, what needs a server that cannot be had",
    )
    group.addoption(
        "--once",
        choices=("long", "rest"),
        help="of what needs to run on one database alone, run this part: another run of the same suite has the other",
    )
    group.addoption(
        "--postgres-elsewhere",
        action="store_true",
        help="leave out what only PostgreSQL can answer: another run of the same suite asks it",
    )


@pytest.hookimpl(trylast=True)  # the browser tests are marked by their own
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    once = [item for item in items if _needs_one_run(item)]
    for item in once:
        item.user_properties.append(ONCE)
    if part := config.getoption("--once"):
        elsewhere = {item for item in once if (part == "long") != _takes_long(item)}
        config.hook.pytest_deselected(items=list(elsewhere))
        items[:] = [item for item in items if item not in elsewhere]
    if settings.DATABASES["default"]["ENGINE"] != SQLITE:
        return
    for_postgres = [item for item in items if item.get_closest_marker("postgres")]
    if config.getoption("--postgres-elsewhere"):
        config.hook.pytest_deselected(items=for_postgres)
        items[:] = [item for item in items if not item.get_closest_marker("postgres")]


def _takes_long(item: pytest.Item) -> bool:
    """The browser, and the proofs of the evaluators: about what the other database has more to do with the rest."""
    is_long = bool(item.get_closest_marker("browser")) or PROOFS in item.path.parents
    return is_long and not item.get_closest_marker("postgres")


def _needs_one_run(item: pytest.Item) -> bool:
    """What asks no database says the same on each; of a process that a test starts, the test says it by a marker."""
    if item.get_closest_marker("any_database"):
        return True
    if item.get_closest_marker("django_db") or item.get_closest_marker("each_database"):
        return False
    return not DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _needs_postgres(request: pytest.FixtureRequest) -> None:
    on_sqlite = settings.DATABASES["default"]["ENGINE"] == SQLITE
    if on_sqlite and request.node.get_closest_marker("postgres"):
        absent(request.config, "needs PostgreSQL: run `make test`, or set DATABASE_URL")


@pytest.fixture(autouse=True)
def _no_question_of_another_test() -> Iterator[None]:
    """A process keeps questions for a minute, and a test that is undone tells nobody."""
    LIVE.forget()
    yield
    LIVE.forget()


@pytest.fixture(autouse=True)
def _counts_are_not_written(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process writes its counts now and then; a test that counts statements must not meet that moment."""
    monkeypatch.setattr("django_microseg.collect.counts.SECONDS", float("inf"))
    yield
    COUNTS.clear()


@pytest.fixture(autouse=True)
def _patience_of_previews_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview gives up after seconds; on a busy machine no test must. Tests of giving up say when they do."""
    monkeypatch.setattr(Patience.__init__, "__defaults__", (60.0,))


@pytest.fixture
def clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """For tests that count minutes or days back from now: neither may turn between making events and looking."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another one cached. A shared Redis may hold what is not ours, so it is not emptied."""
    yield
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        caches["default"].clear()


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.commands.flush.sql_flush", emptying.statements)
        patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", lambda *args, **said: None)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """SQLite in memory knows no WAL and no second process, so the test database is a file, one per run."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == SQLITE:
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def redis_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A Redis-compatible server, the run's own or the one `TEST_REDIS_URL` names."""
    try:
        server = start_redis()
    except ServerMissing as error:
        absent(request.config, str(error))
    with server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis_server: Server) -> str:
    return redis_server.url


@pytest.fixture
def event_stream(redis_url: str, settings: Any) -> Iterator[Stream]:
    """A stream of this test alone, which the shop's events go to. On a busy machine it may take its time."""
    name = f"microseg-test-{uuid.uuid4().hex}"
    settings.MICROSEG = {**settings.MICROSEG, "SINK": "redis", "SINK_URL": redis_url, "SINK_STREAM": name}
    forget_sinks()
    stream, usual = open_stream(seconds=5.0), PRODUCER.seconds
    PRODUCER.seconds = 5.0
    yield stream
    PRODUCER.seconds = usual
    stream.client.delete(stream.name, stream.tries)
    forget_sinks()


def forget_sinks() -> None:
    """As if the process had just started."""
    PRODUCER.reset()
    TALLY.reset()
    LOGGING.logged_at = None


@pytest.fixture
def in_one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test sends falls into one minute, and 50 seconds of it are left."""
    for module in ("rest.staff.throttle", "rest.view", "trackers.beacon", "trackers.segment_api"):
        monkeypatch.setattr(f"django_microseg.{module}.time", lambda: 1_772_366_410.0)


@pytest.fixture(scope="session")
def microseg_data() -> Path:
    """The folder of the real data sets."""
    folder = Path(os.environ.get("MICROSEG_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set MICROSEG_DATA to the folder that holds it")
    return folder
