"""What time alone does: the clock moves, nothing else happens, and two kinds of readers look.

`Sweeps` moves it to the very instants at which the oracle says that a membership changes, and one
millisecond to either side, and runs the sweep; `LateViews` never runs it and asks for pages.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from random import Random

from django_microseg.collect.fields import from_ms, to_ms
from django_microseg.collect.record import EventRecord
from django_microseg.profile.models import Profile
from django_microseg.profile.traits.definition import DAY
from django_microseg.segment.membership import read_snapshot
from django_microseg.segment.reader import View, read
from django_microseg.segment.refresh import refresh_all, refresh_due, refresh_profiles
from django_microseg.segment.rule import FactCondition
from django_microseg.segment.rulebook import Rulebook

from .brute import true_flip
from .compare import Member
from .oracle import Situation, fact_value
from .table import add_person, add_records, in_force, members_of, visitor_key
from .worlds import World

__all__ = ["OLDER", "LateViews", "Sweeps", "flips_of", "with_birthdays"]

#: A year and a bit: everybody's next birthday, but for the leap day's children.
HORIZON = 400 * DAY
#: The segment of those who have had their next birthday.
OLDER = "older"
#: How many instants of a world are visited.
_INSTANTS = 6


def with_birthdays(worlds: Iterable[World]) -> Iterator[World]:
    """The worlds, each with one more rule: somebody of it becomes a year older."""
    for world in worlds:
        now = start_of(world)
        ages = [fact_value("age", world.situation(number, now)) for number in range(len(world.histories))]
        known = [age for age in ages if isinstance(age, int)]
        rule = FactCondition("age", ">=", known[0] + 1 if known else 18)
        yield replace(world, rules={**world.rules, OLDER: rule})


def start_of(world: World) -> int:
    """The instant in the middle: half of it has happened, half lies ahead."""
    times = sorted(event.occurred_at for history in world.histories for event in history.events)
    return times[len(times) // 2] if times else world.nows[0]


def flips_of(world: World, start: int, here: Callable[[int, int], Situation]) -> dict[int, set[tuple[int, str]]]:
    """Some instants at which the oracle changes its mind, and of whom and what: two in a row of each case."""
    found: dict[int, set[tuple[int, str]]] = {}
    rng = Random(world.seed)
    asked = [(number, slug) for number in range(len(world.histories)) for slug in world.rules if slug != OLDER]
    asked = rng.sample(asked, min(6, len(asked)))
    asked += [(number, OLDER) for number in range(len(world.histories)) if OLDER in world.rules]
    for number, slug in asked:
        moment: int | None = start
        for _ in range(2):
            assert moment is not None
            moment = true_flip(world.rules[slug], here(number, moment), start + HORIZON)
            if moment is None:
                break
            found.setdefault(moment, set()).add((number, slug))
    chosen = sorted(rng.sample(sorted(found), min(_INSTANTS, len(found))))
    return {moment: found[moment] for moment in chosen}


class Sweeps:
    """The evaluator. It asserts that each sweep touches those whose time has come and nobody else."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, world: World) -> Iterator[Member]:
        start = start_of(world)
        with in_force(world) as book:
            people = []
            for number, history in enumerate(world.histories):
                people.append(add_person(number, history.known_facts()))
                add_records(people[-1], history.events)
            _first_look(people, start, world.seed or 0)
            yield from self._answers(people, book, start)
            moment = start
            flips = flips_of(world, start, world.situation)
            for flip, whose in flips.items():
                self.seen["flips"] += len(whose)
                self.seen["birthdays"] += sum(_is_birthday(world, flip, *one) for one in whose)
                for now in (flip - 1, flip, flip + 1):
                    if now > moment:
                        self._sweep(now)
                        yield from self._answers(people, book, now)
                        moment = now

    def _sweep(self, now: int) -> None:
        before = {profile.pk: profile for profile in Profile.objects.all()}
        if now % 5 == 0:
            waiting = min(before)
            Profile.objects.filter(pk=waiting).update(dirty_since=from_ms(now))
            before[waiting].dirty_since = from_ms(now)
        due = {pk for pk, profile in before.items() if _is_due(profile, now)}
        done = refresh_due(from_ms(now))
        after = {profile.pk: profile for profile in Profile.objects.all()}
        touched = {pk for pk, profile in after.items() if profile.revision != before[pk].revision}
        assert touched == due, f"the sweep touched {sorted(touched)}, due were {sorted(due)}"
        assert done.profiles == len(due), f"the sweep counted {done.profiles}, due were {len(due)}"
        flipped = {pk for pk in after if read_snapshot(after[pk].snapshot) != read_snapshot(before[pk].snapshot)}
        self.seen["sweeps"] += 1
        self.seen["touched"] += len(touched)
        self.seen["flipped"] += len(flipped)
        self.seen["untouched"] += len(after) - len(touched)

    def _answers(self, people: list[Profile], book: Rulebook, now: int) -> Iterator[Member]:
        for number, person in enumerate(people):
            profile = Profile.objects.get(pk=person.pk)
            members = members_of(profile)
            for slug, definition in book.live.items():
                yield Member(history=number, now=now, slug=slug, value=definition in members)


