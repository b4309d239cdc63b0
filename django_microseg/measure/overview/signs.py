"""Who is at work, who has fallen silent, and who need not be there at all: one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ... import conf
from ...segment.heartbeat import BEAT, CONSUMER, PURGE, SWEEP, WORKER, all_seen, has_broker, silence_among

__all__ = ["Sign", "signs_of_life"]

_SWEEP_PATIENCE = dt.timedelta(hours=1)
_CONSUMER_PATIENCE = dt.timedelta(minutes=5)
_PURGE_PATIENCE = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sign:
    """``seen_at`` None: never. Who is not expected may be silent without harm."""

    name: str
    seen_at: dt.datetime | None
    is_expected: bool
    is_silent: bool


def signs_of_life(last_sweep: dt.datetime | None, *, now: dt.datetime) -> tuple[Sign, ...]:
    """``last_sweep`` is when the last one began, whoever did it: Celery's workers sweep too."""
    seen = all_seen()
    uses_celery = has_broker() or WORKER in seen or BEAT in seen
    silence = silence_among(seen, uses_celery=has_broker(), now=now)
    swept = max((each for each in (seen.get(SWEEP), last_sweep) if each is not None), default=None)
    return (
        Sign(SWEEP, swept, is_expected=True, is_silent=_is_late(swept, _SWEEP_PATIENCE, now)),
        *(
            Sign(name, seen.get(name), uses_celery, silence is not None and silence.name == name)
            for name in (BEAT, WORKER)
        ),
        _sign(CONSUMER, seen, _CONSUMER_PATIENCE, now, is_expected=conf.get("SINK") == "redis"),
        _sign(PURGE, seen, _PURGE_PATIENCE, now, is_expected=PURGE in seen),
    )


def _sign(
    name: str, seen: Mapping[str, dt.datetime], patience: dt.timedelta, now: dt.datetime, *, is_expected: bool
) -> Sign:
    return Sign(name, seen.get(name), is_expected, is_expected and _is_late(seen.get(name), patience, now))


def _is_late(seen: dt.datetime | None, patience: dt.timedelta, now: dt.datetime) -> bool:
    return seen is None or seen <= now - patience
