"""Figures as the admin says them: never alone, but with a share, a change, a period. Plain values in, words out."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..collect.in_words import count_in_words
from .sizes.growth import Change, Growth

__all__ = [
    "ago",
    "change_in_words",
    "count_in_words",
    "growth_in_words",
    "percent_in_words",
    "rate_in_words",
    "signed",
    "span_in_words",
    "split_in_words",
]

_MINUTE, _HOUR = 60, 3600
_MINUS = "−"  # noqa: RUF001 - the sign, not the hyphen


def percent_in_words(share: float) -> str:
    return _("%s %%") % number_format(round(share, 1), decimal_pos=1, use_l10n=True)


def signed(number: int) -> str:
    """With its sign, as a change is written."""
    return f"{'+' if number > 0 else _MINUS if number < 0 else ''}{count_in_words(abs(number))}"


def split_in_words(size: int, identified: int) -> list[str]:
    """How many members are customers, and how many nobody knows by name."""
    if size and identified in (0, size):
        return [_("all of them customers") if identified else _("all of them visitors")]
    customers = ngettext("%s customer", "%s customers", identified) % count_in_words(identified)
    visitors = ngettext("%s visitor", "%s visitors", size - identified) % count_in_words(size - identified)
    return [customers, visitors] if size else []


def change_in_words(growth: Growth) -> str:
    """“+12 in 30 days”; a shorter period says how short, and a first day says that it is one."""
    change = growth.change
    if change is None:
        return _("first counted %s") % _day(growth.known[0][0]) if growth.known else ""
    if change.difference == 0:
        return ngettext("no change in %s day", "no change in %s days", change.days) % change.days
    words = ngettext("%(change)s in %(days)s day", "%(change)s in %(days)s days", change.days)
    return words % {"change": signed(change.difference), "days": change.days}


def growth_in_words(name: str, change: Change) -> str:
    """The title of a chart: the answer."""
    figures = {
        "name": name,
        "before": count_in_words(change.before),
        "after": count_in_words(change.after),
        "days": ngettext("%s day", "%s days", change.days) % change.days,
    }
    if change.difference == 0:
        return _("“%(name)s” is as large as %(days)s ago: %(after)s") % figures
    if change.percent is None:
        return _("“%(name)s” grew from nobody to %(after)s in %(days)s") % figures
    figures["percent"] = percent_in_words(abs(change.percent))
    if change.difference > 0:
        return _("“%(name)s” grew by %(percent)s in %(days)s, from %(before)s to %(after)s") % figures
    return _("“%(name)s” shrank by %(percent)s in %(days)s, from %(before)s to %(after)s") % figures


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """“3 minutes ago”, in one unit."""
    if now - moment < dt.timedelta(minutes=1):
        return _("just now")
    return _("%s ago") % timesince(moment, now, depth=1)


def span_in_words(seconds: float) -> str:
    """“34 seconds”, “12 minutes”, “3 hours”: in the largest unit of which there are two."""
    if seconds < 2 * _MINUTE:
        return ngettext("%s second", "%s seconds", round(seconds)) % round(seconds)
    if seconds < 2 * _HOUR:
        return ngettext("%s minute", "%s minutes", round(seconds / _MINUTE)) % round(seconds / _MINUTE)
    return ngettext("%s hour", "%s hours", round(seconds / _HOUR)) % count_in_words(round(seconds / _HOUR))


def rate_in_words(rate: float) -> str:
    """So many a second: whole ones where there are ten, else with a digit."""
    return count_in_words(round(rate)) if rate >= 10 else number_format(round(rate, 1), decimal_pos=1, use_l10n=True)


def _day(day: dt.date) -> str:
    return f"{day:%Y-%m-%d}"
