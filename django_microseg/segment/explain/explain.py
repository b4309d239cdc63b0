"""Explains a membership to a person: recomputes the truth from the events and says why.

In come a profile and a segment, out goes an `Explanation`. Nothing stored by refresh is trusted,
so an explanation that disagrees with the stored membership shows a fault; nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from ...collect.fields import from_ms, to_ms
from ...collect.read import records_of
from ...collect.record import EventRecord
from ...profile.fact_rows import fact_rows
from ...profile.models import Fact, Profile
from ...profile.traits.definition import Trait
from ...profile.traits.match import make_predicate, names_of
from ..emit import condition_traits
from ..models import Segment, SegmentVersion
from ..rule import Condition, Rule, SegmentCondition
from ..rulebook import Rulebook, current, runnable
from ..sentence import describe
from ..text import render
from ..validate import segments_used
from ..vocabulary import build_labels
from .case import Case, leaves
from .change import smallest_change
from .explanation import Change, ConditionTrace, Evidence, Explanation
from .figures import actual_of, needed_of

__all__ = ["NotInForce", "explain"]

_EVIDENCE_SHOWN = 5


class NotInForce(ValueError):
    """The segment has no definition in force, so there is nothing to explain."""


def explain(
    profile: Profile,
    segment: Segment,
    *,
    now: dt.datetime,
    context: Mapping[str, Any] | None = None,
    version: SegmentVersion | None = None,
) -> Explanation:
    """Why a profile is in a segment at ``now``, or is not; would be, if a ``version`` were in force.

    Raises `NotInForce`.
    """
    book = current()
    rule, references = _asked(segment, version, book)
    case, moment = _case(profile, book, references.values(), context), to_ms(now)
    judge = case.judge(rule, references)
    is_member = judge.verdict(moment) is True
    flips_at, labels = judge.changes_at(moment), build_labels()
    by_waiting = None if is_member else flips_at
    return Explanation(
        segment=segment.slug,
        profile_id=profile.pk,
        now=now,
        is_member=is_member,
        sentence=describe(rule, labels),
        conditions=tuple(
            _trace(condition, depth, case, references, moment, labels) for depth, condition in leaves(rule)
        ),
        since=_instant(judge.true_since(moment)),
        leaves_at=_instant(flips_at) if is_member else None,
        joins_at=_instant(by_waiting),
        change=None if is_member else _change(rule, case, references, moment, by_waiting),
    )


def _asked(segment: Segment, version: SegmentVersion | None, book: Rulebook) -> tuple[Rule, Mapping[str, int]]:
    """The rule, and the definitions in force that it refers to."""
    if version is not None:
        rule = runnable(version.rule)
        return rule, {slug: book.live[slug] for slug in segments_used(rule) if slug in book.live}
    own = next((e for e in book.ruleset.definitions if e.id == book.live.get(segment.slug)), None)
    if own is None or segment.live_version is None:
        raise NotInForce(f"The segment {segment.slug!r} is not in force, so nobody is in it. Activate it first.")
    return runnable(segment.live_version.rule), own.references


def _change(rule: Rule, case: Case, references: Mapping[str, int], now: int, by_waiting: int | None) -> Change | None:
    found = smallest_change(rule, case, references, now)
    if found is not None or by_waiting is None:
        return found
    moment = from_ms(by_waiting)
    return Change("wait", (f"wait until {moment:%Y-%m-%d %H:%M:%S} UTC",), moment)


def _case(profile: Profile, book: Rulebook, used: Iterable[int], context: Mapping[str, Any] | None) -> Case:
    ((_, events),) = records_of([profile.pk])
    names = set(Fact.objects.filter(profile=profile).values_list("name", flat=True))
    facts = fact_rows(Q(profile=profile), names).get(profile.pk, {})
    ruleset = book.ruleset.only(frozenset(used))
    return Case(
        events=tuple(events),
        facts=facts,
        population=book.population,
        others=ruleset.definitions,
        minor_exponent=ruleset.minor_exponent,
        zone=ruleset.zone,
        context=context,
    )


def _trace(
    condition: Condition,
    depth: int,
    case: Case,
    references: Mapping[str, int],
    now: int,
    labels: Any,
) -> ConditionTrace:
    used = references if isinstance(condition, SegmentCondition) else {}
    judge = case.judge(condition, used)
    evidence = _evidence(condition, case, now)
    return ConditionTrace(
        text=render(condition),
        sentence=describe(condition, labels),
        depth=depth,
        is_met=judge.verdict(now),
        actual=actual_of(condition, case, now),
        needed=needed_of(condition, case, now),
        evidence=tuple(_shown(event) for event in evidence[-_EVIDENCE_SHOWN:]),
        evidence_total=len(evidence),
        met_since=_instant(judge.true_since(now)),
        changes_at=_instant(judge.changes_at(now)),
    )


def _evidence(condition: Condition, case: Case, now: int) -> list[EventRecord]:
    """The events that the condition's own trait counts at ``now``, oldest first."""
    traits = condition_traits(condition)
    if not traits:
        return []
    chosen = _chooser(traits[0], case.minor_exponent)
    low, high = _window(traits[0], case, now)
    return [
        event
        for event in case.events
        if low < event.occurred_at <= high and (event.voided_at is None or event.voided_at > now) and chosen(event)
    ]


def _chooser(trait: Trait, minor_exponent: int) -> Any:
    names = names_of(trait.stream.event)
    passes = make_predicate(trait.stream.where, minor_exponent)

    def chosen(event: EventRecord) -> bool:
        return (names is None or event.name in names) and (passes is None or passes(event))

    return chosen


def _window(trait: Trait, case: Case, now: int) -> tuple[int, int]:
    window = trait.window
    low = -1 if window.oldest is None else now - window.oldest
    if window.since is not None:
        chosen = _chooser(Trait("count", window.since), case.minor_exponent)
        marks = [e.occurred_at for e in case.events if e.occurred_at <= now and chosen(e)]
        low = max([low, *marks])
    return low, now - window.newest


def _shown(event: EventRecord) -> Evidence:
    words = (event.product_key, event.category, event.brand, event.order_key, event.campaign)
    detail = ", ".join(word for word in words if word)
    return Evidence(from_ms(event.occurred_at), event.name, detail)


def _instant(moment: int | None) -> dt.datetime | None:
    return None if moment is None else from_ms(moment)
