"""What is logged once, although every sweep finds it again.

The cache remembers what was said, for all processes if they share one. A cache that is down holds nothing back.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from django.core.cache.backends.base import BaseCache

from ..collect.shared_cache import shared_or_own

__all__ = ["is_news"]

#: Whatever still stands after so long is worth saying again.
_REMEMBERED_SECONDS = 30 * 24 * 60 * 60
_MOST_SAID = 300


def is_news(about: str, said: str) -> bool:
    """Whether this has not been said about it before; from now on it has."""
    key = f"microseg:1:news:{hashlib.sha256(f'{about}: {said}'.encode()).hexdigest()[:32]}"
    with suppress(Exception):
        return bool(_said().add(key, value=True, timeout=_REMEMBERED_SECONDS))
    return True


def _said() -> BaseCache:
    return shared_or_own("segment.news", most=_MOST_SAID)
