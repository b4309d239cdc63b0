"""Is everything of ours where Django and the shop's templates look for it, and in the right order?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage
from django.urls import LocalePrefixPattern, NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string

from django_microseg.rest.available import missing_packages

from .findings import finding

__all__ = ["check_installation"]

_API_URLS = "django_microseg.rest.urls"
_OURS = "django_microseg.middleware.MicrosegMiddleware"
_KEEPS_PAGES = frozenset({"UpdateCacheMiddleware", "CacheMiddleware"})
#: They answer no page of the shop themselves, or must stand first by their own rules.
_MAY_COME_FIRST = frozenset(
    {
        "SecurityMiddleware", "WhiteNoiseMiddleware", "CorsMiddleware", "GZipMiddleware", "CSPMiddleware",
        "ContentSecurityPolicyMiddleware", "PrometheusBeforeMiddleware", "RequestIDMiddleware",
        "XForwardedForMiddleware", "HealthCheckMiddleware", "DebugToolbarMiddleware", "SentryMiddleware",
    }
)  # fmt: skip
_REQUEST = "django.template.context_processors.request"
_SEGMENTS = "django_microseg.context_processors.segments"
_NEEDED_APPS = ("django.contrib.auth", "django.contrib.contenttypes")
_REDIS_CACHES = ("django.core.cache.backends.redis", "django_redis")


def check_installation(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Apps, middleware, templates, addresses and extras."""
    return [*_apps(), *_middleware(), *_templates(), *_addresses(), *_extras()]


def _apps() -> Iterator[CheckMessage]:
    for app in _NEEDED_APPS:
        if not apps.is_installed(app):
            yield finding("E009").message(app=app)
    if not settings.USE_TZ:
        yield finding("E010").message()


def _middleware() -> Iterator[CheckMessage]:
    found = [at for at, path in enumerate(settings.MIDDLEWARE) if _is_ours(path)]
    if not found:
        yield finding("E001").message()
        return
    if len(found) > 1:
        yield finding("E004").message(count=len(found))
    for path in settings.MIDDLEWARE[: found[0]]:
        name = path.rpartition(".")[2]
        if name in _KEEPS_PAGES:
            yield finding("E002").message(other=path)
        elif name not in _MAY_COME_FIRST:
            yield finding("W003").message(other=path)


def _is_ours(path: str) -> bool:
    """Ours by name, or a class of the shop that derives from it."""
    if path == _OURS:
        return True
    try:
        found, ours = import_string(path), import_string(_OURS)
    except ImportError:
        return False
    return isinstance(found, type) and issubclass(found, ours)


def _templates() -> Iterator[CheckMessage]:
    engines: list[dict[str, Any]] = settings.TEMPLATES
    processors = [
        engine.get("OPTIONS", {}).get("context_processors", [])
        for engine in engines
        if engine.get("BACKEND") == "django.template.backends.django.DjangoTemplates"
    ]
    if any(_REQUEST not in each for each in processors):
        yield finding("W005").message()
    if not any(_SEGMENTS in each for each in processors):
        yield finding("I006").message()


def _addresses() -> Iterator[CheckMessage]:
    try:
        reverse("django_microseg:consent")
    except NoReverseMatch:
        yield finding("E007").message(urlconf=settings.ROOT_URLCONF)
        return
    if _has_api_outside(get_resolver().url_patterns):
        yield finding("E012").message()
    for pattern in get_resolver().url_patterns:
        inside = getattr(pattern, "namespace_dict", {})
        if isinstance(pattern.pattern, LocalePrefixPattern) and "django_microseg" in inside:
            yield finding("W008").message()


def _has_api_outside(patterns: Iterable[Any]) -> bool:
    """Whether the API's addresses are reached by another way than through ours."""
    for pattern in patterns:
        if not isinstance(pattern, URLResolver) or pattern.app_name == "django_microseg":
            continue
        is_api = getattr(pattern.urlconf_name, "__name__", pattern.urlconf_name) == _API_URLS
        if is_api or _has_api_outside(pattern.url_patterns):
            return True
    return False


def _extras() -> Iterator[CheckMessage]:
    for what, package, extra, is_wanted in (
        ("The shared cache", "redis", "celery", _uses_redis()),
        ("The stream of events", "redis", "redis", _names("SINK_URL")),
        ("Celery", "celery", "celery", hasattr(settings, "CELERY_BROKER_URL")),
        ("The GeoIP database", "maxminddb", "geo", _names("GEOIP_DATABASE")),
        ("Holidays", "holidays", "context", _names("HOLIDAY_PLACES")),
    ):
        if is_wanted and find_spec(package) is None:
            yield finding("W011").message(what=what, package=package, extra=extra)
    if _wants_api():
        for package in missing_packages():
            yield finding("W011").message(what="The HTTP API", package=package, extra="api")


def _wants_api() -> bool:
    """Origins are named for it, or it is included by name."""
    return _names("API_ORIGINS") or _has_api_outside(get_resolver().url_patterns)


def _names(key: str) -> bool:
    own = getattr(settings, "MICROSEG", {})
    return isinstance(own, dict) and bool(own.get(key))


def _uses_redis() -> bool:
    own = getattr(settings, "MICROSEG", {})
    alias = own.get("CACHE") if isinstance(own, dict) else None
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "") if isinstance(alias, str) else ""
    return str(backend).startswith(_REDIS_CACHES)
