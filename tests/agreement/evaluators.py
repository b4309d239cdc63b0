"""The production evaluators, asked what the oracle is asked: the fold alone, the scan over a
table, and the live path step by step with a real table, a sweep and a clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import connection
from django.db.models import Q

from django_microseg.collect.batch import StoredBatch
from django_microseg.collect.fields import from_ms
from django_microseg.collect.models import Event
from django_microseg.collect.record import EventRecord, order_key_of
from django_microseg.profile.fact_rows import fact_rows
from django_microseg.profile.models import Fact, Profile
from django_microseg.profile.scan import Scan
from django_microseg.profile.traits.fold import Folder
from django_microseg.profile.traits.state import dump_state, load_state
from django_microseg.segment import refresh, rulebook
from django_microseg.segment.models import Membership, MembershipChange, Segment, SegmentVersion
from django_microseg.segment.rule import SegmentCondition, conditions_of
from django_microseg.segment.ruleset import Definition, Ruleset
from tests.agreement.compare import Answer, Flip, Member
from tests.agreement.histories import History, Moment, replay
from tests.agreement.oracle import Facts
from tests.agreement.worlds import World

__all__ = ["by_fold", "by_live_path", "by_scan", "ruleset_of"]


def ruleset_of(world: World, slugs: Sequence[str] | None = None, ids: dict[str, int] | None = None) -> Ruleset:
    """The world's rules, or some of them and what they refer to, compiled."""
    chosen = _closure(world, slugs)
    ids = ids or {slug: at for at, slug in enumerate(world.rules, start=1)}
    return Ruleset(
        [Definition(ids[slug], slug, world.rules[slug], _references(world, slug, ids)) for slug in chosen],
        version=1,
        minor_exponent=world.minor_exponent,
        zone=world.time_zone,
    )


def _closure(world: World, slugs: Sequence[str] | None) -> list[str]:
    wanted = set(world.rules if slugs is None else slugs)
    for slug in reversed(world.rules):
        if slug in wanted:
            wanted |= _slugs_in(world, slug)
    return [slug for slug in world.rules if slug in wanted]


def _slugs_in(world: World, slug: str) -> set[str]:
    found = {c.slug for c in conditions_of(world.rules[slug]) if isinstance(c, SegmentCondition)}
    return found & world.rules.keys()


def _references(world: World, slug: str, ids: dict[str, int]) -> dict[str, int]:
    return {other: ids[other] for other in sorted(_slugs_in(world, slug))}


def state_facts(facts: Facts) -> dict[str, list[Any]]:
    """Facts in the order in which the state keeps them."""
    found: dict[str, list[Any]] = {}
    for _, (name, text, number, start, end) in sorted(enumerate(facts), key=lambda row: (row[1][3], row[0])):
        found.setdefault(name, []).append((text, number, start, end))
    return found


def by_fold(world: World) -> Iterator[Answer]:
    """All rules from a state that went through its bytes; flips rule by rule."""
    ruleset = ruleset_of(world)
    folder = Folder(ruleset.plan, world.minor_exponent)
    single = {slug: ruleset_of(world, [slug]) for slug in world.rules}
    for number, history in enumerate(world.histories):
        events = sorted(history.events, key=order_key_of)
        for now in world.nows:
            state = load_state(dump_state(folder.build(events, now, state_facts(history.facts))))
            for at, context in enumerate(world.contexts):
                bits = ruleset.members(state, now, world.population, context)
                for place, each in enumerate(ruleset.definitions):
                    yield Member(history=number, now=now, context=at, slug=each.slug, value=bool(bits >> place & 1))
        yield from _flips(world, number, history, events, single)


def _flips(
    world: World, number: int, history: History, events: list[EventRecord], single: dict[str, Ruleset]
) -> Iterator[Flip]:
    now = world.nows[number % len(world.nows)]
    for slug, ruleset in single.items():
        state = Folder(ruleset.plan, world.minor_exponent).build(events, now, state_facts(history.facts))
        bits = ruleset.members(state, now, world.population)
        yield Flip(history=number, now=now, slug=slug, value=ruleset.next_flip(state, now, world.population, bits))


def by_scan(world: World) -> Iterator[Member]:
    """All rules of all histories at each instant, each time in one statement."""
    ruleset = ruleset_of(world)
    with _table() as people:
        for history in world.histories:
            profile = people.add(history.facts)
            people.insert(profile, history.events)
        at = {pk: number for number, pk in enumerate(people.ids)}
        everyone = Q(pk__in=people.ids)
        facts = fact_rows(Q(profile_id__in=people.ids), ruleset.plan.facts)
        for now in world.nows:
            for pk, values in Scan(tuple(ruleset.traits), now, world.minor_exponent).rows(everyone):
                bits = ruleset.members_of_values(values, facts.get(pk, {}), now, world.population)
                for place, each in enumerate(ruleset.definitions):
                    yield Member(history=at[pk], now=now, slug=each.slug, value=bool(bits >> place & 1))


def by_live_path(world: World) -> Iterator[Member]:
    """Each history as it arrives, through `refresh_events`; then the clock moves and the sweep runs."""
    with _table() as people, _in_force(world):
        people.slugs = list(world.rules)
        for number, history in enumerate(world.histories):
            life = _Life(people, history)
            for moment in replay(history):
                life.take(moment)
                yield from life.answers(number, moment.step.received_at, moment.steps, moment.step.visitor)
            for now in world.nows:
                if now >= history.end:
                    refresh.refresh_due(from_ms(now))
                    yield from life.answers(number, now, None, "a")


