"""What a shop's settings lack, with the very lines to paste.

What is wrong, the system checks say; here stands what mends it, for each of their ids. Where a
check has no lines here, its hint says what to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pprint import pformat
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connections, router

from django_microseg.collect.models import Event

from .shop_guess import as_python, guess_mapping

__all__ = ["Advice", "advise", "our_messages", "settings_advice"]

_OURS = "django_microseg.middleware.MicrosegMiddleware"
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """``place`` is where the lines belong; without lines, ``hint`` says what to do."""

    id: str
    is_error: bool
    text: str
    hint: str
    place: str = ""
    lines: str = ""


def our_messages(*, with_tables: bool = False) -> list[checks.CheckMessage]:
    """What our own system checks say, except for what the shop has silenced."""
    found = checks.run_checks(tags=["django_microseg"])
    if with_tables:
        found += checks.run_checks(tags=[checks.Tags.database], databases=[router.db_for_read(Event)])
    ours = [message for message in found if str(message.id).startswith("django_microseg.")]
    return [message for message in ours if not message.is_silenced()]


def settings_advice() -> list[Advice]:
    """One for each thing that is missing or wrong."""
    own = getattr(settings, "MICROSEG", None)
    advice = advise(our_messages())
    if own is None:
        advice.append(_no_setting())
    if own is None or (isinstance(own, Mapping) and own.get("SHOP") is None):
        advice.append(_no_shop())
    return advice


def advise(messages: list[checks.CheckMessage]) -> list[Advice]:
    """What mends each; messages that the same lines mend are told as one, by the first of them."""
    return list(_once([_of(message) for message in messages]))


def _of(message: checks.CheckMessage) -> Advice:
    short = str(message.id).rpartition(".")[2]
    write = _LINES.get(short)
    place, lines = write() if write else ("", "")
    is_error = message.level >= checks.WARNING
    return Advice(str(message.id), is_error, str(message.msg), str(message.hint or ""), place, lines)


def _once(advice: list[Advice]) -> Iterator[Advice]:
    seen: set[str] = set()
    for each in advice:
        if each.lines not in seen or not each.lines:
            yield each
        seen.add(each.lines)


def _no_setting() -> Advice:
    return Advice(
        "django_microseg.setting",
        is_error=True,
        text="MICROSEG is not set, so the shop's currency is taken to be EUR.",
        hint="docs/settings.md lists all keys.",
        place=_settings_file(),
        lines='MICROSEG = {\n    "CURRENCY": "EUR",\n}',
    )


def _no_shop() -> Advice:
    """Worth having, but nothing is wrong without it."""
    guess = guess_mapping(apps.get_models())
    return Advice(
        "django_microseg.shop",
        is_error=False,
        text='MICROSEG["SHOP"] is not set, so nobody knows of stock, carts and orders. '
        + ("Guessed from your models; look it over:" if guess else "Describe your models."),
        hint="docs/shop.md says how.",
        place=_settings_file() if guess else "",
        lines=f'MICROSEG["SHOP"] = {as_python(guess)}' if guess else "",
    )


def _middleware() -> tuple[str, str]:
    rest = [path for path in settings.MIDDLEWARE if path != _OURS]
    lines = "\n".join(f'    "{path}",' for path in (_OURS, *rest))
    return _settings_file(), f"MIDDLEWARE = [\n{lines}\n]"


def _processors(*paths: str) -> Callable[[], tuple[str, str]]:
    place = "context_processors of TEMPLATES in "
    return lambda: (place + _settings_file(), "\n".join(f'"{path}",' for path in paths))


def _addresses() -> tuple[str, str]:
    lines = (
        'from django.urls import include, path\n\nurlpatterns += [path("microseg/", include("django_microseg.urls"))]'
    )
    return f"{settings.ROOT_URLCONF} (at its end)", lines


def _sqlite() -> tuple[str, str]:
    alias = router.db_for_write(Event)
    options: dict[str, Any] = {**connections[alias].settings_dict.get("OPTIONS", {}), **_SQLITE}
    return _settings_file(), f'DATABASES["{alias}"]["OPTIONS"] = {pformat(options, sort_dicts=False)}'


def _no_atomic_requests() -> tuple[str, str]:
    return _settings_file(), f'DATABASES["{router.db_for_write(Event)}"]["ATOMIC_REQUESTS"] = False'


def _use_tz() -> tuple[str, str]:
    return _settings_file(), "USE_TZ = True"


def _settings_file() -> str:
    return os.environ.get("DJANGO_SETTINGS_MODULE", "your settings")


_LINES: dict[str, Callable[[], tuple[str, str]]] = {
    "E001": _middleware,
    "E002": _middleware,
    "W003": _middleware,
    "E004": _middleware,
    "W005": _processors("django.template.context_processors.request"),
    "I006": _processors("django_microseg.context_processors.segments"),
    "E007": _addresses,
    "E010": _use_tz,
    "W040": _sqlite,
    "W041": _sqlite,
    "W042": _no_atomic_requests,
    "W043": _sqlite,
}
