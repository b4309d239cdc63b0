"""How much one visitor, network or key may send in a minute.

Comes in: who sends, how much they may, and how much it is this time; goes out: how long they shall
wait, or None. Each is counted by one atomic step, so many at once pass no more than one after the
other. The counters lie in the shop's shared cache, or in this process where there is none, under
keyed hashes and for a minute. A cache that fails stops nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.utils.crypto import salted_hmac

from django_microseg.collect.breaker import Breaker
from django_microseg.collect.shared_cache import shared_or_own
from django_microseg.decide.guard import Guard

__all__ = ["COUNTING", "VISITOR_KINDS", "WINDOW_SECONDS", "Allowance", "find", "forget", "seconds_to_wait"]

WINDOW_SECONDS = 60
#: The kinds of allowance that go by a visitor's id.
VISITOR_KINDS = ("tracking-visitor", "api-visitor")
_SALT = "django_microseg.http.limit"
_MOST_COUNTERS = 50_000

COUNTING = Guard("count requests", breaker=Breaker())


@dataclass(frozen=True, slots=True)
class Allowance:
    """``most`` in a minute for this one; nobody (``""``) and None are without a limit."""

    kind: str
    who: str
    most: int | None


def seconds_to_wait(allowances: Iterable[Allowance], *, now: float, amount: int = 1) -> int | None:
    """Count so much; how long to wait if that was too much for one of them, None if it may pass."""
    window, passed = divmod(int(now), WINDOW_SECONDS)
    is_over = [_is_over(allowance, window, amount) for allowance in allowances]
    return WINDOW_SECONDS - passed if any(is_over) else None


def _is_over(allowance: Allowance, window: int, amount: int) -> bool:
    if not allowance.who or allowance.most is None:
        return False
    return COUNTING.run(lambda: _count(_key(allowance.kind, allowance.who, window), amount), 0) > allowance.most


def find(visitor_keys: Iterable[str], *, now: float) -> dict[str, Any]:
    """The counters that run at the moment for these visitors, by cache key."""
    windows = (int(now) // WINDOW_SECONDS, int(now) // WINDOW_SECONDS - 1)
    keys = [_key(kind, who, window) for kind in VISITOR_KINDS for who in visitor_keys for window in windows]
    return _counters().get_many(keys)


def forget(visitor_keys: Iterable[str], *, now: float) -> int:
    """Remove these counters; returns how many there were."""
    found = list(find(visitor_keys, now=now))
    _counters().delete_many(found)
    return len(found)


def _count(key: str, amount: int) -> int:
    """How much there was in this window by now. ``add`` and ``incr`` are one step each in the cache."""
    counters = _counters()
    if counters.add(key, amount, 2 * WINDOW_SECONDS):
        return amount
    try:
        return counters.incr(key, amount)
    except ValueError:  # thrown out by the cache between the two
        counters.add(key, amount, 2 * WINDOW_SECONDS)
        return amount


def _key(kind: str, who: str, window: int) -> str:
    return f"microseg:1:rate:{kind}:{salted_hmac(_SALT, who, algorithm='sha256').hexdigest()[:32]}:{window}"


def _counters() -> BaseCache:
    return shared_or_own("http.limit", most=_MOST_COUNTERS)
