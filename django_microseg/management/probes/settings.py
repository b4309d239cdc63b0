"""Are settings, cache and extras as they should be?"""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec

from django.core import checks
from django.core.cache import caches

from django_microseg import conf
from django_microseg.management.advice import our_messages

from .finding import Finding, ill, well

__all__ = ["probe_cache", "probe_extras", "probe_settings"]

_EXTRAS = {
    "celery": "celery", "cli": "rich", "parquet": "pyarrow", "postgres": "psycopg", "api": "rest_framework",
    "ml": "sklearn", "olap": "duckdb",
}  # fmt: skip
_PROBE_KEY = "django_microseg:doctor"


def probe_settings(now: dt.datetime) -> Finding:
    """Our own system checks, with those that read tables."""
    wrong = [message for message in our_messages(with_tables=True) if message.level >= checks.WARNING]
    if wrong:
        ids = ", ".join(sorted({str(message.id) for message in wrong}))
        hint = "Run manage.py microseg_init, and manage.py check --database default."
        return ill("settings", f"system checks find {ids}", hint)
    return well("settings", "the system checks find nothing")


def probe_cache(now: dt.datetime) -> Finding:
    """The cache that web processes share gives back what it was given."""
    alias = conf.get("CACHE")
    if alias is None:
        return well("cache", "none is shared; a personalised page costs one query")
    cache = caches[alias]
    try:
        cache.set(_PROBE_KEY, now.isoformat(), 60)
        is_kept = cache.get(_PROBE_KEY) == now.isoformat()
    except Exception as error:  # noqa: BLE001 - a cache may raise anything at all
        return ill("cache", f"{alias!r} cannot be used: {type(error).__name__}: {error}", "Start it, or see CACHES.")
    if not is_kept:
        return ill("cache", f"{alias!r} forgets at once what it is given", "Is it a dummy, or full?")
    return well("cache", f"{alias!r} answers")


def probe_extras(now: dt.datetime) -> Finding:
    """Which optional packages are there; none must be."""
    there = [extra for extra, package in _EXTRAS.items() if find_spec(package) is not None]
    missing = [extra for extra in _EXTRAS if extra not in there]
    text = f"installed: {', '.join(there) or 'none'}"
    return well("extras", f"{text}; not installed: {', '.join(missing)}" if missing else text)
