"""The catalogue as running code asks for it: the standard events and the shop's own.

A shop lists its events in ``MICROSEG["EVENTS"]``, by name: either an `EventType`, or a dict with
``summary``, ``properties`` (name to kind, or to a dict of what `Property` takes), ``measure``,
``is_public`` … A text named like a column (``brand``) is kept there; any other text is a label of its
own name. Whatever does not fit is refused with a sentence that says what to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from .. import conf
from .catalogue import EVENTS, Catalogue, find_problems
from .event_type import KINDS, PROPERTY_COLUMNS, EventType, Property
from .reading import Reader

__all__ = ["catalogue", "is_contract", "readers"]

_USUAL_COLUMNS = {"product_id": "product", "order_id": "order"}


@cache
def catalogue() -> Catalogue:
    """The standard events and the shop's own. Raises `ImproperlyConfigured`."""
    own = [_event(name, given) for name, given in conf.get("EVENTS").items()]
    problems = list(find_problems(own))
    if problems:
        raise ImproperlyConfigured('MICROSEG["EVENTS"]: ' + " ".join(problems))
    return Catalogue({**EVENTS, **{event.name: event for event in own}})


def is_contract(name: Any) -> bool:
    """Whether an event of this name is kept by contract, if it comes from the shop itself."""
    known = catalogue().find(name)
    return known is not None and known.is_contract


@cache
def readers() -> dict[str, Reader]:
    """Readers of the events' properties, made as they are needed and kept with the catalogue."""
    return {}


def _event(name: str, given: EventType | Mapping[str, Any]) -> EventType:
    if isinstance(given, EventType):
        if given.name != name:
            raise ImproperlyConfigured(f'MICROSEG["EVENTS"]: {name!r} holds the event {given.name!r}: use one name.')
        return given
    _check_words(f"the event {name!r}", given, {field.name for field in fields(EventType)} - {"name", "properties"})
    rest = {word: value for word, value in given.items() if word != "properties"}
    properties = given.get("properties", {})
    described = tuple(_property(name, prop, kind) for prop, kind in properties.items())
    return EventType(**{"summary": "", **_tuples(rest), "name": name, "properties": described})


def _property(event: str, name: str, given: str | Mapping[str, Any]) -> Property:
    described: Mapping[str, Any] = {"kind": given} if isinstance(given, str) else given
    _check_words(f"{name!r} of {event!r}", described, {field.name for field in fields(Property)} - {"name"})
    if described.get("kind") not in KINDS:
        raise ImproperlyConfigured(f'MICROSEG["EVENTS"]: {name!r} of {event!r} needs a kind: {", ".join(KINDS)}.')
    return Property(**{**_place_of(name, described), **_tuples(described), "name": name})


def _place_of(name: str, described: Mapping[str, Any]) -> dict[str, str]:
    """Where a property is kept if the shop does not say: its column, or a label of its own name."""
    column = _USUAL_COLUMNS.get(name, name)
    if PROPERTY_COLUMNS.get(column) == described["kind"]:
        return {"column": column}
    return {"label": name} if described["kind"] in ("text", "texts") else {}


def _check_words(where: str, given: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(set(given) - allowed - {"properties"})
    if unknown:
        raise ImproperlyConfigured(
            f'MICROSEG["EVENTS"]: {where} has {", ".join(unknown)}. Known are {", ".join(sorted(allowed))}.'
        )


def _tuples(given: Mapping[str, Any]) -> dict[str, Any]:
    return {word: tuple(value) if isinstance(value, list) else value for word, value in given.items()}


def _reset(*, setting: str, **kwargs: Any) -> None:
    if setting == "MICROSEG":
        catalogue.cache_clear()
        readers.cache_clear()


setting_changed.connect(_reset, dispatch_uid="django_microseg.collect.events")
