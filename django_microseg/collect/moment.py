"""What a request says about its moment: device, arrival, place, language, page and local time.

In come the request and the visit it belongs to, out goes a `Moment` of plain values. Nothing is
stored or sent: all of it stands in the request itself, save that a GeoIP database on this machine, if
the shop has one, says where its network is. What is missing is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import QueryDict
from django.utils import timezone as shop_timezone

from django_microseg import conf

from .arrival import Arrival, read_arrival
from .device import read_agent
from .geoip import place_in_database
from .network import network_of
from .page import Page, page_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .visit import Visit

__all__ = ["Moment", "Place", "arrival_before", "language_of", "local_time", "moment_of", "place_of", "request_network"]

_NO_COUNTRIES = frozenset({"XX", "T1", "ZZ"})  # unknown, Tor: CDNs' placeholders


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from, as coarsely as the shop's CDN or GeoIP database says it."""

    country: str = ""
    region: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """The context of one request. Empty text and None are unknown."""

    device: str
    arrival: Arrival
    place: Place
    language: str
    page: str
    hour: int
    weekday: int
    visit_number: int | None
    visit_views: int | None

    @property
    def context(self) -> Mapping[str, str | int]:
        """By the names that rules use, known values only."""
        named: dict[str, str | int | None] = {
            "device": self.device,
            "channel": self.arrival.channel,
            "campaign": self.arrival.campaign,
            "referrer": self.arrival.referrer,
            "country": self.place.country.casefold(),
            "region": self.place.region.casefold(),
            "language": self.language,
            "page": self.page.casefold(),
            "hour": self.hour,
            "weekday": self.weekday,
            "visit_number": self.visit_number,
            "visit_views": self.visit_views,
        }
        return {name: value for name, value in named.items() if value is not None and value != ""}


def arrival_before(request: HttpRequest) -> Arrival:
    """How the page came in from which this request was sent; its address is the referring one.

    A page of another site says nothing about how somebody came to this shop.
    """
    address = urlsplit(request.headers.get("Referer", ""))
    if address.netloc != request.headers.get("Host", ""):
        return Arrival()
    return read_arrival(QueryDict(address.query), "", address.netloc)


def place_of(request: HttpRequest) -> Place:
    """Where this request comes from, by the headers that ``PLACE_HEADERS`` names, else by the GeoIP database."""
    names = conf.get("PLACE_HEADERS")
    said = _place({part: request.headers.get(name, "")[:100] for part, name in names.items()})
    if conf.get("GEOIP_DATABASE") is None or (said.country and said.region and said.timezone):
        return said
    looked_up = _place(place_in_database(request_network(request)))
    if said.country and said.country != looked_up.country:
        return said
    return Place(
        said.country or looked_up.country, said.region or looked_up.region, said.timezone or looked_up.timezone
    )


def request_network(request: HttpRequest) -> str:
    """The network that a request comes from, as `network_of` gives it."""
    return network_of(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        trusted_proxies=conf.get("TRUSTED_PROXIES"),
    )


def _place(found: Mapping[str, str]) -> Place:
    """As others say it, without placeholders and what nobody could use."""
    country = found.get("country", "").upper()
    is_country = len(country) == 2 and country.isascii() and country.isalpha()
    region, zone = found.get("region", ""), found.get("timezone", "")
    return Place(
        country=country if is_country and country not in _NO_COUNTRIES else "",
        region=region if region.isprintable() else "",
        timezone=zone if _zone_of(zone) else "",
    )


def moment_of(request: HttpRequest, now: dt.datetime, visit: Visit | None, page: Page | None = None) -> Moment:
    """The context of a request. Without a visit nobody is recognised, so all seems new.

    ``page`` is the one that is looked at, if it is another than the request asks for.
    """
    page = page_of(request) if page is None else page
    arrival = page.arrival if visit is None else visit.arrival
    place = place_of(request)
    local = local_time(now, place.timezone)
    is_landing = bool(arrival.channel)
    return Moment(
        device=read_agent(request.headers.get("User-Agent", "")).device,
        arrival=arrival,
        place=place,
        language=language_of(request.headers.get("Accept-Language", "")),
        page=page.path[:200],
        hour=local.hour,
        weekday=local.weekday(),
        visit_number=visit.number if visit else 1,
        visit_views=visit.views if visit else (1 if is_landing else None),
    )


def local_time(now: dt.datetime, timezone: str) -> dt.datetime:
    """The clock on the visitor's wall, or on the shop's where theirs is unknown."""
    zone = _zone_of(timezone) or _zone_of(conf.get("TIME_ZONE") or "")
    return now.astimezone(zone or shop_timezone.get_default_timezone())


def language_of(accepted: str) -> str:
    """The language that a visitor's browser prefers, without its region: ``de`` of ``de-AT,en``."""
    first = accepted.partition(",")[0].partition(";")[0].partition("-")[0].strip().lower()
    return first if first.isascii() and first.isalpha() and len(first) <= 8 else ""


@lru_cache(maxsize=700)
def _zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
