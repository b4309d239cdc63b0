"""Watches what an adapter asks the database: how much, and that it changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

from .hooks import hold

__all__ = ["Watched", "watch"]

_Answer = TypeVar("_Answer")
_Asked = ParamSpec("_Asked")
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class Watched(Generic[_Answer]):
    answer: _Answer
    queries: int


def watch(ask: Callable[_Asked, _Answer], *args: _Asked.args, **kwargs: _Asked.kwargs) -> Watched[_Answer]:
    """The answer and how many queries it took; raises if one of them writes."""
    with CaptureQueriesContext(connection) as captured:
        answer = ask(*args, **kwargs)
    written = [each["sql"] for each in captured if each["sql"].lstrip().upper().startswith(_WRITES)]
    hold(not written, f"Asking writes to the database: {written[:1]}")
    return Watched(answer, len(captured))
