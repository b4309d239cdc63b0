"""The stream in which events wait: where it is, and how long anybody waits for its server.

Comes in: how many seconds an answer may take. The server is any that speaks Redis's protocol and knows
XAUTOCLAIM (Redis 6.2, Valkey). Clients are kept, one for each address and patience; they open connections
of their own in every process and thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ... import conf

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    has_redis = True
except ImportError:  # the extra [redis]
    has_redis = False

__all__ = ["ERRORS", "FIELD", "GROUP", "RedisMissing", "Stream", "has_redis", "is_there", "open_stream"]

GROUP = "microseg"
FIELD = b"event"


class RedisMissing(Exception):
    """The stream was asked for, and the package to reach it is not there or nobody said where it is."""


#: What a server that is gone, hangs, is full or holds something else under our key makes us raise.
ERRORS: tuple[type[Exception], ...] = (RedisMissing, OSError, *((redis.RedisError,) if has_redis else ()))


@dataclass(frozen=True, slots=True)
class Stream:
    """A client and the names of our keys; all of them lie on one node of a cluster."""

    client: Any
    name: str

    @property
    def tries(self) -> str:
        """How often an entry was tried alone: a hash by entry."""
        return f"{{{self.name}}}:tries"


def is_there() -> bool:
    """Whether the shop has such a stream at all."""
    return conf.get("SINK_URL") is not None


def open_stream(*, seconds: float) -> Stream:
    """The stream, over connections that wait so long for each answer. Raises `RedisMissing`."""
    if not has_redis:
        raise RedisMissing('The package redis is not installed. Install it: pip install "django-microseg[redis]".')
    url = conf.get("SINK_URL")
    if url is None:
        raise RedisMissing('MICROSEG["SINK_URL"] is not set. Set it to the address of a Redis-compatible server.')
    return Stream(_client(url, seconds), conf.get("SINK_STREAM"))


@lru_cache(maxsize=16)
def _client(url: str, seconds: float) -> Any:
    """Tries once: whoever calls knows better when to try again."""
    return redis.Redis.from_url(
        url,
        protocol=2,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
    )
