"""Door: tells Celery's workers, where there are any, that a full refresh waits for them.

Only a nudge: the run's rows are the truth, and whoever looks at them goes on with it. So a broker
that is down, hangs or forgets costs a page three tenths of a second at most, then nothing for ten
seconds, and breaks nothing.
"""

from __future__ import annotations

import sys
from typing import Any

from .collect.breaker import Breaker
from .decide.guard import Guard
from .segment.models import RefreshRun
from .task_names import REFRESH_ALL

__all__ = ["on_full_refresh_started"]

_SECONDS = 0.3
_REDIS = ("redis", "rediss", "valkey", "valkeys", "sentinel")
_SENDING = Guard("nudge Celery's workers", breaker=Breaker())


def on_full_refresh_started(sender: Any, *, run: RefreshRun, **kwargs: Any) -> None:
    """After commit. Within a task nobody needs a nudge: it shares the run itself."""
    celery = sys.modules.get("celery")  # a shop that uses Celery has imported it when it started
    if celery is None or celery.current_task or not celery.current_app.conf.broker_url:
        return
    _SENDING.run(lambda: _send(celery.current_app, run.pk), None, about=f"refresh run {run.pk}")


def _send(app: Any, run_id: int) -> None:
    """Over a connection of our own, because that of the shop may wait for ever."""
    with app.connection_for_write(connect_timeout=_SECONDS, transport_options=_short(app)) as connection:
        app.send_task(REFRESH_ALL, kwargs={"run_id": run_id}, connection=connection, retry=False, ignore_result=True)


def _short(app: Any) -> dict[str, Any]:
    options = dict(app.conf.broker_transport_options or {})
    if str(app.conf.broker_url).partition(":")[0] in _REDIS:
        options |= {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS, "max_retries": 0}
    return options
