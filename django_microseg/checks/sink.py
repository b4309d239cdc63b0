"""Is the sink set up, and does somebody store what waits in it? The stream is asked only with ``--database``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db import router
from django.utils import timezone

from django_microseg import conf
from django_microseg.collect.models import Event
from django_microseg.collect.sinks import is_deferred
from django_microseg.collect.sinks.stream import ERRORS, is_there
from django_microseg.collect.sinks.waiting import read_backlog

from .findings import finding

__all__ = ["check_sink", "check_stream"]

#: Longer than Celery's beat and a consumer that is being restarted take.
_PATIENCE = dt.timedelta(minutes=5)


def check_sink(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whether the settings fit together."""
    try:
        is_nowhere = is_deferred() and conf.get("SINK_URL") is None
    except ImproperlyConfigured:  # the check of the settings says so
        return []
    return [finding("E130").message()] if is_nowhere else []


def check_stream(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Nothing where the shop names no stream."""
    if router.db_for_read(Event) not in (databases or ()) or not is_there():
        return []
    try:
        return [*_look()]
    except ERRORS as error:
        return [finding("W131").message(problem=error)]


def _look() -> Iterator[CheckMessage]:
    backlog = read_backlog()
    if backlog.since is not None and backlog.since < timezone.now() - _PATIENCE:
        yield finding("W132").message(count=backlog.count, when=f"{backlog.since:%Y-%m-%d %H:%M} UTC")
    if backlog.evicts:
        yield finding("W133").message(policy=backlog.evicts)
    if backlog.is_kept_on_disk is False:
        yield finding("I134").message()
