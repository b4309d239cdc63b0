"""Does the shop have the addresses that a mapping names? Asks the URL configuration, not the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from .problem import Problem, Wrong
from .table import SECTIONS, Kind

__all__ = ["judge_addresses"]

#: Django's words when a name is there, but not for such arguments.
_KNOWN = "pattern(s) tried"


def judge_addresses(mapping: Mapping[str, Any]) -> Iterator[Problem]:
    """One problem for each name that leads nowhere."""
    for page, name in mapping.get("urls", {}).items():
        if "/" not in name:
            yield from _try(f"urls.{page}", name, needs_all=True)
    for section, entries in SECTIONS.items():
        for entry in entries:
            given = mapping.get(section, {}).get(entry.name)
            if entry.kind is Kind.ADDRESS and isinstance(given, Mapping):
                yield from _try(f"{section}.{entry.name}", given["name"], needs_all=False)


def _try(where: str, name: str, *, needs_all: bool) -> Iterator[Problem]:
    try:
        reverse(name)
    except NoReverseMatch as error:
        if needs_all or _KNOWN not in str(error):
            yield Problem(Wrong.NO_ADDRESS, where, f"names {name!r}: {error}", "Give the name of a url of the shop.")
