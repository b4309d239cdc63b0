"""When a segment starts and ends, in the shop's own time: a form field, and what will happen in words; how far a rule
that is being prepared has come.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Segment, SegmentVersion
from .objections import objections_to
from .preparation import is_at_work, percent
from .rulebook import shop_zone
from .versions import candidate_of

__all__ = ["ShopTimeField", "in_shop_time", "preparing_in_words", "schedule_in_words"]

_FORMAT = "%Y-%m-%dT%H:%M"


class ShopTimeField(forms.DateTimeField):
    """A day and time on a clock in the shop, whatever zone the admin is shown in."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT)
        super().__init__(required=False, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return timezone.make_naive(value, shop_zone())
        return value

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(shop_zone()):
            return super().to_python(value)


def in_shop_time(moment: dt.datetime) -> str:
    zone = shop_zone()
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def schedule_in_words(segment: Segment, now: dt.datetime) -> list[str]:
    """What will happen when, and what holds it up; nothing without an appointment."""
    lines = []
    if segment.in_force_from is not None:
        lines += _start_in_words(segment, segment.in_force_from, candidate_of(segment), now)
    if segment.in_force_until is not None:
        lines.append(_("It is paused %s.") % in_shop_time(segment.in_force_until))
    return lines


def preparing_in_words(version: SegmentVersion | None) -> str:
    """How far it has come, and what happens next; nothing unless it is being prepared."""
    if version is None or version.state != SegmentVersion.State.PREPARING or version.preparation is None:
        return ""
    said = {"number": str(version.number), "percent": str(percent(version.preparation))}
    far = _("Version %(number)s is being prepared: %(percent)s %% of all people have been looked at.") % said
    if is_at_work(version.preparation):
        return f"{far} {_('It comes into force by itself when all have been.')}"
    return f"{far} {_('The next sweep goes on, and it comes into force when all have been.')}"


def _start_in_words(
    segment: Segment, moment: dt.datetime, version: SegmentVersion | None, now: dt.datetime
) -> list[str]:
    when = in_shop_time(moment)
    if version is None:
        return [_("It is to come into force %s, but no rule waits for that. Save one.") % when]
    objections = objections_to(version, now=now)
    if objections:
        said = {"when": when, "why": " ".join(each.text for each in objections)}
        return [_("It is to come into force %(when)s, but something speaks against that: %(why)s") % said]
    said = {"when": when, "number": str(version.number)}
    if moment <= now:
        return [_("Version %(number)s was to come into force %(when)s: the next sweep does it.") % said]
    return [_("Version %(number)s comes into force %(when)s.") % said]
