"""Refresh at scale: one scan against a query per segment, and the due sweep against a full scan."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db.models import Q

from benchmarks.population import DAY, NOW, load
from benchmarks.result import Result
from benchmarks.rules import hundred_rules
from django_microseg.collect.fields import from_ms
from django_microseg.profile.models import Profile
from django_microseg.profile.scan import Scan
from django_microseg.segment.json_form import to_json
from django_microseg.segment.membership import read_snapshot
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import go_live, save_definition
from django_microseg.segment.refresh import refresh_all, refresh_due, refresh_profiles
from django_microseg.segment.rulebook import Rulebook, current
from django_microseg.segment.ruleset import Ruleset

__all__ = ["run"]

SAMPLED_SEGMENTS = 10


def run(database: str, profiles: int, events: int) -> Iterator[Result]:
    """All refresh figures of one database."""
    stored = load(profiles, events)
    size = f"{profiles:,} profiles, {stored:,} events, 100 rules, {database}"
    _put_in_force()
    yield _one_scan_or_many(database, size)
    yield from _due_or_everybody(database, size)


def _put_in_force() -> None:
    versions = []
    for slug, rule in hundred_rules().items():
        segment = Segment.objects.create(slug=slug, name=slug)
        versions.append(save_definition(segment, to_json(rule), now=from_ms(NOW - DAY)))
    go_live(versions, now=from_ms(NOW - DAY))


def _one_scan_or_many(database: str, size: str) -> Result:
    """One scan for all segments, against a scan that asks only what one segment needs, for each segment."""
    book = current()
    singles = [book.ruleset.only(frozenset({each.id})) for each in book.ruleset.definitions[:: 100 // SAMPLED_SEGMENTS]]
    start = time.perf_counter()
    together = _members_by_scan(book.ruleset, book)
    whole = time.perf_counter() - start
    start = time.perf_counter()
    for single in singles:
        alone = _members_by_scan(single, book)
        for each in single.definitions:
            assert alone[each.id] == together[each.id], f"{each.slug} differs"
    each_one = (time.perf_counter() - start) / len(singles)
    note = f"{size}; {len(singles)} segments asked one by one, scaled to 100"
    return Result(f"refresh.one_scan_vs_per_segment_100_{database}", 100 * each_one / whole, "times", "higher", 1, note)


def _members_by_scan(ruleset: Ruleset, book: Rulebook) -> dict[int, int]:
    """How many members each definition has."""
    sizes = dict.fromkeys((each.id for each in ruleset.definitions), 0)
    for _, values in Scan(tuple(ruleset.traits), NOW - DAY, ruleset.minor_exponent).rows(Q()):
        bits = ruleset.members_of_values(values, {}, NOW - DAY, book.population)
        for definition in ruleset.ids_of(bits):
            sizes[definition] += 1
    return sizes


def _due_or_everybody(database: str, size: str) -> Iterator[Result]:
    """A day passes without an event: the sweep over who is due, then a scan of everybody, which changes nobody."""
    now = from_ms(NOW)
    refresh_profiles([1], cause="time", now=from_ms(NOW - DAY))  # compiles the rules, for both sides
    before = _snapshots()
    due = Profile.objects.filter(next_flip__lte=now).count()
    start = time.perf_counter()
    swept = refresh_due(now)
    sweep = time.perf_counter() - start
    after = _snapshots()
    changed = sum(before[pk] != after[pk] for pk in before)
    start = time.perf_counter()
    missed = refresh_all(now, by="scan")
    scan = time.perf_counter() - start
    share = 100 * due / len(before)
    note = f"{size}; {due:,} profiles due within a day ({share:.1f} %)"
    yield Result(f"refresh.due_vs_full_scan_100k_{database}", scan / sweep, "times", "higher", 1, note)
    if database == "sqlite":
        assert swept.profiles == due
        yield Result("refresh.due_precision", 100 * changed / max(1, due), "percent", "higher", 1, note)
        yield Result("refresh.due_missed", missed.entered + missed.left, "memberships", "lower", 1, note)


def _snapshots() -> dict[int, frozenset[int]]:
    rows = Profile.objects.values_list("pk", "snapshot")
    return {pk: read_snapshot(snapshot) for pk, snapshot in rows.iterator(chunk_size=5000)}
