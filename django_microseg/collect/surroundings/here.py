"""What is going on where a visitor is, for rules that ask.

Each process keeps the few rows that matter for a minute, so most pages ask the database nothing; what staff change
is seen by all within that minute. Of several rows the one for the smaller place counts, then the one that began last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..fields import from_ms, to_ms
from ..kept import KEPT_MS, Kept
from .models import Holiday, LocalEvent, PlaceWeather

__all__ = ["NAMES", "forget", "surroundings"]

#: What rules may ask for, as ``context.<name>``.
NAMES = frozenset({"holiday", "local_event", "weather", "temperature"})

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Row:
    """``when`` is the first moment (or day) at which it holds, ``until`` the first at which it does not."""

    country: str
    region: str
    when: Any
    until: Any
    values: tuple[tuple[str, str | int], ...]

    def matches(self, country: str, region: str, at: Any) -> bool:
        is_here = self.country in ("", country) and self.region in ("", region)
        return is_here and self.when <= at < self.until

    @property
    def rank(self) -> tuple[bool, bool, Any]:
        return bool(self.country), bool(self.region), self.when


def surroundings(
    names: Collection[str], *, country: str, region: str, now: dt.datetime, today: dt.date
) -> dict[str, str | int]:
    """What of ``names`` is known of a place; ``today`` is the day on the visitor's calendar."""
    country, region = country.casefold(), region.casefold()
    found: dict[str, str | int] = {}
    for kind, (gives, kept) in _KINDS.items():
        if gives.isdisjoint(names):
            continue
        at = today if kind == "holidays" else now
        here = [row for row in kept.at(now) if row.matches(country, region, at)]
        if here:
            found.update(max(here, key=lambda row: row.rank).values)
    return {name: value for name, value in found.items() if name in names}


def forget() -> None:
    """Read anew, because something was changed in another way than row by row."""
    for _, kept in _KINDS.values():
        kept.forget()


def _soon(now: dt.datetime) -> dt.datetime:
    return from_ms(to_ms(now) + KEPT_MS)


def _holidays(now: dt.datetime) -> list[_Row]:
    """Of the days that it is somewhere on earth while the rows are kept."""
    today = now.date()
    rows = Holiday.objects.filter(day__gte=today - _DAY, day__lte=today + _DAY)
    return [_row(row, row.day, row.day + _DAY, holiday=_text(row.name)) for row in rows]


def _events(now: dt.datetime) -> list[_Row]:
    rows = LocalEvent.objects.filter(ends_at__gt=now, starts_at__lte=_soon(now))
    return [_row(row, row.starts_at, row.ends_at, local_event=_text(row.name)) for row in rows]


def _weather(now: dt.datetime) -> list[_Row]:
    rows = PlaceWeather.objects.filter(valid_until__gt=now)
    return [
        _row(row, from_ms(0), row.valid_until, weather=row.weather, temperature=row.temperature)
        for row in rows
    ]  # fmt: skip


def _row(row: Holiday | LocalEvent | PlaceWeather, when: Any, until: Any, **values: str | int | None) -> _Row:
    known = tuple((name, value) for name, value in values.items() if value is not None)
    return _Row(row.country.casefold(), row.region.casefold(), when, until, known)


def _text(name: str) -> str:
    return " ".join(name.split()).casefold()


_KINDS: dict[str, tuple[frozenset[str], Kept[list[_Row]]]] = {
    "holidays": (frozenset({"holiday"}), Kept(Holiday, _holidays)),
    "events": (frozenset({"local_event"}), Kept(LocalEvent, _events)),
    "weather": (frozenset({"weather", "temperature"}), Kept(PlaceWeather, _weather)),
}
