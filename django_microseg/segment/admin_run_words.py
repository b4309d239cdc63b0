"""Runs of refresh as the admin says them: how far, how fast, what it changed, and that one stands still."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .admin_words import count_in_words, rate_in_words, span_in_words
from .run_progress import Progress
from .runs import FULL, POPULATION, SWEEP

__all__ = ["KIND_WORDS", "result_in_words", "run_in_words", "stuck_in_words"]

KIND_WORDS = {
    FULL: gettext_lazy("everybody"),
    SWEEP: gettext_lazy("whoever was due"),
    POPULATION: gettext_lazy("the shop's own figures"),
}


def run_in_words(progress: Progress) -> str:
    """How far, what that changed, how fast, and how long the rest will take."""
    of = _("%(done)s of %(total)s people looked at")
    parts = [
        of % {"done": count_in_words(progress.done), "total": count_in_words(progress.total)},
        _changes_in_words(progress.entered, progress.left),
    ]
    if progress.rate is not None and not progress.is_over:
        parts.append(_("%s a second") % rate_in_words(progress.rate))
    if progress.seconds_left is not None:
        parts.append(_("%s to go") % span_in_words(progress.seconds_left))
    return " · ".join(parts)


def stuck_in_words(progress: Progress | None) -> str:
    """Where nobody has got any further for long: since when, and who goes on with it."""
    if progress is None or progress.moved_at is None or not progress.is_stuck(timezone.now()):
        return ""
    text = _("Nobody has got any further since %s. The next sweep takes it up again, and so does this page.")
    return text % f"{timezone.localtime(progress.moved_at):%Y-%m-%d %H:%M}"


def result_in_words(profiles: int, entered: int, left: int) -> str:
    people = ngettext("%s person looked at", "%s people looked at", profiles) % count_in_words(profiles)
    return f"{people} · {_changes_in_words(entered, left)}" if profiles else _("nobody was due")


def _changes_in_words(entered: int, left: int) -> str:
    if not entered and not left:
        return _("no change of members")
    figures = {"entered": count_in_words(entered), "left": count_in_words(left)}
    return _("%(entered)s came into segments, %(left)s left") % figures
