"""Would Celery, as it is set up, hold up pages or run things twice? Looks at settings that begin with CELERY_."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage

from django_microseg.segment.heartbeat import has_broker
from django_microseg.task_names import REFRESH_DUE, TIME_LIMIT_SECONDS

from .findings import finding

__all__ = ["check_celery"]

_REDIS = ("redis:", "rediss:", "valkey:", "valkeys:", "sentinel:")
_NEEDED = ("socket_timeout", "socket_connect_timeout")
#: What kombu and Celery take where nothing is set.
_VISIBILITY_SECONDS, _RESULT_SECONDS = 3600, 120.0
_LONG_SECONDS = 5.0


def check_celery(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing without a broker; what is about Redis, for Redis alone."""
    if not has_broker():
        return []
    return [*_broker(), *_results(), *_sending(), *_schedule()]


def _broker() -> Iterator[CheckMessage]:
    if not _is_redis(_setting("BROKER_URL")):
        return
    options: Mapping[str, Any] = _setting("BROKER_TRANSPORT_OPTIONS") or {}
    seconds = options.get("visibility_timeout", _VISIBILITY_SECONDS)
    limit = max(TIME_LIMIT_SECONDS, _setting("TASK_TIME_LIMIT") or 0)
    if seconds <= limit:
        yield finding("W120").message(seconds=seconds, limit=limit)
    missing = [name for name in _NEEDED if options.get(name) is None]
    if missing:
        yield finding("W121").message(missing=" and no ".join(missing))


def _results() -> Iterator[CheckMessage]:
    if _is_redis(_setting("RESULT_BACKEND")):
        seconds = _setting("REDIS_SOCKET_TIMEOUT", _RESULT_SECONDS)
        if seconds is None or seconds > _LONG_SECONDS:
            yield finding("W123").message(seconds="∞" if seconds is None else seconds)


def _sending() -> Iterator[CheckMessage]:
    if _setting("TASK_PUBLISH_RETRY", True):
        yield finding("I122").message()
    if _setting("TASK_ALWAYS_EAGER"):
        yield finding("W124").message()


def _schedule() -> Iterator[CheckMessage]:
    plain: Mapping[str, Any] = _setting("BEAT_SCHEDULE") or {}
    is_sent = any(entry.get("task") == REFRESH_DUE for entry in plain.values())
    if not is_sent and not apps.is_installed("django_celery_beat"):
        yield finding("I125").message(task=REFRESH_DUE)


def _is_redis(url: Any) -> bool:
    return str(url or "").startswith(_REDIS)


def _setting(name: str, default: Any = None) -> Any:
    return getattr(settings, f"CELERY_{name}", default)
