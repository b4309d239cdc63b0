"""Conditions on facts and context in words: "is between 28 and 32 years old", "is on a phone"."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...profile.fact_catalogue import is_list_name
from .amounts import Comparison, choice_of, plain, quantity
from .filters import device_in_words, hours_in_words, weekday_name
from .words import Labels

__all__ = ["context_in_words", "fact_in_words"]


def fact_in_words(name: str, comparison: Comparison, labels: Labels) -> str:
    """A condition on a declared fact."""
    words = {"fact": labels.field_name(name)}
    if comparison.operator == "known":
        return _("has a known %(fact)s") % words
    if comparison.operator == "unknown":
        return _("has no known %(fact)s") % words
    if is_list_name(name) and comparison.operator == "==":
        return _("was in it when it was frozen on %(day)s") % {"day": _day(comparison.value)}
    if name == "age":
        return _age(comparison)
    return _("has %(values)s as %(fact)s") % {**words, "values": _values(comparison)}


def _day(value: Any) -> str:
    try:
        return date_format(dt.date.fromisoformat(str(value)), "j F Y")
    except ValueError:
        return str(value)


def _age(comparison: Comparison) -> str:
    last: Any = comparison.upper if comparison.upper is not None else comparison.value
    amount = plain(last) if comparison.operator == "==" else quantity(comparison, plain)
    count = last if isinstance(last, int) else 2
    return ngettext("is %(amount)s year old", "is %(amount)s years old", count) % {"amount": amount}


def _values(comparison: Comparison) -> str:
    value: Any = comparison.value
    if isinstance(value, tuple):
        return choice_of(comparison.operator, tuple(map(plain, value)))
    if isinstance(value, str):
        return choice_of(comparison.operator, (plain(value),))
    return quantity(comparison, plain)


def context_in_words(name: str, comparison: Comparison, labels: Labels) -> str:
    """A condition on the moment."""
    words = {"context": labels.field_name(name)}
    if comparison.operator == "known":
        return _("is here with a known %(context)s") % words
    if comparison.operator == "unknown":
        return _("is here with no known %(context)s") % words
    is_chosen = comparison.operator in ("==", "in") and comparison.upper is None
    value: Any = comparison.value
    values = value if isinstance(value, tuple) else (value,)
    if name == "device" and is_chosen:
        return _("is %(device)s") % {"device": device_in_words(values)}
    if name == "hour" and comparison.operator != "not_in":
        return _("is here %(hours)s") % {"hours": hours_in_words(comparison)}
    if name == "weekday" and is_chosen:
        return _("is here on %(days)s") % {"days": choice_of("in", tuple(map(weekday_name, values)))}
    return _context_templates().get(name, _("is here with %(values)s as %(context)s")) % {
        **words, "values": _values(comparison),
    }  # fmt: skip


def _context_templates() -> dict[str, str]:
    return {
        "channel": _("came by the channel %(values)s"),
        "campaign": _("came by the campaign %(values)s"),
        "referrer": _("came from the site %(values)s"),
        "country": _("is in the country %(values)s"),
        "region": _("is in the region %(values)s"),
        "language": _("uses the language %(values)s"),
        "page": _("is on the page %(values)s"),
        "weather": _("is in the weather %(values)s"),
        "temperature": _("is where it is %(values)s °C"),
        "holiday": _("is here on the holiday %(values)s"),
        "local_event": _("is here during %(values)s"),
        "consent_measurement": _("has answered %(values)s about measurement"),
        "consent_personalisation": _("has answered %(values)s about personalisation"),
        "consent_advertising": _("has answered %(values)s about advertising"),
        "visit_views": _("has seen %(values)s pages in this visit"),
        "visit_number": _("is here for visit number %(values)s"),
    }
