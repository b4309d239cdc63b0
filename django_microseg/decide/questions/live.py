"""The questions that are asked, in their order."""

from __future__ import annotations

import datetime as dt

from django_microseg.collect.kept import Kept

from .models import Question

__all__ = ["LIVE"]


def _read(now: dt.datetime) -> tuple[Question, ...]:
    return tuple(Question.objects.filter(is_live=True))


LIVE = Kept(Question, _read)
