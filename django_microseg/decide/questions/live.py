"""The questions that are asked, in their order, kept by each process for a minute: staff change them rarely."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.db.models.signals import post_delete, post_save

from ..undisturbed import undisturbed
from .models import Question

__all__ = ["forget_questions", "live_questions"]

_KEPT_SECONDS = 60.0
_kept: list[tuple[float, tuple[Question, ...]]] = []


def live_questions() -> tuple[Question, ...]:
    """Those that are asked, the first first."""
    if not _kept or monotonic() - _kept[0][0] > _KEPT_SECONDS:
        rows = undisturbed(lambda: tuple(Question.objects.filter(is_live=True)))
        _kept[:] = [(monotonic(), rows)]
    return _kept[0][1]


def forget_questions(**kwargs: Any) -> None:
    """Read them anew, because one was changed."""
    _kept.clear()


for _signal in (post_save, post_delete):
    _signal.connect(forget_questions, sender=Question, dispatch_uid="django_microseg.questions")
