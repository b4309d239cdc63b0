"""Overlaps, parts and what is worth a look, against counting by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from django_microseg.profile.models import Profile
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Membership, Segment, SegmentSize, SegmentVersion
from django_microseg.segment.normal import canonical
from django_microseg.segment.overlap import compare, largest
from django_microseg.segment.overlap_figures import Overlap, overlap_of
from django_microseg.segment.parts import parents_of
from django_microseg.segment.rulebook import current
from django_microseg.segment.text import parse
from django_microseg.segment.twins import twins_of
from django_microseg.segment.worth_a_look import findings
from django_microseg.testing import days


def test_both_counts_each_combination_once():
    overlap = overlap_of(3, {0b001: 2, 0b011: 3, 0b110: 1})
    assert overlap == Overlap(((5, 3, 0), (3, 4, 1), (0, 1, 1)))
    assert (overlap.share(0, 1), overlap.share(1, 0), overlap.jaccard(0, 1)) == (0.6, 0.75, 0.5)


def test_share_of_nobody_is_none():
    empty = overlap_of(2, {})
    assert (empty.share(0, 1), empty.jaccard(0, 1)) == (None, None)


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        ('segment("vip")', {"vip"}),
        ('segment("vip") and age >= 18', {"vip"}),
        ('age >= 18 and (segment("vip") and segment("new"))', {"vip", "new"}),
        ('segment("vip") or age >= 18', set()),
        ('not segment("vip")', set()),
        ('age >= 18 and (segment("vip") or segment("new"))', set()),
        ("age >= 18", set()),
        ('not (not segment("vip") or age >= 18)', set()),
    ],
)
def test_part_is_what_demands_the_segment_at_the_top(text, parents):
    assert parents_of(parse(text)) == parents


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("age >= 18 and age < 30", "age < 30 and age >= 18", True),
        ("age >= 18 and age >= 18", "age >= 18", True),
        ('(age >= 18 or segment("a")) and age < 9', 'age < 9 and (segment("a") or age >= 18)', True),
        ("age >= 18 and age < 30", "age >= 18 or age < 30", False),
        ("age >= 18", "not (age >= 18)", False),
    ],
)
def test_order_and_repetition_make_no_other_rule(one, other, is_same):
    assert (canonical(parse(one)) == canonical(parse(other))) is is_same


def _people(number: int) -> list[Profile]:
    return Profile.objects.bulk_create(Profile(created_at=timezone.now()) for _ in range(number))


def _segment(slug: str, people: list[Profile], rule: str = "everyone()", **fields: object) -> Segment:
    """In force, with these members, whatever its rule says."""
    now = timezone.now()
    segment = Segment.objects.create(slug=slug, name=slug.title(), state="active", size=len(people), **fields)
    segment.live_version = SegmentVersion.objects.create(
        segment=segment, number=1, rule=to_json(parse(rule)), state="live", created_at=now, live_from=now
    )
    segment.save()
    Membership.objects.bulk_create(
        Membership(profile=each, segment=segment, definition=segment.live_version, since=now) for each in people
    )
    return segment


@pytest.mark.django_db
def test_overlap_is_read_in_one_statement_whatever_the_number(django_assert_num_queries):
    people = _people(10)
    rows = [_segment("a", people[:6]), _segment("b", people[4:]), _segment("c", people[:1]), _segment("d", [])]
    for number in (2, 4):
        with django_assert_num_queries(1):
            found = compare(rows[:number])
    assert found.overlap.both == ((6, 2, 1, 0), (2, 6, 0, 0), (1, 0, 1, 0), (0, 0, 0, 0))
    assert [each.slug for each in largest()] == ["a", "b", "c"]


@pytest.mark.django_db
def test_of_many_memberships_a_part_is_read(monkeypatch):
    people = _people(60)
    rows = [_segment("a", people), _segment("b", people)]
    monkeypatch.setattr("django_microseg.segment.overlap._MOST_READ", 60)
    found = compare(rows)
    assert (found.is_estimate, 0 < found.overlap.both[0][0] < 60, found.overlap.share(0, 1)) == (True, True, 1.0)


@pytest.mark.django_db
def test_more_than_twenty_and_what_is_not_in_force_are_left_out():
    rows = [_segment(f"s{number}", []) for number in range(22)]
    idle = Segment.objects.create(slug="idle", name="Idle")
    assert compare([idle, *rows]).segments == tuple(rows[:20])


@pytest.mark.django_db
def test_twins_are_those_of_whom_nineteen_of_twenty_are_the_same():
    people = _people(100)
    rows = [_segment("a", people), _segment("b", people[:95]), _segment("c", people[:94]), _segment("d", people[50:])]
    found = [(twin.one.slug, twin.other.slug, twin.share) for twin in twins_of(rows)]
    assert found == [("c", "b", 94 / 95), ("b", "a", 0.95)]


@pytest.mark.django_db
def test_few_members_are_no_twins():
    people = _people(19)
    assert twins_of([_segment("a", people), _segment("b", people)]) == []


def _found(used: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    return [(each.kind, [row.slug for row in each.segments]) for each in findings(current(), used, timezone.now())]


@pytest.mark.django_db
def test_each_kind_is_found_and_its_twin_is_not(monkeypatch):
    people = _people(30)
    _segment("sound", people, "age >= 1")
    _segment("never", [], "age >= 5 and age < 3")
    _segment("seldom", [], "age >= 3 and age < 5")
    _segment("first", [], "age >= 7 and age < 9")
    _segment("second", [], "age < 9 and age >= 7")
    _segment("lost", [], 'segment("gone")')
    _segment("alike", people[:29], "age >= 2")
    assert _found() == [("unknown", ["lost"]), ("contradiction", ["never"]), ("same", ["first", "second"]),
                        ("alike", ["alike", "sound"])]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "kinds"), [("draft", ["contradiction"]), ("discarded", [])])
def test_draft_is_judged_and_one_that_was_discarded_is_not(state, kinds):
    segment = Segment.objects.create(slug="idle", name="Idle")
    for number, rule, each in ((1, "age >= 1", "draft"), (2, "age >= 5 and age < 3", state)):
        SegmentVersion.objects.create(
            segment=segment, number=number, rule=to_json(parse(rule)), state=each, created_at=timezone.now()
        )
    assert [kind for kind, _ in _found()] == kinds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sizes", "is_empty"),
    [([(31, 0)], False), ([(30, 0)], True), ([(30, 0), (3, 1)], False), ([(29, 0)], False), ([], False)],
)
def test_empty_is_what_is_known_to_be_so_for_thirty_days(sizes, is_empty):
    segment = _segment("empty", [])
    for ago, size in sizes:
        SegmentSize.objects.create(segment=segment, day=timezone.localdate() - dt.timedelta(days=ago), size=size)
    assert (("empty", ["empty"]) in _found()) is is_empty


@pytest.mark.django_db
@pytest.mark.parametrize(("used", "age_days", "is_unused"), [((), 181, True), ((), 179, False), (("old",), 181, False)])
def test_unused_is_what_nothing_goes_by_for_half_a_year(used, age_days, is_unused):
    segment = _segment("old", [])
    SegmentVersion.objects.filter(pk=segment.live_version_id).update(live_from=timezone.now() - days(age_days))
    assert (("unused", ["old"]) in _found(used)) is is_unused


@pytest.mark.django_db
def test_findings_take_few_statements_whatever_the_number(django_assert_num_queries):
    people = _people(25)
    for number in range(3):
        _segment(f"s{number}", people if number else [], f"age >= {number}")
    book = current()
    for more in (0, 30):
        for number in range(more):
            _segment(f"m{number}", people, f"age >= {100 + number}")
        with django_assert_num_queries(3):
            findings(book, (), timezone.now())


@pytest.mark.django_db
def test_archived_segments_are_left_alone():
    segment = _segment("never", [], "nobody()")
    Segment.objects.filter(pk=segment.pk).update(state="archived")
    assert _found() == []
