"""Segments that somebody should look at: dead ones, twins, contradictions, rules that cannot be read.

Comes in: which slugs something goes by. Goes out: findings, the gravest first. Three statements, however many segments
there are; nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max, Min

from .contradiction import clash_of
from .errors import InvalidRule
from .models import Segment, SegmentSize
from .normal import canonical
from .rule import CustomCondition, Rule, conditions_of
from .rulebook import Rulebook, runnable, shop_zone
from .sizes.calendar import day_of
from .twins import twins_of
from .validate import segments_used
from .versions import rule_shown, with_newest_rule

__all__ = ["EMPTY_DAYS", "UNUSED_DAYS", "Finding", "findings"]

EMPTY_DAYS = 30
UNUSED_DAYS = 180


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind``: unknown, contradiction, same, alike, empty or unused.

    ``clash`` are the conditions that exclude each other, ``names`` what nobody knows, ``share`` that of a twin.
    """

    kind: str
    segments: tuple[Segment, ...]
    clash: tuple[Rule, ...] = ()
    names: tuple[str, ...] = ()
    share: float = 0.0


def findings(book: Rulebook, used: Collection[str], now: dt.datetime) -> list[Finding]:
    segments = list(with_newest_rule(Segment.objects.exclude(state=Segment.State.ARCHIVED)))
    rules = dict(_rules(segments))
    broken = {segment.pk: names for segment, names in _broken(segments, rules)}
    readable = [segment for segment in segments if segment.pk in rules and segment.pk not in broken]
    clashing = {segment.pk: clash for segment in readable if (clash := clash_of(rules[segment.pk])) is not None}
    sound = [segment for segment in readable if segment.pk not in clashing]
    same = list(_same(sound, rules))
    doubled = {segment.pk for each in same for segment in each.segments}
    return [
        *(Finding("unknown", (each,), names=broken[each.pk]) for each in segments if each.pk in broken),
        *(Finding("contradiction", (each,), clash=clashing[each.pk]) for each in readable if each.pk in clashing),
        *same,
        *(
            Finding("alike", (twin.one, twin.other), share=twin.share)
            for twin in twins_of([each for each in sound if each.pk not in doubled])
        ),
        *_empty(sound, book, now),
        *_unused(sound, used, now),
    ]


def _rules(segments: Sequence[Segment]) -> Iterator[tuple[int, Rule]]:
    for segment in segments:
        stored = rule_shown(segment)
        if stored is not None:
            try:
                yield segment.pk, runnable(stored)
            except InvalidRule:
                yield segment.pk, CustomCondition("")


def _broken(segments: Sequence[Segment], rules: dict[int, Rule]) -> Iterator[tuple[Segment, tuple[str, ...]]]:
    """Those that ask for something which this shop does not know (any more)."""
    known = {segment.slug for segment in segments}
    for segment in segments:
        if segment.pk in rules:
            kinds = {each.kind for each in conditions_of(rules[segment.pk]) if isinstance(each, CustomCondition)}
            gone = {f'segment("{slug}")' for slug in segments_used(rules[segment.pk]) - known}
            if kinds or gone:
                yield segment, tuple(sorted(kinds | gone))


def _same(segments: Sequence[Segment], rules: dict[int, Rule]) -> Iterator[Finding]:
    by_rule: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        by_rule[repr(canonical(rules[segment.pk]))].append(segment)
    for alike in by_rule.values():
        if len(alike) > 1:
            yield Finding("same", tuple(alike))


def _empty(segments: Sequence[Segment], book: Rulebook, now: dt.datetime) -> Iterator[Finding]:
    """In force, known to be empty on each day, and not of a kind that is met at the right moment alone."""
    start = day_of(now, shop_zone()) - dt.timedelta(days=EMPTY_DAYS)
    asked = [
        each for each in segments
        if each.state == Segment.State.ACTIVE and each.size == 0 and each.live_version_id not in book.ruleset.momentary
    ]  # fmt: skip
    if not asked:
        return
    rows = SegmentSize.objects.filter(segment__in=[each.pk for each in asked], day__gte=start).values("segment")
    days = {pk: (first, most) for pk, first, most in rows.annotate(first=Min("day"), most=Max("size")).values_list(
        "segment", "first", "most")}  # fmt: skip
    for segment in asked:
        first, most = days.get(segment.pk, (None, 0))
        if first is not None and first <= start and most == 0:
            yield Finding("empty", (segment,))


def _unused(segments: Sequence[Segment], used: Collection[str], now: dt.datetime) -> Iterator[Finding]:
    long_ago = now - dt.timedelta(days=UNUSED_DAYS)
    for segment in segments:
        live = segment.live_version
        if segment.slug not in used and live is not None and live.live_from and live.live_from <= long_ago:
            yield Finding("unused", (segment,))
