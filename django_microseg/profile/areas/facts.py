"""Keeps what is known of somebody's area as facts, so that rules can ask: ``area_density``, ``area_growth`` …

They follow from the facts ``postcode`` and ``country`` at once, whoever told them. When the table of areas has changed,
a sweep looks again at everybody with a postcode, a hundred at a time, and goes on where it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from time import monotonic
from typing import Any

from ..fact_catalogue import FACTS, FactValue, encode_fact
from ..facts import Declaration, set_facts, standing_facts
from ..models import EventCursor, Fact, Profile
from .match import beginnings, best_match
from .models import Area

__all__ = ["areas_changed", "follow_areas", "on_address_known", "on_people_joined", "tell_areas"]

_NAME = "areas"
_SOURCE = "areas"
_POSTCODE, _COUNTRY = "postcode", "country"
_DERIVED = tuple(fact.name for fact in FACTS.values() if fact.derived_from == _POSTCODE)
_PEOPLE_AT_ONCE = 100


def on_address_known(
    sender: Any, *, profile_ids: Collection[int], names: Collection[str], now: dt.datetime, **kwargs: Any
) -> None:
    """Somebody's postcode or country is known now. Connected by the door `wiring`."""
    if not {_POSTCODE, _COUNTRY}.isdisjoint(names):
        tell_areas(profile_ids, now=now)


def on_people_joined(sender: Any, *, target: Profile, source: Profile, now: dt.datetime, **kwargs: Any) -> None:
    """Two profiles became one, or one became two: each has the area of its own postcode."""
    tell_areas({target.pk, source.pk}, now=now)


def areas_changed() -> None:
    """The table is another one: let the next sweeps look at everybody with a postcode."""
    EventCursor.objects.update_or_create(name=_NAME, defaults={"position": 0})


def follow_areas(now: dt.datetime, *, seconds: float = 60.0, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Look again at whom a changed table concerns, for so long at most; gives how many people."""
    end, done = monotonic() + seconds, 0
    while monotonic() < end and not should_stop():
        cursor = EventCursor.objects.filter(name=_NAME).values_list("position", flat=True).first()
        if cursor is None:
            return done
        rows = Fact.objects.filter(name=_POSTCODE, profile__gt=cursor).order_by("profile")
        people = list(rows.values_list("profile", flat=True).distinct()[:_PEOPLE_AT_ONCE])
        here = EventCursor.objects.filter(name=_NAME, position=cursor)  # another change meanwhile begins anew
        if not people:
            here.delete()
            return done
        tell_areas(people, now=now)
        here.update(position=people[-1])
        done += len(people)
    return done


def tell_areas(profile_ids: Collection[int], *, now: dt.datetime) -> None:
    """Declare the figures of some people's areas, where they are others than they were."""
    standing = standing_facts(profile_ids, [_POSTCODE, _COUNTRY, *_DERIVED], now)
    codes = {pk: fact.text or "" for (pk, name), fact in standing.items() if name == _POSTCODE}
    told = {pk for pk, name in standing if name in _DERIVED}
    if not codes and not told:
        return
    areas = _areas_of(codes.values())
    declared: list[Declaration] = []
    for pk in sorted(codes.keys() | told):
        country = standing.get((pk, _COUNTRY))
        area = best_match(codes.get(pk, ""), (country.text or "") if country else "", areas)
        declared += (
            Declaration(pk, name, value, _SOURCE)
            for name, value in _figures(area).items()
            if not _says(standing.get((pk, name)), name, value)
        )
    set_facts(declared, now=now, are_counted=True)


def _areas_of(postcodes: Collection[str]) -> Mapping[tuple[str, str], Area]:
    """Every area that may be meant, in one statement."""
    prefixes = {prefix for postcode in postcodes for prefix in beginnings(postcode)}
    return {(area.country, area.prefix): area for area in Area.objects.filter(prefix__in=prefixes)} if prefixes else {}


def _figures(area: Area | None) -> dict[str, FactValue | None]:
    """By the name of the fact; None, which ends a fact, for what is not known."""
    values = {name: getattr(area, name.removeprefix("area_"), None) for name in _DERIVED}
    return {name: None if value == "" else value for name, value in values.items()}


def _says(fact: Fact | None, name: str, value: FactValue | None) -> bool:
    if fact is None or value is None:
        return fact is None and value is None
    return (fact.text, fact.number) == encode_fact(FACTS[name], value)
