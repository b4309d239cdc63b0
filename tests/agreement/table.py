"""A world in the tables: its people, what they did, its rules in force. All is gone when the world is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from django.conf import settings
from django.db import transaction
from django.test import override_settings

from django_microseg.collect.fields import from_ms
from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event
from django_microseg.collect.record import EventRecord
from django_microseg.profile.models import Fact, Identity, Profile
from django_microseg.profile.traits.fold import Folder
from django_microseg.segment import rulebook
from django_microseg.segment.membership import read_snapshot
from django_microseg.segment.models import Membership, Publication, Segment, SegmentVersion
from django_microseg.segment.rule import SegmentCondition, conditions_of
from django_microseg.segment.rulebook import Rulebook
from django_microseg.segment.ruleset import Definition, Ruleset

from .oracle import Facts
from .worlds import World

__all__ = ["add_facts", "add_person", "add_records", "in_force", "key_of", "members_of", "ruleset_of", "visitor_key"]

#: Every world is published under a version of its own, so that nothing kept for another one is taken for it.
_VERSIONS = count(1)


# -- rules


def ruleset_of(
    world: World, slugs: Sequence[str] | None = None, ids: dict[str, int] | None = None, version: int = 1
) -> Ruleset:
    """The world's rules, or some of them and what they refer to, compiled."""
    chosen = _closure(world, slugs)
    ids = ids or {slug: at for at, slug in enumerate(world.rules, start=1)}
    return Ruleset(
        [Definition(ids[slug], slug, world.rules[slug], _references(world, slug, ids)) for slug in chosen],
        version=version,
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


@contextmanager
def in_force(world: World, *, state_cap: int | None = None) -> Iterator[Rulebook]:
    """The world's rules as the published ones, under its currency, calendar and cap."""
    own = {**settings.MICROSEG, "STATE_CAP": state_cap or world.state_cap}
    with override_settings(MICROSEG=own), transaction.atomic():
        try:
            yield _publish(world)
        finally:
            rulebook.forget()
            transaction.set_rollback(True)


def _publish(world: World) -> Rulebook:
    """Rows for those who ask the tables, and the compiled rules for those who ask the process.

    The rules do not go through JSON: half of what is drawn is finer than a person may write.
    """
    version = next(_VERSIONS)
    Publication.objects.all().delete()
    Publication.objects.bulk_create([Publication(version=version, ruleset_version=version)])
    segments = Segment.objects.bulk_create(
        Segment(slug=slug, name=slug, state=Segment.State.ACTIVE) for slug in world.rules
    )
    live = SegmentVersion.State.LIVE
    versions = SegmentVersion.objects.bulk_create(
        SegmentVersion(segment=segment, number=1, rule={"slug": segment.slug}, state=live, created_at=from_ms(0))
        for segment in segments
    )
    for segment, definition in zip(segments, versions, strict=True):
        segment.live_version = definition
    Segment.objects.bulk_update(segments, ["live_version"])
    ids = {each.segment.slug: each.pk for each in versions}
    ruleset = ruleset_of(world, ids=ids, version=version)
    book = rulebook._books["newest"] = Rulebook(
        version=version,
        ruleset=ruleset,
        folder=Folder(ruleset.plan, world.minor_exponent),
        population=world.population,
        live=ids,
        segments={each.pk: each.segment_id for each in versions},
        experiences=(),
    )
    return book


# -- people


def visitor_key(number: int) -> str:
    return f"visitor-{number}"


def key_of(number: int, visitor: str) -> PersonKey:
    """How somebody of a history is known: "a" is a customer, "b" a visitor."""
    return PersonKey("", f"customer-{number}") if visitor == "a" else PersonKey(visitor_key(number), "")


def add_person(number: int, facts: Facts = ()) -> Profile:
    """A customer who also has a visitor id, with facts that were declared long ago."""
    profile = Profile.objects.create(customer_key=f"customer-{number}", created_at=from_ms(0))
    kind = Identity.Kind.VISITOR
    Identity.objects.create(kind=kind, value=visitor_key(number), profile=profile, first_seen_at=from_ms(0))
    add_facts(profile, facts)
    return profile


def add_facts(profile: Profile, facts: Facts) -> None:
    """Rows as an import may leave them behind: overlapping, some of them never valid."""
    Fact.objects.bulk_create(
        Fact(
            profile=profile,
            origin=profile,
            name=name,
            text=text,
            number=number,
            source="import",
            valid_from=from_ms(start),
            valid_until=None if end is None else from_ms(end),
        )
        for name, text, number, start, end in facts
    )


def add_records(profile: Profile, records: Iterable[EventRecord], key: str = "") -> None:
    Event.objects.bulk_create(_event(profile.pk, record, key) for record in records)


def _event(pk: int, record: EventRecord, key: str) -> Event:
    columns = {name: getattr(record, name) for name in record.__slots__ if name != "value"}
    columns["occurred_at"] = from_ms(record.occurred_at)
    columns["voided_at"] = None if record.voided_at is None else from_ms(record.voided_at)
    return Event(
        profile_id=pk,
        visitor_key=key,
        received_at=from_ms(record.occurred_at),
        value_base_minor=record.value,
        **columns,
    )


def members_of(profile: Profile) -> frozenset[int]:
    """The definitions that a profile is a member by, which its snapshot must repeat."""
    rows = frozenset(Membership.objects.filter(profile_id=profile.pk).values_list("definition_id", flat=True))
    assert rows == read_snapshot(profile.snapshot), "the snapshot is not what the rows say"
    return rows
