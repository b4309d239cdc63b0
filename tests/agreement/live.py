"""The live path: each history as it arrives, through the doors and signals of production.

Events are stored and announced as ingest does it; facts, merges and un-merges go through the real
functions with the receivers that `wiring` connected. Whenever the clock passes one of the world's
instants, the sweep runs. After each step the membership rows must be what the oracle makes of what
was known then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.db import connection

from django_microseg import conf
from django_microseg.collect.batch import StoredBatch
from django_microseg.collect.fields import from_ms, to_ms
from django_microseg.collect.models import Event
from django_microseg.collect.record import EventRecord
from django_microseg.collect.signals import events_stored
from django_microseg.profile import merge as profile_merge
from django_microseg.profile import unmerge as profile_unmerge
from django_microseg.profile.facts import set_fact
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Fact, Merge, Profile
from django_microseg.profile.resolve import resolve
from django_microseg.profile.signals import facts_changed
from django_microseg.profile.traits.state import load_state
from django_microseg.segment.evaluate import OVER_CAP_EVERY
from django_microseg.segment.refresh import refresh_due, refresh_profiles
from django_microseg.segment.rulebook import Rulebook

from .compare import Member
from .histories import History, Moment, Step, is_end, replay
from .table import add_facts, add_records, in_force, key_of, members_of
from .worlds import World

__all__ = ["LivePath"]


class LivePath:
    """The evaluator. ``seen`` counts what the worlds made it do, over all of them."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, world: World) -> Iterator[Member]:
        with in_force(world) as book, _voids_as_told():
            for number, history in enumerate(world.histories):
                yield from _Life(number, history, book, self.seen).unfold(world.nows)


class _Life:
    """One history on its way, with a profile for each visitor who has done something."""

    def __init__(self, number: int, history: History, book: Rulebook, seen: Counter[str]) -> None:
        self._number, self._history = number, history
        self._book, self._seen = book, seen
        self._known = {"a"} if history.facts else set()
        self._are_one = False
        self._over_cap: set[int] = set()
        self._steps = 0
        self._takers: dict[str, Callable[[Moment], None]] = {
            "event": self._take_event,
            "void": self._take_void,
            "fact": self._take_fact,
            "merge": self._take_merge,
            "unmerge": self._take_unmerge,
        }

    def unfold(self, instants: Sequence[int]) -> Iterator[Member]:
        ahead = sorted(instants)
        self._begin(min([ahead[0], *(step.received_at for step in self._history.steps)]))
        for moment in replay(self._history):
            now = moment.step.received_at
            while ahead and ahead[0] < now:
                yield from self._sweep(ahead.pop(0))
            self._takers[moment.step.kind](moment)
            self._steps = moment.steps
            if moment.stored is None and not moment.voided:
                refresh_due(from_ms(now))  # it may be that nothing was announced, and time has passed all the same
            both = ("a", "b") if moment.step.kind in ("merge", "unmerge") else (moment.step.visitor,)
            yield from (answer for visitor in both for answer in self._answers(visitor, now))
        for now in ahead:
            yield from self._sweep(now)
        self._seen["over the cap"] += len(self._over_cap)

    def _begin(self, now: int) -> None:
        """Facts from before the first step; somebody of whom nothing is ever heard was imported."""
        if self._known:
            profile = self._profile("a", now)
            add_facts(profile, self._history.facts)
            facts_changed.send(
                Fact, profile_ids=[profile.pk], names={fact[0] for fact in self._history.facts}, now=from_ms(now)
            )
        elif not self._history.steps:
            self._known.add("a")
            refresh_profiles([self._profile("a", now).pk], cause="import", now=from_ms(now))

    def _profile(self, visitor: str, now: int) -> Profile:
        key = key_of(self._number, visitor)
        return resolve([key], now=from_ms(now))[key]

    def _meet(self, visitor: str) -> None:
        """Somebody has a profile that was evaluated; one that a mere login made has no memberships yet."""
        self._known |= {"a", "b"} if self._are_one else {visitor}

    # -- steps

    def _take_event(self, moment: Moment) -> None:
        if moment.stored is None:
            return
        step, now = moment.step, moment.step.received_at
        self._meet(step.visitor)
        before = self._profile(step.visitor, now)
        add_records(before, [moment.stored], key_of(self._number, step.visitor).visitor_key)
        watch = _Watch()
        with connection.execute_wrapper(watch):
            _announce(before, [moment.stored], now)
        if before.is_over_cap or _has_expired(before, now):
            return
        if moment.is_late:
            self._seen["late and read again" if watch.has_read_events else "late and folded in"] += 1
        else:
            self._seen["in order"] += 1
            assert not watch.has_read_events, "an arrival in order read events"

    def _take_void(self, moment: Moment) -> None:
        for record in moment.voided:
            rows = Event.objects.filter(source=record.source, message_hash=record.message_hash)
            rows.filter(position=record.position).update(voided_at=record.voided_at)
        if moment.voided:
            now = moment.step.received_at
            _announce(self._profile(moment.step.visitor, now), [], now, is_past_changed=True)

    def _take_fact(self, moment: Moment) -> None:
        step, now = moment.step, moment.step.received_at
        assert step.fact is not None
        name, _text, _number, start, end = step.fact
        if is_end(step.fact) and step.visitor not in self._known:
            return
        self._meet(step.visitor)
        self._seen["facts"] += 1
        set_fact(
            self._profile(step.visitor, now),
            name,
            None if is_end(step.fact) else _said(step),
            source=f"step {moment.steps}",
            now=from_ms(now),
            valid_from=None if start == now else from_ms(start),
            valid_until=None if end is None else from_ms(end),
        )

    def _take_merge(self, moment: Moment) -> None:
        now = moment.step.received_at
        self._profile("b", now)
        self._seen["merges" if "a" in self._known else "promotions"] += 1
        self._are_one = True
        for visitor in sorted(self._known):
            self._meet(visitor)
        keys = key_of(self._number, "b").visitor_key, key_of(self._number, "a").customer_key
        merge_at_login(*keys, now=from_ms(now))

    def _take_unmerge(self, moment: Moment) -> None:
        now = from_ms(moment.step.received_at)
        target = self._profile("b", moment.step.received_at)
        merge = Merge.objects.filter(target=target, undone_at=None).last()
        if merge is not None:
            self._seen["un-merges"] += 1
            self._known |= {"a", "b"}
            unmerge(merge, now=now)
        self._are_one = False

    # -- answers

    def _reread(self, visitor: str) -> Profile:
        key = key_of(self._number, visitor)
        return Profile.objects.get(identities__value=key.customer_key or key.visitor_key)

    def _sweep(self, now: int) -> Iterator[Member]:
        refresh_due(from_ms(now))
        self._seen["sweeps"] += 1
        yield from (answer for visitor in sorted(self._known) for answer in self._answers(visitor, now))

    def _answers(self, visitor: str, now: int) -> Iterator[Member]:
        """What the rows say; of somebody over the cap they say what the last scan saw, and that comes now and then."""
        if visitor not in self._known:
            return
        profile = self._reread(visitor)
        if profile.is_over_cap and profile.dirty_since is not None:
            if self._steps % 5 and self._steps < len(self._history.steps):
                return
            self._seen["sweeps over the cap"] += 1
            refresh_due(from_ms(now))
            profile = self._reread(visitor)
        noted: frozenset[str] = frozenset()
        if profile.is_over_cap:
            self._over_cap.add(profile.pk)
            noted = frozenset({"over the cap"})
            assert profile.next_flip is not None
            now = to_ms(profile.next_flip) - OVER_CAP_EVERY
        elif profile.state is not None:
            state = load_state(profile.state)
            assert self._book.folder.trim(state, state.as_of) <= conf.get("STATE_CAP"), "a state over the cap was kept"
        members = members_of(profile)
        for slug, definition in self._book.live.items():
            yield Member(
                history=self._number,
                now=now,
                steps=self._steps,
                visitor=visitor,
                slug=slug,
                value=definition in members,
                noted=noted,
            )