def _first_look(people: list[Profile], now: int, seed: int) -> None:
    """Everybody's first answer, by each of the ways there are; after a scan alone all are due at once."""
    moment = from_ms(now)
    if seed % 3 == 0:
        refresh_profiles([person.pk for person in people], cause="import", now=moment)
    else:
        refresh_all(moment, by="fold" if seed % 3 == 1 else "scan")


def _is_due(profile: Profile, now: int) -> bool:
    return profile.dirty_since is not None or (profile.next_flip is not None and to_ms(profile.next_flip) <= now)


def _is_birthday(world: World, flip: int, number: int, slug: str) -> bool:
    """Somebody became older at midnight, and no fact began or ended then."""
    local = dt.datetime.fromtimestamp(flip / 1000, world.time_zone)
    ends = {end for fact in world.histories[number].known_facts() for end in fact[3:]}
    return slug == OLDER and local.time() == dt.time() and flip not in ends


class LateViews:
    """The evaluator: memberships as a page sees them, long after their time and without any sweep."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, world: World) -> Iterator[Member]:
        start = start_of(world)
        with in_force(world) as book:
            for number, history in enumerate(world.histories):
                facts, known = history.known_facts(), _known_at(start, history.events)
                profile = add_person(number, facts)
                add_records(profile, known)
                refresh_profiles([profile.pk], cause="import", now=from_ms(start))
                profile.refresh_from_db()
                for now in _instants(world, start, number, known):
                    yield from self._answers(
                        world, book, number, profile, now if not profile.is_over_cap else start, known
                    )
                assert Profile.objects.get(pk=profile.pk).revision == profile.revision, "a page view wrote"

    def _answers(
        self, world: World, book: Rulebook, number: int, profile: Profile, now: int, known: tuple[EventRecord, ...]
    ) -> Iterator[Member]:
        view = read(visitor_key(number), now=from_ms(now))
        assert view.profile_id == profile.pk
        is_late = profile.next_flip is not None and to_ms(profile.next_flip) <= now
        self.seen["views"] += 1
        self.seen["late views"] += is_late
        self.seen["late views that differ"] += is_late and _differs(view, book, profile)
        self.seen["views over the cap"] += profile.is_over_cap
        for at, context in enumerate(world.contexts):
            seen = view.segments_for(None, context or {})
            for slug, definition in book.live.items():
                if context is None and definition in book.ruleset.momentary and not profile.is_over_cap:
                    continue  # a page is always a moment; without one there is only what is stored
                yield Member(history=number, now=now, context=at, slug=slug, value=slug in seen, events=known)
            if profile.is_over_cap:
                return


def _known_at(now: int, events: tuple[EventRecord, ...]) -> tuple[EventRecord, ...]:
    """What had happened by then: nobody has heard yet of what is voided later."""
    return tuple(
        event if event.voided_at is None or event.voided_at <= now else replace(event, voided_at=None)
        for event in events
        if event.occurred_at <= now
    )


def _instants(world: World, start: int, number: int, known: tuple[EventRecord, ...]) -> list[int]:
    """When to look: around the flips of this person, and at the world's own instants."""

    def here(_number: int, now: int) -> Situation:
        return world.situation(number, now, events=known)

    alone = replace(world, histories=world.histories[number : number + 1])
    around = {flip + step for flip in flips_of(alone, start, here) for step in (-1, 0, 1)}
    return sorted(now for now in {start, *around, *world.nows} if now >= start)


def _differs(view: View, book: Rulebook, profile: Profile) -> bool:
    stored = read_snapshot(profile.snapshot)
    plain = {slug: definition for slug, definition in book.live.items() if definition not in book.ruleset.momentary}
    return view.segments_for(plain, {}) != {slug for slug, definition in plain.items() if definition in stored}
