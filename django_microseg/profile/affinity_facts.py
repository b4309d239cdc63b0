"""Keeps what somebody is drawn to most as facts, so that rules can ask: ``favourite_category``, ``favourite_brand`` …

A sweep follows the events in the order in which they were stored, and looks anew at whoever did something. How sure a
fact is, is its share of the interest. It is told again when the favourite is another one, or when its share has moved
by more than `_STEP`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from django.db import transaction

from .affinity import KINDS, Affinity, affinities_of
from .facts import Declaration, set_facts, standing_facts
from .follow import followed_people
from .models import Fact

__all__ = ["SOURCE", "follow_affinities", "tell_affinities"]

SOURCE = "behaviour"
_NAME = "affinity"
_STEP = 10


def follow_affinities(
    now: dt.datetime, *, seconds: float = 60.0, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Look at whoever did something since the last time, for so long at most; gives how many people."""
    done = 0
    for people in followed_people(_NAME, now, seconds=seconds, should_stop=should_stop):
        tell_affinities(people, now=now)
        done += len(people)
    return done


def tell_affinities(profile_ids: Collection[int], *, now: dt.datetime) -> None:
    """Declare the favourites of some people, where they are others than they were."""
    found = affinities_of(profile_ids, now=now)
    with transaction.atomic():
        known = standing_facts(profile_ids, [_fact_of(kind) for kind in KINDS], now)
        declared = []
        for profile_id, affinities in found.items():
            for kind in KINDS:
                strongest = next(iter(affinities.get(kind, ())), None)
                if strongest is not None and not _says(known.get((profile_id, _fact_of(kind))), strongest):
                    declared.append(_declaration(profile_id, kind, strongest))
        set_facts(declared, now=now, are_counted=True)


def _fact_of(kind: str) -> str:
    return f"favourite_{kind}"


def _declaration(profile_id: int, kind: str, strongest: Affinity) -> Declaration:
    return Declaration(profile_id, _fact_of(kind), strongest.value, SOURCE, confidence=_percent(strongest))


def _percent(affinity: Affinity) -> int:
    return round(100 * affinity.share)


def _says(fact: Fact | None, strongest: Affinity) -> bool:
    if fact is None or fact.text != strongest.value.casefold()[:200]:
        return False
    return abs(fact.confidence - _percent(strongest)) <= _STEP