@contextmanager
def _voids_as_told() -> Iterator[None]:
    """Histories void messages by hand, so a merge must not judge their orders by the cancellations it finds."""
    with ExitStack() as stack:
        for module in (profile_merge, profile_unmerge):
            stack.enter_context(mock.patch.object(module, "revoid", return_value=frozenset()))
        yield


def _announce(profile: Profile, records: Sequence[EventRecord], now: int, *, is_past_changed: bool = False) -> None:
    """As `collect.intake` does it when it has stored a batch."""
    batch = StoredBatch(
        profiles={profile.pk: profile},
        records={profile.pk: tuple(records)},
        refold=frozenset({profile.pk} if is_past_changed else ()),
        received_at=from_ms(now),
    )
    events_stored.send(sender=Event, batch=batch)


def _said(step: Step) -> Any:
    """The fact's value as a person gives it."""
    assert step.fact is not None
    name, text, number, *_ = step.fact
    if number is None:
        return text
    return (
        dt.date.fromisoformat(str(number))
        if name == "birthday"
        else number // 1000
        if number % 1000 == 0
        else f"{number / 1000}"
    )


def _has_expired(profile: Profile, now: int) -> bool:
    """An event lay in the future of the last evaluation, or a void did: then reading is right."""
    if profile.state is None:
        return profile.revision > 0
    until = load_state(profile.state).valid_until
    return until is not None and until <= now


class _Watch:
    """Sees every statement; remembers whether one of them selected events."""

    def __init__(self) -> None:
        self.has_read_events = False

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        self.has_read_events |= sql.lstrip("( ").startswith("SELECT") and f'"{Event._meta.db_table}"' in sql
        return execute(sql, params, many, context)
