"""Runs all probes, whatever happens to one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import Error as DatabaseError

from .finding import Finding, ill
from .memberships import probe_publication, probe_snapshots, probe_unfinished
from .settings import probe_cache, probe_extras, probe_settings
from .shop import probe_shop
from .switch import probe_switch
from .tables import probe_imports, probe_migrations
from .waiting import probe_backlog, probe_celery, probe_outbox, probe_quarantine, probe_runs, probe_sweep

__all__ = ["examine"]

_PROBES: tuple[Callable[[dt.datetime], Finding], ...] = (
    probe_settings,
    probe_migrations,
    probe_cache,
    probe_shop,
    probe_switch,
    probe_publication,
    probe_unfinished,
    probe_sweep,
    probe_celery,
    probe_runs,
    probe_backlog,
    probe_snapshots,
    probe_outbox,
    probe_quarantine,
    probe_imports,
    probe_extras,
)


def examine(now: dt.datetime) -> list[Finding]:
    """One finding of each probe."""
    return [_look(probe, now) for probe in _PROBES]


def _look(probe: Callable[[dt.datetime], Finding], now: dt.datetime) -> Finding:
    try:
        return probe(now)
    except DatabaseError as error:
        name = probe.__name__.removeprefix("probe_")
        return ill(name, f"the database refused: {error}".strip(), "Is it up, and is manage.py migrate done?")
