"""Small tables that pages ask and staff change rarely: each process keeps what it read for a minute.

What this process changes is read anew at once; what others change is seen within that minute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from .fields import to_ms

__all__ = ["KEPT_MS", "Kept"]

KEPT_MS = 60_000
_T = TypeVar("_T")


class Kept(Generic[_T]):
    """What ``read`` gives at a time, for the minute from then on. ``model`` is the table that it reads."""

    def __init__(self, model: type[Model], read: Callable[[dt.datetime], _T]) -> None:
        self._read = read
        self._last: tuple[int, _T] | None = None
        for signal in (post_save, post_delete):
            signal.connect(self.forget, sender=model, weak=False, dispatch_uid=f"django_microseg.kept.{model.__name__}")

    def at(self, now: dt.datetime) -> _T:
        moment = to_ms(now)
        if self._last is None or not self._last[0] <= moment < self._last[0] + KEPT_MS:
            self._last = (moment, self._read(now))
        return self._last[1]

    def forget(self, **kwargs: Any) -> None:
        """Read anew, because something was changed."""
        self._last = None
