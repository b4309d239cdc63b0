"""Filters and windows in words: "(category footwear, on a phone) … in the last 30 days"."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from ...profile.traits.definition import Test, Window
from ..exact import to_units
from .amounts import Comparison, choice_of, duration, plain, quantity, units_of
from .words import Labels

__all__ = ["device_in_words", "filter_in_words", "hours_in_words", "tests_in_words", "weekday_name", "window_in_words"]

_OPERATORS = {"eq": "==", "ne": "!=", "in": "in", "not_in": "not_in", "ge": ">=", "le": "<="}


def filter_in_words(tests: tuple[Test, ...], labels: Labels) -> str:
    """The tests in brackets with a blank before; nothing if there are none."""
    return f" ({tests_in_words(tests, labels)})" if tests else ""


def tests_in_words(tests: tuple[Test, ...], labels: Labels) -> str:
    return ", ".join(_test(test, labels) for test in tests)


def _test(test: Test, labels: Labels) -> str:
    name = labels.field_name(test.field)
    if test.op == "ne" and test.values == ("",):
        return _("any %(field)s") % {"field": name}
    if test.field == "device" and test.op in ("eq", "in"):
        return device_in_words(test.values)
    comparison = _comparison(test)
    if test.field == "local_hour" and comparison.operator not in ("!=", "not_in"):
        return hours_in_words(comparison)
    if test.field == "local_weekday" and test.op in ("eq", "in"):
        return _("on %(days)s") % {"days": choice_of("in", tuple(map(weekday_name, test.values)))}
    return f"{name} {_amount(test, comparison, labels)}"


def _comparison(test: Test) -> Comparison:
    if test.op == "between":
        low, high = test.values
        assert not isinstance(high, str)
        return Comparison(">=", low, high)
    value = test.values if test.op in ("in", "not_in") else test.values[0]
    return Comparison(_OPERATORS[test.op], value)


def _amount(test: Test, comparison: Comparison, labels: Labels) -> str:
    """The values of a test, texts without quotes: they stand in brackets already."""
    if isinstance(test.values[0], str):
        chosen = choice_of("in", tuple(map(str, test.values)))
        return _("not %(values)s") % {"values": chosen} if test.op in ("ne", "not_in") else chosen
    unit = f" {labels.currency}" if test.field == "value" and labels.currency else ""
    if comparison.operator == "==":
        return plain(comparison.value) + unit
    return quantity(comparison, plain) + unit


def device_in_words(values: tuple[object, ...]) -> str:
    """ "on a phone or a tablet"."""
    names = {"mobile": _("a phone"), "tablet": _("a tablet"), "desktop": _("a computer")}
    shown = tuple(names.get(str(value), plain(value)) for value in values)
    return _("on %(devices)s") % {"devices": choice_of("in", shown)}


def hours_in_words(comparison: Comparison) -> str:
    """Whole hours as clock times: hour 20 lasts from 20:00 to 20:59."""
    value = comparison.value
    if isinstance(value, tuple):
        return choice_of("in", tuple(_hours(hour, hour) for hour in value))
    if comparison.upper is not None:
        return _hours(value, comparison.upper)
    match comparison.operator:
        case ">=":
            return _("from %(start)s") % {"start": f"{_clock(value)}:00"}
        case "<=":
            return _("until %(end)s") % {"end": f"{_clock(value)}:59"}
        case "<":
            return _("before %(start)s") % {"start": f"{_clock(value)}:00"}
        case ">":
            return _("after %(end)s") % {"end": f"{_clock(value)}:59"}
        case "!=":
            return _("not %(hours)s") % {"hours": _hours(value, value)}
    return _hours(value, value)


def _hours(first: object, last: object) -> str:
    return _("between %(start)s and %(end)s") % {"start": f"{_clock(first)}:00", "end": f"{_clock(last)}:59"}


def _clock(hour: object) -> str:
    return plain(hour)


def weekday_name(number: object) -> str:
    """Monday of 0."""
    return str(WEEKDAYS[number]) if isinstance(number, int) and number in WEEKDAYS else plain(number)


def window_in_words(window: Window, labels: Labels) -> str:
    """The window with a blank before; nothing for all time."""
    if window.since is not None:
        verb = labels.verb(window.since.event)
        return " " + _("since they last %(event)s") % {"event": verb + filter_in_words(window.since.where, labels)}
    if window.oldest is None:
        return ""
    if window.newest:
        unit, (newest, oldest) = to_units(window.newest, window.oldest)
        return " " + _("between %(newest)s and %(oldest)s ago") % {"newest": newest, "oldest": units_of(unit, oldest)}
    return " " + _("in the last %(time)s") % {"time": duration(window.oldest)}
