"""Brings holidays and weather up to date, from the library `holidays` and the shop's weather service.

Never in a request. Whatever fails leaves what was known as it was: weather runs out by itself, holidays do not.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from django_microseg import conf

from .here import forget
from .models import Holiday, PlaceWeather

__all__ = ["Weather", "renew_surroundings", "split_place"]

#: Longer than the pause between two renewals, so that one that fails is not felt.
WEATHER_HOLDS = dt.timedelta(hours=2)
HOLIDAYS_AHEAD = dt.timedelta(days=400)

_SOURCE_OF_HOLIDAYS, _SOURCE_OF_WEATHER = "holidays", "provider"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Weather:
    """What a weather service says of a place: ``kind`` is clear, cloudy, rain or snow; degrees Celsius if known."""

    kind: str
    temperature: float | None = None


def renew_surroundings(now: dt.datetime) -> list[str]:
    """Renew all that the settings name; gives what failed, in sentences."""
    failed = []
    for what, renew in (("holidays", _renew_holidays), ("weather", _renew_weather)):
        try:
            renew(now)
        except Exception as error:  # noqa: BLE001 - a service or a library of others; the next renewal tries again
            failed.append(f"Could not renew the {what}: {error!r}")
            _log.warning(failed[-1], exc_info=error)
    forget()
    return failed


def split_place(place: str) -> tuple[str, str]:
    """``DE-BY`` is the region BY of the country DE; ``DE`` all of it."""
    country, _, region = place.partition("-")
    return country.upper(), region


def _renew_holidays(now: dt.datetime) -> None:
    """Write what is new, take away what the library no longer knows. Days that staff have put in stay theirs."""
    places = conf.get("HOLIDAY_PLACES")
    first, last = now.date() - dt.timedelta(days=1), (now + HOLIDAYS_AHEAD).date()
    told = {(*split_place(place), day): name for place in places for day, name in _told(place, first, last).items()}
    with transaction.atomic():
        ours = Holiday.objects.filter(source=_SOURCE_OF_HOLIDAYS, day__gte=first)
        known = {(row.country, row.region, row.day): row for row in ours}
        gone = [row.pk for key, row in known.items() if told.get(key) != row.name]
        Holiday.objects.filter(pk__in=gone).delete()
        new = [key for key, name in told.items() if key not in known or known[key].name != name]
        Holiday.objects.bulk_create(
            [
                Holiday(country=country, region=region, day=day, name=told[country, region, day],
                        source=_SOURCE_OF_HOLIDAYS)
                for country, region, day in new
            ],
            ignore_conflicts=True,
        )  # fmt: skip


def _told(place: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    from holidays import country_holidays  # the extra [context]; it takes long to import, and pages need none of it

    country, region = split_place(place)
    known = country_holidays(country)
    found = country_holidays(
        country,
        subdiv=region or None,
        years=range(first.year, last.year + 1),
        language=_language_among(known.supported_languages) or known.default_language,
    )
    return {day: name[:200] for day, name in found.items() if first <= day <= last}


def _language_among(known: tuple[str, ...]) -> str | None:
    """The shop's language, if holidays have names in it; else the country's own, whatever the server's is."""
    ours = settings.LANGUAGE_CODE.replace("-", "_").casefold()
    for matches in (ours, ours.partition("_")[0]):
        for name in known:
            if matches in (name.casefold(), name.partition("_")[0].casefold()):
                return name
    return None


def _renew_weather(now: dt.datetime) -> None:
    provider, places = conf.get("WEATHER_PROVIDER"), conf.get("WEATHER_PLACES")
    if provider is None or not places:
        return
    said: Mapping[str, Weather] = import_string(provider)(dict(places))
    rows = [_row(place, said[place], now) for place in places if place in said]
    PlaceWeather.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["country", "region"],
        update_fields=["weather", "temperature", "valid_until", "source"],
    )


def _row(place: str, weather: Weather, now: dt.datetime) -> PlaceWeather:
    """Raises ValueError for what is no weather, because rules would never find it."""
    kind = PlaceWeather.Kind(weather.kind)
    degrees = weather.temperature
    country, region = split_place(place)
    return PlaceWeather(
        country=country,
        region=region,
        weather=kind,
        temperature=round(degrees) if degrees is not None and math.isfinite(degrees) else None,
        valid_until=now + WEATHER_HOLDS,
        source=_SOURCE_OF_WEATHER,
    )
