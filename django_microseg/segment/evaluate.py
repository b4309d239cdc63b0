"""From a profile's row to its answer: bring the state up to date, ask the ruleset, find the next
flip. Reads the table only when the state cannot answer; writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Q

from .. import conf
from ..collect.fields import to_ms
from ..collect.read import records_of
from ..collect.record import EventRecord
from ..profile.fact_rows import fact_rows
from ..profile.models import Profile
from ..profile.scan import Scan
from ..profile.traits.state import FactRow, State, load_state
from .membership import Evaluated, read_snapshot
from .rulebook import Rulebook

__all__ = ["evaluate", "evaluate_events", "evaluate_scan", "has_usable_state", "scan_bits"]

#: How often a profile over the cap is looked at by scan, in milliseconds.
OVER_CAP_EVERY = 3_600_000

Facts = Mapping[int, dict[str, list[FactRow]]]


def has_usable_state(profile: Profile, book: Rulebook, now: int) -> bool:
    """Whether the stored state answers for ``now`` under the rules in force."""
    if profile.state is None or profile.dirty_since is not None:
        return False
    if profile.needs_version != book.ruleset.plan.version:
        return False
    state = load_state(profile.state)
    return state.valid_until is None or now < state.valid_until


def evaluate(profiles: Sequence[Profile], book: Rulebook, now: dt.datetime, *, refold: bool = False) -> list[Evaluated]:
    """Evaluate profiles from their states, folding anew those whose state cannot answer."""
    moment = to_ms(now)
    stale = [p for p in profiles if refold or not has_usable_state(p, book, moment)]
    states = _fold(stale, book, moment)
    answers = []
    for profile in profiles:
        state = states.get(profile.pk)
        is_kept = state is None
        if state is None:
            assert profile.state is not None
            state = load_state(profile.state)
        answers.append(_answer(profile, state, book, moment, keeps_state=is_kept))
    return _scan_over_cap(answers, book, now)


def evaluate_events(
    profiles: Mapping[int, Profile],
    events: Mapping[int, Sequence[EventRecord]],
    refold: Collection[int],
    book: Rulebook,
    now: dt.datetime,
) -> list[Evaluated]:
    """Evaluate profiles after new events: applied to the stored state, no other event read."""
    moment = to_ms(now)
    applied: dict[int, State] = {}
    for pk, profile in profiles.items():
        if pk not in refold and not profile.is_over_cap:
            state = _applied(profile, events.get(pk, ()), book, moment)
            if state is not None:
                applied[pk] = state
    over = [p for pk, p in profiles.items() if p.is_over_cap and pk not in applied]
    folded = _fold([p for pk, p in profiles.items() if pk not in applied and p not in over], book,
                   moment)  # fmt: skip
    answers = [_answer(profiles[pk], state, book, moment) for pk, state in {**applied, **folded}.items()]
    return [*answers, *(_postponed(p, moment) for p in over)]


def evaluate_scan(profiles: Sequence[Profile], book: Rulebook, now: dt.datetime) -> dict[int, int]:
    """The bits of profiles by one statement over the table, whatever their states say."""
    ids = [profile.pk for profile in profiles]
    return dict(scan_bits(Q(pk__in=ids), Q(profile_id__in=ids), book, now))


def scan_bits(profiles: Q, facts_of: Q, book: Rulebook, now: dt.datetime) -> Iterable[tuple[int, int]]:
    """(profile id, bits) of the profiles that match, by scan."""
    moment, ruleset = to_ms(now), book.ruleset
    facts = fact_rows(facts_of, ruleset.plan.facts) if ruleset.plan.facts else {}
    for pk, values in Scan(tuple(ruleset.traits), moment, ruleset.minor_exponent).rows(profiles):
        yield pk, ruleset.members_of_values(values, facts.get(pk, {}), moment, book.population)


def _applied(profile: Profile, events: Sequence[EventRecord], book: Rulebook, now: int) -> State | None:
    """The state with the events taken in, or None where it must be folded anew."""
    if _is_blank(profile):
        state = book.folder.empty(now)
    elif has_usable_state(profile, book, now):
        assert profile.state is not None
        state = load_state(profile.state)
    else:
        return None
    for event in events:
        is_void = event.voided_at is not None and event.voided_at <= now
        if not is_void and (_is_passing(event, now) or not book.folder.apply(state, event)):
            return None
    return state


def _is_passing(event: EventRecord, now: int) -> bool:
    """Whether it begins or ceases to count later on, which only a state folded anew foresees."""
    return event.occurred_at > now or event.voided_at is not None


def _is_blank(profile: Profile) -> bool:
    """Made just now: nothing was ever evaluated, so there is nothing to read either."""
    return profile.revision == 0 and profile.state is None and profile.dirty_since is None


def _fold(profiles: Sequence[Profile], book: Rulebook, now: int) -> dict[int, State]:
    if not profiles:
        return {}
    ids = [profile.pk for profile in profiles]
    facts = _facts(ids, book)
    states = {pk: book.folder.build(records, now, facts.get(pk)) for pk, records in records_of(ids)}
    for pk in ids:
        if pk not in states:
            states[pk] = book.folder.empty(now, facts.get(pk))
    return states


def _facts(ids: Sequence[int], book: Rulebook) -> Facts:
    names = book.ruleset.plan.facts
    return fact_rows(Q(profile_id__in=ids), names) if names else {}


def _answer(profile: Profile, state: State, book: Rulebook, now: int, *, keeps_state: bool = False) -> Evaluated:
    ruleset = book.ruleset
    if not keeps_state and book.folder.trim(state, now) > conf.get("STATE_CAP"):
        return _postponed(profile, now)
    bits = ruleset.members(state, now, book.population)
    flip = ruleset.next_flip(state, now, book.population, bits)
    compared = ruleset.compared(state, now)
    has_moved = compared != state.compared
    state.compared = compared
    return Evaluated(
        profile,
        frozenset(ruleset.ids_of(bits)),
        state,
        flip,
        compared=tuple(compared) if has_moved else None,
        keeps_state=keeps_state and not has_moved,
    )


def _postponed(profile: Profile, now: int) -> Evaluated:
    """A profile too large for a state keeps its answer until the sweep scans it."""
    return Evaluated(profile, read_snapshot(profile.snapshot), None, None, is_over_cap=True, dirty_since=now)


def _scan_over_cap(answers: list[Evaluated], book: Rulebook, now: dt.datetime) -> list[Evaluated]:
    """Profiles too large for a state get their answer from the table, and are due in an hour."""
    over = [each.profile for each in answers if each.is_over_cap]
    if not over:
        return answers
    bits = evaluate_scan(over, book, now)
    due = to_ms(now) + OVER_CAP_EVERY
    return [
        replace(
            each,
            definitions=frozenset(book.ruleset.ids_of(bits.get(each.profile.pk, 0))),
            next_flip=due,
            dirty_since=None,
        )
        if each.is_over_cap
        else each
        for each in answers
    ]
