"""One setting, ``MICROSEG``, over one table of defaults, read at call time.

Each row of the table names a key, its default, what may stand there and what it is for; the system
checks judge values by it, and ``docs/settings.md`` is made from it. Nothing here asks a database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from os import PathLike
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

__all__ = ["DEFAULTS", "KEYS", "Key", "Problem", "get", "problems"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of ``MICROSEG``. ``judge`` answers what is wrong with a value, or None."""

    name: str
    default: Any
    judge: Callable[[Any], str | None]
    takes: str
    help: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in ``MICROSEG``: which key, what, and whether the key itself is unknown."""

    key: str
    text: str
    is_unknown_key: bool = False


#: ISO 4217, list one of 2024: currencies in use; funds, metals and tests are left out.
_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_CURRENCIES = frozenset(_CODES.split())


def _currency(value: Any) -> str | None:
    is_code = isinstance(value, str) and value in _CURRENCIES
    return None if is_code else "is not an ISO 4217 code, such as EUR"


def _zone(value: Any) -> str | None:
    if value is None:
        return None
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return "is not a time zone of the IANA list"
    return None


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "is neither True nor False"


def _positive(value: Any) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return None if is_whole and value > 0 else "is not a whole number above 0"


def _cookie(value: Any) -> str | None:
    is_token = isinstance(value, str) and re.fullmatch(r"[\w.!#$%&'*+^`|~-]+", value, re.ASCII)
    return None if is_token else "is not a name that a cookie may have"


def _alias(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value in settings.CACHES):
        return None
    return "is not an alias in CACHES"


def _table(value: Any) -> str | None:
    return None if isinstance(value, Mapping) else "is not a dict"


_PLACE = r"[A-Z]{2}(-[^-\s][^\n]{0,99})?"
_SINKS = ("direct", "redis")
_HEADERS = ("country", "region", "timezone")


def _headers(value: Any) -> str | None:
    if not isinstance(value, Mapping) or not set(value) <= set(_HEADERS):
        return f"is not a dict with keys among {', '.join(_HEADERS)}"
    are_names = all(isinstance(name, str) and name for name in value.values())
    return None if are_names else "has a value that is no header's name"


def _texts(value: Any) -> str | None:
    is_list = isinstance(value, (list, tuple))
    if is_list and all(isinstance(text, str) and text for text in value):
        return None
    return "is not a list of texts"


def _file(value: Any) -> str | None:
    return None if value is None or (isinstance(value, (str, PathLike)) and str(value)) else "is not a path to a file"


def _places(value: Any) -> str | None:
    is_list = isinstance(value, (list, tuple))
    if is_list and all(isinstance(place, str) and re.fullmatch(_PLACE, place) for place in value):
        return None
    return "is not a list of places, such as DE or DE-BY"


def _coordinates(value: Any) -> str | None:
    if not isinstance(value, Mapping) or not all(isinstance(p, str) and re.fullmatch(_PLACE, p) for p in value):
        return "is not a dict with places as keys, such as DE or DE-BY"
    return None if all(map(_is_on_earth, value.values())) else "has a value that is no pair of latitude and longitude"


def _is_on_earth(pair: Any) -> bool:
    are_two = isinstance(pair, (list, tuple)) and len(pair) == 2
    if not are_two or not all(isinstance(each, (int, float)) for each in pair):
        return False
    return bool(-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180)


def _thresholds(value: Any) -> str | None:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) and name.strip() for name in value):
        return "is not a dict with names of tiers as keys"
    are_points = all(isinstance(each, int) and not isinstance(each, bool) and each >= 0 for each in value.values())
    if not are_points:
        return "has a value that is not a whole number of points from 0 on"
    return None if len(set(value.values())) == len(value) else "has two tiers that begin at the same points"


def _version(value: Any) -> str | None:
    is_plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9.-]{1,40}", value)
    return None if is_plain else "is not a short text of letters, digits, dots and hyphens"


def _path(value: Any) -> str | None:
    is_dotted = isinstance(value, str) and re.fullmatch(r"\w+(\.\w+)+", value)
    return None if value is None or is_dotted else "is not a dotted path to a function"


def _sink(value: Any) -> str | None:
    return None if value in _SINKS else f"is none of {', '.join(_SINKS)}"


def _redis_url(value: Any) -> str | None:
    is_address = isinstance(value, str) and value.startswith(("redis://", "rediss://", "unix://"))
    return None if value is None or is_address else "is not an address such as redis://127.0.0.1:6379/0"


def _stream(value: Any) -> str | None:
    is_plain = isinstance(value, str) and re.fullmatch(r"[\w:.-]{1,100}", value, re.ASCII)
    return None if is_plain else "is not a short text of letters, digits, colons, dots, hyphens and underscores"


def _shop(value: Any) -> str | None:
    is_named = isinstance(value, str) and re.fullmatch(r"\w+(\.\w+)+", value)
    if value is None or isinstance(value, Mapping) or is_named:
        return None
    return "is neither a dotted path to a class nor a dict"


def _origins(value: Any) -> str | None:
    is_list = isinstance(value, (list, tuple))
    origin = r"https?://[a-z0-9.-]+(:\d+)?|https?://\[[0-9a-f:.]+\](:\d+)?"
    if is_list and all(isinstance(text, str) and re.fullmatch(origin, text) for text in value):
        return None
    return "is not a list of origins, such as https://www.shop.example, without a path"


def _limit(value: Any) -> str | None:
    return None if value is None else _positive(value)


def _count(value: Any) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return None if is_whole and value >= 0 else "is not a whole number from 0 on"


_RETENTION_DAYS = {
    "quarantine": 30, "withdrawn": 30, "consents": 1095, "changes": 730, "runs": 7, "figures": 90, "imports": 30,
    "uploads": 30,     "redemption_keys": 90,
}  # fmt: skip


def _retention(value: Any) -> str | None:
    if not isinstance(value, Mapping) or not set(value) <= set(_RETENTION_DAYS):
        return f"is not a dict with keys among {', '.join(_RETENTION_DAYS)}"
    are_days = all(days is None or _positive(days) is None for days in value.values())
    return None if are_days else "has a value that is neither a whole number of days above 0 nor None"


KEYS: tuple[Key, ...] = (
    # -- the shop
    Key(
        "SHOP",
        None,
        _shop,
        "dict of paths on the shop's models, dotted path of a ShopAdapter, or None",
        "Who answers for the shop's products, categories, carts and orders (docs/shop.md). None: "
        "nobody, and what needs to know of them does without.",
    ),
    Key(
        "CURRENCY",
        "EUR",
        _currency,
        "ISO 4217 code",
        "The shop's currency. Amounts of events are kept as they came and also in this one.",
    ),
    Key(
        "CURRENCY_RATES",
        None,
        _path,
        "dotted path of a function, or None",
        "Takes a currency and a day and gives what one unit was worth in `CURRENCY`, as a Decimal, "
        "or None. None: the table of currency rates in the admin.",
    ),
    Key(
        "TIME_ZONE",
        None,
        _zone,
        "IANA time zone, or None",
        "Calendar days and birthdays are judged in this zone, and hours of visitors whose own zone "
        "is unknown. None: `settings.TIME_ZONE`.",
    ),
    Key(
        "APPROVAL",
        False,
        _flag,
        "bool",
        "Whether a segment's rule goes live from the admin only after another user than its author, with the "
        "permission *can approve rules of segments*, has approved it. Commands act as the operator and say so.",
    ),
    # -- consent and identity
    Key(
        "CONTEXT_WITHOUT_CONSENT",
        True,
        _flag,
        "bool",
        "Whether what a request itself says (campaign, referrer, device class, coarse country, "
        "hour) may choose a slot's content for a visitor who has not answered the consent "
        "question yet. Nothing is stored and nobody is recognised.",
    ),
    Key(
        "COOKIE_NAME",
        "microseg",
        _cookie,
        "cookie name",
        "The signed visitor cookie. It is set after consent only. Staff who preview the shop have two more "
        "of this name, with `_preview` and `_staff` behind it.",
    ),
    Key(
        "CONSENT_COOKIE_NAME",
        "microseg_consent",
        _cookie,
        "cookie name",
        "The cookie that remembers a visitor's choice, refusal included. It identifies nobody.",
    ),
    Key(
        "COOKIE_AGE_DAYS",
        365,
        _positive,
        "whole days",
        "How long the visitor cookie lives after the last visit.",
    ),
    Key(
        "VISIT_IDLE_MINUTES",
        30,
        _positive,
        "whole minutes",
        "A visit ends after this long without activity.",
    ),
    Key(
        "CONSENT_TEXT_VERSION",
        "1",
        _version,
        "short text",
        "The version of the text over which visitors consent. A new one asks everybody again.",
    ),
    Key(
        "CONSENT_READER",
        None,
        _path,
        "dotted path of a function, or None",
        "Asked instead of our choice cookie, where another tool asks for consent. Takes the request and gives the "
        "purposes that the visitor allows, none after a refusal, None before an answer. For django-cookie-consent: "
        "`django_microseg.privacy.cookie_consent.read`.",
    ),
    Key(
        "OPT_OUT_REFUSES_ALL",
        False,
        _flag,
        "bool",
        "Whether a browser that sends Sec-GPC: 1 or DNT: 1 counts as having refused every purpose. "
        "By default the headers refuse advertising alone.",
    ),
    Key(
        "CUSTOMER_KEY",
        None,
        _path,
        "dotted path of a function, or None",
        "Takes a user and gives the key by which the shop's orders and imports name that customer. "
        "None: the user's primary key.",
    ),
    # -- pages
    Key(
        "PLACE_HEADERS",
        {},
        _headers,
        "dict",
        "Request headers in which your CDN says where a visitor is, such as "
        '`{"country": "CF-IPCountry", "timezone": "CF-Timezone"}`. Name only headers that your CDN '
        "always overwrites: a visitor could send any other.",
    ),
    Key(
        "GEOIP_DATABASE",
        None,
        _file,
        "path to a .mmdb file, or None",
        "A GeoIP database on this machine, which says country, region and time zone of a network where no header "
        "does. Asked is the network (a /24 of IPv4, a /64 of IPv6), never an address, so nothing finer comes out "
        "(docs/context.md).",
    ),
    Key(
        "HOLIDAY_PLACES",
        (),
        _places,
        "list of places",
        'Countries and regions whose public holidays are kept, such as `["DE-BY", "AT"]`, for rules that ask for '
        "`context.holiday`. Needs the extra `context`.",
    ),
    Key(
        "WEATHER_PROVIDER",
        None,
        _path,
        "dotted path of a function, or None",
        "Asked each half hour, outside of requests, for the weather of `WEATHER_PLACES` (docs/context.md). For "
        "Open-Meteo: `django_microseg.contrib.open_meteo.read`. None: the weather is what staff put into the admin.",
    ),
    Key(
        "WEATHER_PLACES",
        {},
        _coordinates,
        "dict of latitude and longitude by place",
        'Where to ask for the weather, such as `{"DE-BY": (48.14, 11.58), "AT": (48.21, 16.37)}`.',
    ),
    Key(
        "IGNORED_PATHS",
        (),
        _texts,
        "list of path prefixes",
        "Pages whose views are not recorded, besides the admin, static and media files.",
    ),
    Key(
        "SENSITIVE_PATHS",
        (),
        _texts,
        "list of path prefixes",
        "Pages on which `{% microseg_beacon %}` watches nothing, such as those of payment and account.",
    ),
    Key(
        "EXPERIENCE_TEMPLATES",
        (),
        _texts,
        "list of template name prefixes",
        "Where the templates of experiences must lie. Empty: any template of the project.",
    ),
    # -- events from outside
    Key(
        "API_ORIGINS",
        (),
        _origins,
        "list of origins",
        "Origins whose pages may send events as visitors and use the HTTP API (docs/api.md) besides the shop's own, "
        "such as `https://www.shop.example`, and read the answers.",
    ),
    Key(
        "TRACKING_VISITOR_LIMIT",
        600,
        _limit,
        "whole number, or None",
        "How many events a minute one visitor's browser may send. None: any number.",
    ),
    Key(
        "TRACKING_NETWORK_LIMIT",
        6000,
        _limit,
        "whole number, or None",
        "How many events a minute browsers of one network (a /24 of IPv4, a /64 of IPv6) may send. None: any number.",
    ),
    Key(
        "WRITE_KEY_LIMIT",
        60_000,
        _limit,
        "whole number, or None",
        "How many events a minute may come with one write key (docs/tracking.md). None: any number.",
    ),
    Key(
        "API_VISITOR_LIMIT",
        120,
        _limit,
        "whole number, or None",
        "How many requests a minute one visitor may send to the HTTP API. None: any number.",
    ),
    Key(
        "API_NETWORK_LIMIT",
        1200,
        _limit,
        "whole number, or None",
        "How many requests a minute one network (a /24 of IPv4, a /64 of IPv6) may send to the HTTP API. "
        "None: any number.",
    ),
    Key(
        "API_STAFF_LIMIT",
        300,
        _limit,
        "whole number, or None",
        "How many requests a minute one member of staff may send to the part of the HTTP API for staff. "
        "None: any number.",
    ),
    Key(
        "TRUSTED_PROXIES",
        0,
        _count,
        "whole number",
        "How many proxies of your own stand before Django, each of which adds to `X-Forwarded-For`. 0: the header is "
        "not believed, and behind a proxy all visitors count as one network, so set it there.",
    ),
    # -- taking events in
    Key(
        "SINK",
        "direct",
        _sink,
        "`direct` or `redis`",
        "Where events go that nobody waits for, such as page views. `direct`: into the tables, when the response "
        "is done. `redis`: into a stream that `microseg_consume` works off (docs/sinks.md).",
    ),
    Key(
        "SINK_URL",
        None,
        _redis_url,
        "address of a Redis-compatible server, or None",
        "Where the stream of waiting events is. Leave it set after going back to `direct` until the stream is "
        "empty: exports and erasures look there.",
    ),
    Key(
        "SINK_STREAM",
        "microseg:events",
        _stream,
        "short text",
        "The stream's key. Two shops that share a server need two.",
    ),
    Key(
        "SINK_LIMIT",
        100_000,
        _positive,
        "whole number",
        "From how many waiting events on further ones are stored at once instead. None is ever dropped.",
    ),
    # -- retention
    Key(
        "RETENTION_DAYS",
        _RETENTION_DAYS,
        _retention,
        "dict of whole days, or None for ever",
        "How long things are kept (docs/privacy.md). Name only what you want otherwise; the rest stays as it is.",
    ),
    # -- evaluation
    Key(
        "STATE_CAP",
        2000,
        _positive,
        "whole number",
        "How many entries a profile's evaluation state may hold. A profile above it answers pages "
        "from its stored membership and is refreshed by scan.",
    ),
    Key(
        "SCAN_BATCH",
        20_000,
        _positive,
        "whole number",
        "How many profiles one statement of a scan takes at once.",
    ),
    Key(
        "CACHE",
        None,
        _alias,
        "alias in CACHES, or None",
        "A cache that all web processes share; with it a known visitor's page asks the database "
        "nothing. None: one small query for each personalised page.",
    ),
    Key(
        "SMALLEST_EXPORT",
        10,
        _positive,
        "whole number",
        "Segments of fewer people are not exported in the admin: so small a list points at somebody.",
    ),
    # -- the loyalty programme
    Key(
        "LOYALTY_TIERS",
        {},
        _thresholds,
        "dict of points by tier",
        'From how many points on somebody is in which tier, such as `{"basic": 0, "silver": 500, "gold": 2000}`: for '
        "the facts `next_tier` and `points_to_next_tier` (docs/loyalty.md).",
    ),
    # -- extension
    Key("EVENTS", {}, _table, "dict", "Further event types of the shop (docs/events.md)."),
    Key("FACTS", {}, _table, "dict", "Further declared facts of the shop (docs/declared.md)."),
    Key(
        "SPECIAL_CATEGORIES_IN_RULES",
        (),
        _texts,
        "list of facts",
        "Facts kept for audits, such as `health`, that rules may ask for all the same, because the law and the "
        "people concerned allow you to (docs/declared.md).",
    ),
)

_BY_NAME = {key.name: key for key in KEYS}
DEFAULTS: dict[str, Any] = {key.name: key.default for key in KEYS}


@cache
def _merged() -> dict[str, Any]:
    own = getattr(settings, "MICROSEG", {})
    unknown = sorted(set(own) - set(DEFAULTS))
    if unknown:
        raise ImproperlyConfigured(
            f"MICROSEG has unknown keys: {', '.join(unknown)}. Known keys are listed in "
            "docs/settings.md; remove or rename the unknown ones."
        )
    return {**DEFAULTS, **own}


def get(name: str) -> Any:
    """The value of one key of ``MICROSEG``, or its default."""
    return _merged()[name]


def problems(own: Any) -> list[Problem]:
    """Everything wrong with a value of ``MICROSEG``, unknown keys first."""
    if not isinstance(own, Mapping):
        return [Problem("MICROSEG", "is not a dict")]
    unknown = sorted(str(name) for name in own if name not in _BY_NAME)
    found = [Problem(name, "is unknown", is_unknown_key=True) for name in unknown]
    for name, key in _BY_NAME.items():
        text = key.judge(own[name]) if name in own else None
        if text is not None:
            found.append(Problem(name, f"{own[name]!r} {text}"))
    return found


def _reset(*, setting: str, **kwargs: Any) -> None:
    if setting == "MICROSEG":
        _merged.cache_clear()


setting_changed.connect(_reset, dispatch_uid="django_microseg.conf")
