"""Reads the two addresses that the example shop takes from its environment and turns them into Django settings.

`DATABASE_URL` is `sqlite:///path` or `postgres://user:password@host:port/name?host=/socket/folder`; `REDIS_URL` is
what redis-py reads. Anything else is refused with a sentence that says what would do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SECONDS_TO_WAIT_FOR_CACHE = 0.1
"""A hanging Redis must not hang a page: redis-py alone would wait five seconds."""

BROKER_OPTIONS = {
    # A task whose worker died is handed out again after so long: above every time limit, or it runs twice at once.
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that hangs holds up a page that sends a task for so long; without these, for ever.
    "socket_timeout": 1.0,
    "socket_connect_timeout": 1.0,
    "max_retries": 0,
}

SQLITE_OPTIONS = {
    # A transaction that reads and then writes fails at once under the default mode, however long the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
}


class UnknownAddress(ValueError):
    """An address in the environment that names no database we know."""


def database(url: str, base: Path) -> dict[str, Any]:
    """The `DATABASES` entry for an address. A relative SQLite path counts from `base`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts, base)
    if parts.scheme in ("postgres", "postgresql"):
        return _postgres(parts)
    raise UnknownAddress(
        f"DATABASE_URL starts with {parts.scheme!r}, which the example shop does not know: "
        "write sqlite:///path or postgres://user:password@host/name."
    )


def cache(url: str | None) -> dict[str, Any]:
    """The `CACHES` entry: Redis where one is named, else the memory of this process."""
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {
            "socket_timeout": SECONDS_TO_WAIT_FOR_CACHE,
            "socket_connect_timeout": SECONDS_TO_WAIT_FOR_CACHE,
        },
    }


def _sqlite(parts: SplitResult, base: Path) -> dict[str, Any]:
    """Three slashes and a path from `base`, four and an absolute one: sqlite:///shop.db, sqlite:////srv/shop.db."""
    path = unquote(parts.path).removeprefix("/")
    if not path:
        raise UnknownAddress("DATABASE_URL names no SQLite file: write sqlite:///path.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path if path == ":memory:" else str(base / path),
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgres(parts: SplitResult) -> dict[str, Any]:
    """A `host` in the query wins, for the folder of a unix socket has slashes; the rest of the query are options."""
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path).removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
