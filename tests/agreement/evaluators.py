"""The production evaluators, asked what the oracle is asked: the fold alone and the scan over a table.

The live path, which takes a history step by step, is in `live`; what time alone does is in `clock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from django_microseg.collect.fields import from_ms
from django_microseg.collect.record import EventRecord, order_key_of
from django_microseg.profile.traits.fold import Folder
from django_microseg.profile.traits.state import State, dump_state, load_state
from django_microseg.segment.evaluate import scan_bits
from django_microseg.segment.ruleset import Ruleset

from .compare import Answer, Flip, Member
from .oracle import Facts
from .table import add_person, add_records, in_force, ruleset_of
from .worlds import World

__all__ = ["by_fold", "by_scan", "state_facts"]


def state_facts(facts: Facts) -> dict[str, list[Any]]:
    """Facts in the order in which the state keeps them."""
    found: dict[str, list[Any]] = {}
    for _, (name, text, number, start, end) in sorted(enumerate(facts), key=lambda row: (row[1][3], row[0])):
        found.setdefault(name, []).append((text, number, start, end))
    return found


def by_fold(world: World) -> Iterator[Answer]:
    """All rules from a state that went through its bytes, with and without context; flips rule by rule."""
    ruleset = ruleset_of(world)
    single = {slug: ruleset_of(world, [slug]) for slug in world.rules}
    for number, history in enumerate(world.histories):
        events = sorted(history.events, key=order_key_of)
        facts = state_facts(history.known_facts())
        for now in world.nows:
            state = _state(ruleset, events, now, facts)
            for at, context in enumerate(world.contexts):
                bits = ruleset.members(state, now, world.population, context)
                for place, each in enumerate(ruleset.definitions):
                    yield Member(history=number, now=now, context=at, slug=each.slug, value=bool(bits >> place & 1))
        now = world.nows[number % len(world.nows)]
        for slug, alone in single.items():
            state = _state(alone, events, now, facts)
            bits = alone.members(state, now, world.population)
            yield Flip(history=number, now=now, slug=slug, value=alone.next_flip(state, now, world.population, bits))


def _state(ruleset: Ruleset, events: list[EventRecord], now: int, facts: dict[str, list[Any]]) -> State:
    built = Folder(ruleset.plan, ruleset.minor_exponent).build(events, now, facts)
    return load_state(dump_state(built))


def by_scan(world: World) -> Iterator[Member]:
    """All rules of all histories at each instant, each time in one statement."""
    with in_force(world) as book:
        people = {}
        for number, history in enumerate(world.histories):
            profile = add_person(number, history.known_facts())
            add_records(profile, history.events)
            people[profile.pk] = number
        everyone, their_facts = Q(pk__in=people), Q(profile_id__in=people)
        for now in world.nows:
            for pk, bits in scan_bits(everyone, their_facts, book, from_ms(now)):
                for place, each in enumerate(book.ruleset.definitions):
                    yield Member(history=people[pk], now=now, slug=each.slug, value=bool(bits >> place & 1))
