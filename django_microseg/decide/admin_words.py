"""Who sees something, and when, in the words of the lists of the admin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

__all__ = ["Scheduled", "Shown", "sentence", "when_words", "who_words"]


class Scheduled(Protocol):
    """Something that is in one of the states of an experience, and perhaps has times."""

    state: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None

    def get_state_display(self) -> str: ...


class Shown(Scheduled, Protocol):
    """Something that is shown in a slot to some."""

    slot: str
    match: str


def sentence(row: Shown, names: Sequence[str], *, now: dt.datetime) -> str:
    """What an experience comes to; ``names`` are those of its segments."""
    needs_all = row.match == "all"
    whom = _("members of %s") % who_words([f"“{name}”" for name in names], needs_all=needs_all) if names else ""
    parts = {"who": whom or _("everybody"), "slot": row.slot, "when": when_words(row, now=now)}
    if row.state == "live" and (row.ends_at is None or now < row.ends_at):
        return _("Shown to %(who)s in “%(slot)s”: %(when)s.") % parts
    return _("Shown to nobody: %(when)s. It is for %(who)s in “%(slot)s”.") % parts


def who_words(segments: Sequence[str], *, needs_all: bool) -> str:
    """The segments, joined by what is needed of them."""
    return (_(" and ") if needs_all else _(" or ")).join(segments) if segments else _("everybody")


def when_words(row: Scheduled, *, now: dt.datetime) -> str:
    """What its state and times come to at a moment."""
    if row.state != "live":
        return str(row.get_state_display())
    if row.starts_at is not None and now < row.starts_at:
        return _("from %s on") % _moment(row.starts_at)
    if row.ends_at is None:
        return _("now")
    return _("until %s") % _moment(row.ends_at) if now < row.ends_at else _("over")


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
