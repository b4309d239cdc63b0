"""Weather by Open-Meteo (https://open-meteo.com), as ``MICROSEG["WEATHER_PROVIDER"]``.

One request for all places. It is told the coordinates of ``WEATHER_PLACES``, never anything about a visitor. Its free
use is for purposes that are not commercial; a shop needs a plan, and names its address in ``OPEN_METEO_URL``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings

from django_microseg.collect.surroundings.renew import Weather

__all__ = ["read"]

_URL = "https://api.open-meteo.com/v1/forecast"
_SECONDS = 5.0
_LONGEST_ANSWER = 1_000_000

#: The WMO code of present weather (table 4677, as Open-Meteo pools it), up to which each kind goes.
_CLEAR, _CLOUDY = (0, 1), (2, 3, 45, 48)
_SNOW = (71, 73, 75, 77, 85, 86)


def read(places: Mapping[str, tuple[float, float]]) -> dict[str, Weather]:
    """The weather of places by their latitude and longitude. Raises OSError or ValueError if the service fails."""
    names = list(places)
    asked = {
        "latitude": ",".join(str(places[name][0]) for name in names),
        "longitude": ",".join(str(places[name][1]) for name in names),
        "current": "temperature_2m,weather_code",
    }
    address = getattr(settings, "OPEN_METEO_URL", _URL)
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"OPEN_METEO_URL is {address!r}; it begins with https://.")
    with urlopen(f"{address}?{urlencode(asked)}", timeout=_SECONDS) as answer:  # noqa: S310 - judged above
        said = json.loads(answer.read(_LONGEST_ANSWER))
    answers = said if isinstance(said, list) else [said]
    if len(answers) != len(names):
        raise ValueError(f"Open-Meteo was asked for {len(names)} places and answered for {len(answers)}.")
    return {name: _weather(answer) for name, answer in zip(names, answers, strict=True)}


def _weather(answer: Any) -> Weather:
    try:
        current = answer["current"]
        return Weather(_kind(int(current["weather_code"])), float(current["temperature_2m"]))
    except (KeyError, TypeError, ValueError):
        raise ValueError("Open-Meteo answered without a weather code and a temperature.") from None


def _kind(code: int) -> str:
    if code in _CLEAR:
        return "clear"
    if code in _CLOUDY:
        return "cloudy"
    return "snow" if code in _SNOW else "rain"
