"""Is the setting ``MICROSEG`` one that can be read, key by key?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from django_microseg import conf
from django_microseg.collect.events import catalogue
from django_microseg.collect.geoip import open_database
from django_microseg.profile.fact_catalogue import InvalidFact, fact_types

from .findings import finding

__all__ = ["check_configuration"]

_FUNCTIONS = ("CUSTOMER_KEY", "CURRENCY_RATES", "CONSENT_READER", "WEATHER_PROVIDER")
_OWN_TO_A_PROCESS = ("django.core.cache.backends.locmem", "django.core.cache.backends.dummy")


def check_configuration(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Unknown keys, values that do not fit, and values that do not fit together."""
    own = getattr(settings, "MICROSEG", {})
    if not isinstance(own, Mapping):
        return [finding("E022").message()]
    found = [_message(problem) for problem in conf.problems(own)]
    return found or [*_events(), *_facts(), *_functions(), *_cache(), *_cookies(), *_geoip()]


def _message(problem: conf.Problem) -> CheckMessage:
    if problem.is_unknown_key:
        near = get_close_matches(problem.key, conf.DEFAULTS, n=1)
        advice = f"Did you mean {near[0]!r}?" if near else "Remove it."
        return finding("E020").message(key=problem.key, advice=advice)
    takes = next(key.takes for key in conf.KEYS if key.name == problem.key)
    return finding("E021").message(key=problem.key, problem=problem.text, takes=takes)


def _events() -> Iterator[CheckMessage]:
    try:
        catalogue()
    except (ImproperlyConfigured, TypeError, AttributeError) as error:
        yield finding("E023").message(problem=error)


def _facts() -> Iterator[CheckMessage]:
    try:
        fact_types(conf.get("FACTS"))
    except (InvalidFact, TypeError, AttributeError, KeyError) as error:
        yield finding("E024").message(problem=error)


def _functions() -> Iterator[CheckMessage]:
    for key in _FUNCTIONS:
        path = conf.get(key)
        try:
            is_function = path is None or callable(import_string(path))
        except ImportError as error:
            yield finding("E025").message(key=key, path=path, problem=error)
            continue
        if not is_function:
            yield finding("E025").message(key=key, path=path, problem="it is no function")


def _cache() -> Iterator[CheckMessage]:
    alias = conf.get("CACHE")
    if alias is not None and settings.CACHES[alias]["BACKEND"].startswith(_OWN_TO_A_PROCESS):
        yield finding("W026").message(alias=alias)


def _cookies() -> Iterator[CheckMessage]:
    own, consent = conf.get("COOKIE_NAME"), conf.get("CONSENT_COOKIE_NAME")
    if consent in (own, f"{own}_preview", f"{own}_staff"):
        yield finding("W027").message(name=consent)


def _geoip() -> Iterator[CheckMessage]:
    path = conf.get("GEOIP_DATABASE")
    if path is None:
        return
    try:
        open_database(path)
    except ImportError:
        return  # W011 says so
    except Exception as error:  # noqa: BLE001 - whatever a damaged file brings about
        yield finding("W028").message(path=path, problem=error)