class _Life:
    """One history on its way through the live path, with a profile for each visitor."""

    def __init__(self, people: _People, history: History) -> None:
        self._people = people
        self.profiles = {"a": people.add(history.facts), "b": people.add(())}
        first = min((step.received_at for step in history.steps), default=0)
        for pk in self.profiles.values():
            refresh.refresh_profiles([pk], cause="import", now=from_ms(first))

    def take(self, moment: Moment) -> None:
        now, pk = moment.step.received_at, self.profiles[moment.step.visitor]
        if moment.step.kind == "merge":
            target = self.profiles["b"] = self.profiles["a"]
            Event.objects.filter(profile_id=pk).update(profile_id=target)
            Profile.objects.filter(pk=pk).update(merged_into_id=target)
            refresh.refresh_profiles([target], cause="merge", now=from_ms(now), refold=True)
            return
        self._people.void(moment.voided)
        stored = () if moment.stored is None else (_as_ingested(moment.stored),)
        self._people.insert(pk, stored)
        before = Profile.objects.get(pk=pk)
        batch = StoredBatch(
            profiles={pk: before},
            records={pk: stored},
            refold=frozenset({pk} if moment.voided else ()),
            received_at=from_ms(now),
        )
        may_read = moment.is_late or moment.voided or before.is_over_cap or _has_expired(before, now)
        with connection.execute_wrapper(_allowing if may_read else _refusing_events):
            refresh.refresh_events(batch)
        if Profile.objects.filter(pk=pk, is_over_cap=True).exists():
            refresh.refresh_due(from_ms(now))

    def answers(self, number: int, now: int, steps: int | None, visitor: str) -> Iterator[Member]:
        pk = self.profiles[visitor]
        members = set(Membership.objects.filter(profile_id=pk).values_list("segment__slug", flat=True))
        for slug in self._people.slugs:
            yield Member(history=number, now=now, steps=steps, visitor=visitor, slug=slug, value=slug in members)


def _as_ingested(record: EventRecord) -> EventRecord:
    return replace(record, message_hash=UUID(record.message_hash).hex)


def _has_expired(profile: Profile, now: int) -> bool:
    """An event lay in the future of the last evaluation, or a void did: then reading is right."""
    if profile.state is None:
        return True
    until = load_state(profile.state).valid_until
    return until is not None and until <= now


def _allowing(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    return execute(sql, params, many, context)


def _refusing_events(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    assert not (sql.startswith("SELECT") and "django_microseg_event" in sql), "an in-order arrival read events"
    return execute(sql, params, many, context)


class _People:
    """The table's side of a world: profiles, events and facts that go when the world does."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.slugs: list[str] = []

    def add(self, facts: Facts) -> int:
        profile = Profile.objects.create(created_at=from_ms(0))
        self.ids.append(profile.pk)
        for name, text, number, start, end in facts:
            Fact.objects.create(
                profile=profile,
                origin=profile,
                name=name,
                text=text,
                number=number,
                source="test",
                valid_from=from_ms(start),
                valid_until=None if end is None else from_ms(end),
            )
        return profile.pk

    def insert(self, pk: int, records: Sequence[EventRecord]) -> None:
        Event.objects.bulk_create(_event(pk, record) for record in records)

    def void(self, records: Sequence[EventRecord]) -> None:
        for record in records:
            Event.objects.filter(
                source=record.source, message_hash=record.message_hash, position=record.position
            ).update(voided_at=record.voided_at)

    def clear(self) -> None:
        for model in (Membership, MembershipChange, Event, Fact):
            model.objects.filter(profile_id__in=self.ids)._raw_delete(using="default")
        Profile.objects.filter(pk__in=self.ids).delete()
        SegmentVersion.objects.filter(segment__slug__in=self.slugs).delete()
        Segment.objects.filter(slug__in=self.slugs).delete()


def _event(pk: int, record: EventRecord) -> Event:
    fields = {name: getattr(record, name) for name in record.__slots__ if name not in ("value",)}
    fields["occurred_at"] = from_ms(record.occurred_at)
    fields["voided_at"] = None if record.voided_at is None else from_ms(record.voided_at)
    return Event(profile_id=pk, received_at=from_ms(record.occurred_at), value_base_minor=record.value, **fields)


@contextmanager
def _table() -> Iterator[_People]:
    people = _People()
    try:
        yield people
    finally:
        people.clear()


@contextmanager
def _in_force(world: World) -> Iterator[None]:
    """The world's rules as the published ones, with the world's currency and calendar."""
    ids, segments = {}, {}
    for slug, _rule in world.rules.items():
        segment = Segment.objects.create(slug=slug, name=slug)
        version = SegmentVersion.objects.create(segment=segment, number=1, rule={}, created_at=from_ms(0))
        ids[slug], segments[version.pk] = version.pk, segment.pk
    ruleset = ruleset_of(world, ids=ids)
    book = rulebook.Rulebook(
        version=1,
        ruleset=ruleset,
        folder=Folder(ruleset.plan, world.minor_exponent),
        population=world.population,
        live=ids,
        segments=segments,
        experiences=(),
    )
    with mock.patch.object(refresh, "current", lambda: book):
        yield
