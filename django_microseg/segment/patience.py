"""When a preview stops: it took too long, or whoever asked for it has asked for a newer one meanwhile.

PostgreSQL ends a statement that takes too long by itself; everywhere the clock is looked at between steps, and a word
in the cache says which question of a person's is the newest. A cache that is down overtakes nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from django.core.cache.backends.base import BaseCache
from django.db import OperationalError, connections, router, transaction
from django.utils.crypto import salted_hmac

from ..collect.shared_cache import shared_or_own
from ..profile.models import Profile

__all__ = ["PATIENCE_SECONDS", "Overtaken", "Patience", "TooMuch", "limits_of", "take_turn"]

#: After so long a preview gives up.
PATIENCE_SECONDS = 3.0
#: A word about the newest question is worth nothing once every older one has given up.
_REMEMBERED_SECONDS = 60
_MOST_ASKING = 2_000
_SALT = "django_microseg.segment.patience"
#: PostgreSQL's code for a statement that was ended.
_ENDED = "57014"


class TooMuch(Exception):
    """There is too much to count within the time."""


class Overtaken(Exception):
    """The same person asks something newer."""


class Patience:
    """``go_on`` raises `TooMuch` or `Overtaken` where it is time to stop."""

    def __init__(
        self,
        seconds: float = PATIENCE_SECONDS,
        *,
        is_newest: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds
        self._is_newest = is_newest

    def go_on(self) -> None:
        if self._clock() > self._end:
            raise TooMuch
        if not self._is_newest():
            raise Overtaken

    @contextmanager
    def in_database(self) -> Iterator[None]:
        """Everything asked inside sees one state of the database, and PostgreSQL holds every statement to the time."""
        alias = router.db_for_read(Profile)
        connection = connections[alias]
        is_postgres, is_inner = connection.vendor == "postgresql", connection.in_atomic_block
        try:
            with transaction.atomic(using=alias):
                before = _set_local(alias, limits_of(self._seconds)) if is_postgres else {}
                yield
                if is_inner:
                    _set_local(alias, before)
        except OperationalError as error:
            if _code_of(error) == _ENDED:
                raise TooMuch from error
            raise


def take_turn(who: str) -> Callable[[], bool]:
    """From now on older questions of the same asker are overtaken; tells whether this one still is the newest."""
    key = f"microseg:1:preview:{salted_hmac(_SALT, who, algorithm='sha256').hexdigest()[:32]}"
    mine = uuid4().hex
    with suppress(Exception):
        _turns().set(key, mine, _REMEMBERED_SECONDS)

    def is_newest() -> bool:
        with suppress(Exception):
            return bool(_turns().get(key, mine) == mine)
        return True

    return is_newest


def limits_of(seconds: float) -> dict[str, str]:
    """The events of a part of all people are to be found by index, which a default made for disks that turn advises
    against; and compiling the plan to machine code would take longer than the preview may.
    """
    return {"statement_timeout": str(round(seconds * 1000)), "jit": "off", "random_page_cost": "1.1"}


def _set_local(alias: str, values: dict[str, str]) -> dict[str, str]:
    """Until the end of the transaction; returns what was set before."""
    if not values:
        return {}
    names = list(values)
    columns = ", ".join("current_setting(%s)" for _ in names)
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT {columns}", names)
        before = dict(zip(names, cursor.fetchone(), strict=True))
        calls = ", ".join("set_config(%s, %s, true)" for _ in names)
        cursor.execute(f"SELECT {calls}", [each for pair in values.items() for each in pair])
    return before


def _code_of(error: BaseException) -> str:
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")


def _turns() -> BaseCache:
    return shared_or_own("segment.patience", most=_MOST_ASKING)
