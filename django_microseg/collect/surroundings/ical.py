"""Local events from an iCalendar file (RFC 5545), those that come again included. Needs the extra [context]."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from .here import forget
from .models import LocalEvent

__all__ = ["Taken", "UnreadableCalendar", "take_calendar"]

AHEAD = dt.timedelta(days=400)
_MOST = 5000


class UnreadableCalendar(ValueError):
    """A file that is no calendar, or one too large; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """``without_name`` are those that no rule could ask for."""

    new: int
    changed: int
    without_name: int


def take_calendar(text: bytes, *, country: str, region: str, zone: dt.tzinfo, now: dt.datetime) -> Taken:
    """Keep a calendar's events of the next 400 days for a place; the same file again changes nothing.

    Whole days and times without a zone are those of ``zone``. Raises `UnreadableCalendar`.
    """
    rows, without_name = {}, 0
    for found in _occurrences(text, now):
        name = " ".join(str(found.get("SUMMARY", "")).split())[:200]
        start, end = _span(found, zone)
        if not name or end <= now:
            without_name += not name
            continue
        key = _key_of(str(found.get("UID", name)), start, country, region)
        rows[key] = LocalEvent(key=key, name=name, country=country, region=region, starts_at=start, ends_at=end)
    if len(rows) > _MOST:
        raise UnreadableCalendar(f"The calendar has {len(rows):,} events in 400 days; at most {_MOST:,} are taken.")
    return _keep(rows, without_name)


def _keep(rows: dict[str, LocalEvent], without_name: int) -> Taken:
    with transaction.atomic():
        known = {row.key: row for row in LocalEvent.objects.filter(key__in=rows)}
        changed = [key for key, row in known.items() if key and _said(row) != _said(rows[key])]
        LocalEvent.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["name", "starts_at", "ends_at"],
        )
    forget()
    return Taken(len(rows) - len(known), len(changed), without_name)


def _said(row: LocalEvent) -> tuple[str, dt.datetime, dt.datetime]:
    return row.name, row.starts_at, row.ends_at


def _occurrences(text: bytes, now: dt.datetime) -> list[Any]:
    import recurring_ical_events  # the extra [context]
    from icalendar import Calendar

    try:
        return list(recurring_ical_events.of(Calendar.from_ical(text)).between(now, now + AHEAD))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise UnreadableCalendar(f"This is no calendar that can be read: {error}. Give an .ics file.") from None


def _span(found: Any, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    start = found["DTSTART"].dt
    end = found["DTEND"].dt if "DTEND" in found else start
    first, last = _instant(start, zone), _instant(end, zone)
    if last <= first:
        is_whole_day = not isinstance(start, dt.datetime)
        last = first + (dt.timedelta(days=1) if is_whole_day else dt.timedelta(hours=1))
    return first, last


def _instant(moment: dt.date | dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        return dt.datetime(moment.year, moment.month, moment.day, tzinfo=zone).astimezone(dt.UTC)
    given = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return given.astimezone(dt.UTC).replace(microsecond=0)


def _key_of(uid: str, start: dt.datetime, country: str, region: str) -> str:
    parts = "\x1f".join((uid, start.isoformat(), country, region))
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()
