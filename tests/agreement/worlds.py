"""A world: some histories, the rules that are asked about them, and the instants to ask at.

One world is one load of a database and one ruleset, so that an evaluator that works on many
profiles at once (the scan) is used as it is meant to be. Instants lie on the edges of windows,
thresholds, facts, voids and days, and one millisecond to either side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from hypothesis import strategies as st

from django_microseg.collect.record import EventRecord
from django_microseg.profile.traits.definition import TIME_SINCE
from django_microseg.segment.rule import Condition, Rule, TraitCondition, conditions_of
from tests.effort import EFFORT

from .brute import traits_of
from .coverage import features_of_history, features_of_rule
from .histories import Clock, History, draw_clock, draw_history
from .oracle import Situation, verdict
from .rules import CONTEXT_NUMBERS, CONTEXT_TEXTS, Author, spelled

__all__ = ["DATABASES", "World", "draw_world", "share_of", "worlds", "worlds_from"]

#: What CI demands is demanded of all databases together.
DATABASES = 2


_UTC = ZoneInfo("UTC")
#: Far above what any history here fills.
STATE_CAP = 2000


@dataclass(frozen=True)
class World:
    """``contexts[0]`` is None: the population. Rules are in topological order.

    ``state_cap`` is the shop's `STATE_CAP`; only an evaluator with a live path knows of it.
    """

    histories: tuple[History, ...]
    rules: Mapping[str, Rule]
    nows: tuple[int, ...]
    population: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    contexts: tuple[Mapping[str, Any] | None, ...] = (None,)
    minor_exponent: int = 2
    time_zone: dt.tzinfo = _UTC
    state_cap: int = STATE_CAP
    seed: int | None = None

    def truth(self, history: int, slug: str, now: int, context: int = 0) -> bool | None:
        """What the oracle says of that history and segment, everything known."""
        return verdict(self.rules[slug], self.situation(history, now, context))

    def situation(
        self,
        history: int,
        now: int,
        context: int = 0,
        *,
        steps: int | None = None,
        visitor: str = "a",
        events: tuple[EventRecord, ...] | None = None,
    ) -> Situation:
        life = self.histories[history]
        if events is None:
            events = life.events if steps is None and visitor == "a" else life.known(steps, visitor)
        facts = life.known_facts(steps, visitor)
        context_now = self.contexts[context]
        return Situation(
            events, facts, self.population, self.rules, context_now, now, self.minor_exponent, self.time_zone
        )


def draw_world(
    rng: Random,
    *,
    histories: int = 4,
    rules: int = 6,
    nows: int = 4,
    without: Collection[str] = (),
    wanted: Collection[str] = (),
    lives: Collection[str] = (),
    clock: Clock | None = None,
    state_cap: int = STATE_CAP,
    seed: int | None = None,
) -> World:
    """A random world.

    Of the features that `coverage` names, no rule shall have one of those ``without``, each shall have
    one of those ``wanted``, and each history shall have all of ``lives``.
    """
    clock = clock or draw_clock(rng)
    drawn = tuple(_draw_life(rng, clock, lives) for _ in range(histories))
    minor_exponent = rng.choice((2, 2, 2, 0, 3))
    late = clock.start + clock.grid * clock.span
    moments = [late + clock.grid * rng.randrange(3), max(late, *(life.end for life in drawn))]
    author = Author(rng, clock, drawn[0], late, minor_exponent)
    written: dict[str, Rule] = {}
    while len(written) < rules:
        author.muse, author.now = rng.choice(drawn), rng.choice(moments)
        rule = author.draw_rule()
        features = features_of_rule(rule) if without or wanted else frozenset()
        if features.isdisjoint(without) and (not wanted or not features.isdisjoint(wanted)):
            slug = f"s{len(written)}"
            written[slug] = rule
            author.slugs.append(slug)
    edges = [draw_edge(rng, rng.choice(drawn), tuple(written.values()), clock) for _ in range(nows)]
    if any("fact age" in features_of_rule(rule) for rule in written.values()):
        born = [fact[2] for life in drawn for fact in life.known_facts() if fact[0] == "birthday"]
        edges += [midnight for birthday in born[:1] if birthday for midnight in _birthdays(birthday, clock)][:2]
    chosen = tuple(sorted({*moments, *edges}))
    contexts = (None, draw_context(rng))
    return World(drawn, written, chosen, author.population, contexts, minor_exponent, clock.zone, state_cap, seed)


def _draw_life(rng: Random, clock: Clock, features: Collection[str]) -> History:
    for _ in range(200):
        life = draw_history(rng, clock)
        if not features or features_of_history(life).issuperset(features):
            break
    return life


def draw_context(rng: Random) -> dict[str, Any]:
    """What a request says; some of it is missing, some of it is empty."""
    said: dict[str, Any] = {name: spelled(rng, rng.choice(values)) for name, values in CONTEXT_TEXTS.items()}
    said |= {name: rng.choice(values) for name, values in CONTEXT_NUMBERS.items()}
    silent = rng.sample(sorted(CONTEXT_TEXTS), 2)
    said.update(zip(silent, ("", None), strict=True))
    return {name: value for name, value in said.items() if rng.random() < 0.9}


def draw_edge(rng: Random, life: History, rules: tuple[Rule, ...], clock: Clock) -> int:
    """An instant at which something opens, closes or passes a threshold, or one beside it."""
    edges = list(_edges_of_time(life, clock))
    conditions = [condition for rule in rules for condition in conditions_of(rule)]
    if life.events and conditions:
        event = rng.choice(life.events)
        for condition in rng.sample(conditions, min(4, len(conditions))):
            edges += [event.occurred_at + length for length in _lengths_of(condition)] * 3
    edges.append(clock.draw(rng))
    return rng.choice(edges) + rng.choice((0, 0, 1, -1))


def _lengths_of(condition: Condition) -> Iterator[int]:
    for trait in traits_of(condition):
        yield from (length for length in (trait.window.newest, trait.window.oldest) if length)
    if isinstance(condition, TraitCondition) and isinstance(condition.value, int | Fraction):
        unit = TIME_SINCE.get(condition.trait.aggregate)
        if unit:
            yield int(condition.value * unit)


def _edges_of_time(life: History, clock: Clock) -> Iterator[int]:
    for event in life.events[:3]:
        yield event.occurred_at if event.voided_at is None else event.voided_at
    for name, _text, number, valid_from, valid_until in life.known_facts():
        yield valid_from
        if valid_until is not None:
            yield valid_until
        if name == "birthday" and number is not None:
            yield from _birthdays(number, clock)


def _birthdays(number: int, clock: Clock) -> Iterator[int]:
    """Midnights, the shop's and Greenwich's, around which somebody born on that day grows older."""
    month, day = number // 100 % 100, number % 100
    year = dt.datetime.fromtimestamp(clock.start / 1000, clock.zone).year + (number % 2)
    days = [dt.date(year, 2, 28) + dt.timedelta(days=n) for n in range(3)]
    for date in days if (month, day) == (2, 29) else [dt.date(year, month, day)]:
        for zone in (clock.zone, _UTC):
            yield int(dt.datetime.combine(date, dt.time(), zone).timestamp()) * 1000


def worlds_from(seed: int, number: int, **sizes: Any) -> Iterator[World]:
    """Worlds that are the same on every machine; each carries the seed that makes it again."""
    for offset in range(number):
        yield draw_world(Random(seed + offset), seed=seed + offset, **sizes)


def share_of(seed: int, number: int, **sizes: Any) -> Iterator[World]:
    """This database's worlds: in CI each of the `DATABASES` has its half of them; whoever waits has them all."""
    if EFFORT != "ci":
        return worlds_from(seed, number, **sizes)
    half = number // DATABASES
    return worlds_from(seed if connection.vendor == "sqlite" else seed + half, half, **sizes)


def worlds(**sizes: Any) -> st.SearchStrategy[World]:
    """The same as a hypothesis strategy, for tests that want its shrinking and its database."""
    return st.randoms(use_true_random=False).map(lambda rng: draw_world(rng, **sizes))
