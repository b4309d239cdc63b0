"""A frozen segment: who is in it stays, whatever happens; nobody joins; and its rule comes back when that was shown."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.privacy.erase import erase_customer
from django_microseg.privacy.export import export_customer
from django_microseg.profile.errors import DifferentCustomers
from django_microseg.profile.fact_catalogue import InvalidFact, fact_types, list_name
from django_microseg.profile.facts import set_fact
from django_microseg.profile.importing import importable_names
from django_microseg.profile.lists import write_list
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Fact, Merge, Profile
from django_microseg.segment.as_of import sizes_as_of
from django_microseg.segment.difference import difference_of
from django_microseg.segment.explain import explain
from django_microseg.segment.freeze import NotFrozen, freeze, unfreeze
from django_microseg.segment.json_form import from_json
from django_microseg.segment.launch import Objected, Shown, discard, put_in_force
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.publish import activate, pause
from django_microseg.segment.refresh import refresh_all, refresh_due
from django_microseg.segment.sentence import describe
from django_microseg.segment.text import find_errors
from django_microseg.segment.versions import candidate_of
from django_microseg.segment.vocabulary import build_labels, build_vocabulary
from tests.segment.shop import DAY, NOW, buy, do, members, profile_of, redefine
from tests.segment.shop import put_in_force as live

pytestmark = pytest.mark.django_db

LATELY = 'count("order_completed", days=30) >= 1'
LONG_AFTER = NOW + 90 * DAY


@pytest.fixture
def recent() -> Segment:
    """Ada has bought in the last 30 days, Bob has not."""
    live(recent=LATELY)
    buy("ada", NOW - DAY)
    buy("bob", NOW - 40 * DAY)
    refresh_due(NOW)
    assert members("recent") == ["ada"]
    return Segment.objects.get(slug="recent")


@pytest.fixture
def frozen(recent: Segment) -> Segment:
    return _freeze(recent)


def _freeze(segment: Segment, now: dt.datetime = NOW) -> Segment:
    version = freeze(segment, now=now, author="eve", note="for the fair")
    put_in_force(segment, shown=Shown(version.pk, segment.live_version_id), now=now)
    segment.refresh_from_db()
    return segment


def _visit(visitor: str, name: str = "page_viewed", **properties: Any) -> None:
    event = IncomingEvent(name, occurred_at=NOW - DAY, visitor_key=visitor, properties=properties)
    assert ingest([event], source="server", received_at=NOW).stored == 1


def _in(segment: Segment) -> set[int]:
    return set(segment.memberships.filter(definition=segment.live_version_id).values_list("profile_id", flat=True))


# -- who is in


def test_member_stays_when_the_reason_is_gone(frozen: Segment) -> None:
    do("ada", "page_viewed", LONG_AFTER, path="/")
    refresh_due(LONG_AFTER)
    assert members("recent") == ["ada"]


@pytest.mark.parametrize("by", ["fold", "scan"])
def test_member_stays_through_a_full_run(frozen: Segment, by: str) -> None:
    done = refresh_all(LONG_AFTER, by=by)
    assert (done.entered, done.left, members("recent")) == (0, 0, ["ada"])
    assert sizes_as_of(LONG_AFTER, by=by).segments == {"recent": 1}


@pytest.mark.parametrize("by", ["fold", "scan"])
def test_nobody_joins_who_would_by_the_rule(frozen: Segment, by: str) -> None:
    buy("bob", NOW + DAY)
    buy("new", NOW + DAY)
    refresh_all(NOW + DAY, by=by)
    assert members("recent") == ["ada"]


def test_segment_with_nobody_stays_empty() -> None:
    live(recent=LATELY)
    _freeze(Segment.objects.get())
    buy("ada", NOW + DAY)
    assert members("recent") == []


def test_freezing_changes_nobody_and_is_a_version_with_author_and_note(frozen: Segment) -> None:
    version = frozen.live_version
    assert version is not None
    assert (version.number, version.author, version.note) == (2, "eve", "for the fair")
    assert not frozen.changes.filter(cause="definition").exists()


def test_segments_that_use_it_follow(recent: Segment) -> None:
    live(NOW, keen='segment("recent")')
    _freeze(recent)
    do("ada", "page_viewed", LONG_AFTER, path="/")
    buy("bob", LONG_AFTER)
    assert members("keen") == ["ada"]


# -- merge, erasure, export


def test_whoever_merges_with_a_member_is_in_it_and_not_after_that_is_undone() -> None:
    live(viewers='count("page_viewed") >= 1')
    _visit("v1")
    buy("ada")
    segment = _freeze(Segment.objects.get())
    visitor, ada = Profile.objects.get(identities__value="v1"), profile_of("ada")
    assert _in(segment) == {visitor.pk}
    merge_at_login("v1", "ada", now=NOW)
    assert _in(segment) == {ada.pk}
    unmerge(Merge.objects.get(), now=NOW)
    refresh_due(NOW)
    assert _in(segment) == {visitor.pk}


def test_member_stays_in_it_who_merges_with_somebody_who_was_not(frozen: Segment) -> None:
    _visit("v1")
    visitor, ada = Profile.objects.get(identities__value="v1"), profile_of("ada")
    merge_at_login("v1", "ada", now=NOW)
    assert _in(frozen) == {ada.pk}
    unmerge(Merge.objects.get(source=visitor), now=NOW)
    refresh_due(NOW)
    assert _in(frozen) == {ada.pk}


def test_two_who_are_not_in_it_are_not_after_they_merge(frozen: Segment) -> None:
    _visit("v1")
    merge_at_login("v1", "bob", now=NOW)
    assert _in(frozen) == {profile_of("ada").pk}


def test_whoever_was_merged_before_being_noted_is_on_the_list_as_one() -> None:
    _visit("v1")
    buy("ada")
    visitor, ada = Profile.objects.get(identities__value="v1"), profile_of("ada")
    merge_at_login("v1", "ada", now=NOW)
    assert write_list(list_name(7, 1), [visitor.pk, ada.pk, 10**9], value="2026-03-01", now=NOW) == 2
    assert set(Fact.objects.values_list("profile", "origin")) == {(ada.pk, visitor.pk), (ada.pk, ada.pk)}


def test_erasure_takes_a_member_out_and_leaves_no_fact(frozen: Segment) -> None:
    erase_customer("ada", now=NOW)
    assert (members("recent"), Fact.objects.count()) == ([], 0)


def test_export_names_it(frozen: Segment) -> None:
    (row,) = export_customer("ada")["tables"]["django_microseg_fact"]
    assert (row["name"], row["text"], row["source"]) == (f"frozen_{frozen.pk}_2", "2026-03-01", "frozen")
    assert export_customer("bob")["tables"]["django_microseg_fact"] == []


# -- in words


def test_sentence_and_explanation_say_when(frozen: Segment) -> None:
    assert frozen.live_version is not None
    rule = from_json(frozen.live_version.rule)
    assert describe(rule, build_labels()) == "was in it when it was frozen on 1 March 2026"
    inside, outside = explain(profile_of("ada"), frozen, now=NOW), explain(profile_of("bob"), frozen, now=NOW)
    assert (inside.is_member, inside.conditions[0].actual) == (True, "was in it then")
    assert (outside.is_member, outside.conditions[0].actual, outside.change) == (False, "was not in it then", None)


# -- the way back


def test_unfreezing_is_shown_before_it_is_done_and_ends_the_list(frozen: Segment) -> None:
    buy("bob", LONG_AFTER)
    draft = unfreeze(frozen, now=LONG_AFTER, author="eve")
    shown = difference_of(draft, LONG_AFTER)
    assert (shown.came.people, shown.left.people, members("recent")) == (1, 1, ["ada"])
    put_in_force(frozen, shown=Shown(draft.pk, frozen.live_version_id), now=LONG_AFTER)
    assert members("recent") == ["bob"]
    assert list(Fact.objects.values_list("valid_until", flat=True)) == [LONG_AFTER]


def test_frozen_again_it_keeps_who_is_in_it_then(frozen: Segment) -> None:
    buy("bob", LONG_AFTER)
    draft = unfreeze(frozen, now=LONG_AFTER)
    put_in_force(frozen, shown=Shown(draft.pk, frozen.live_version_id), now=LONG_AFTER)
    frozen.refresh_from_db()
    _freeze(frozen, LONG_AFTER + DAY)
    refresh_all(LONG_AFTER + 90 * DAY)
    assert members("recent") == ["bob"]


def test_paused_and_activated_again_it_is_as_it_was(frozen: Segment) -> None:
    pause(frozen, now=NOW + DAY)
    assert members("recent") == []
    activate([frozen], now=LONG_AFTER)
    assert members("recent") == ["ada"]


def test_discarded_freezing_leaves_nothing(recent: Segment) -> None:
    draft = freeze(recent, now=NOW)
    assert Fact.objects.count() == 1
    assert discard(recent, version_id=draft.pk, now=NOW)
    assert (Fact.objects.count(), candidate_of(recent), members("recent")) == (0, None, ["ada"])


def test_another_version_that_goes_live_ends_only_lists_of_its_own_segment(frozen: Segment) -> None:
    live(NOW, other=LATELY)
    other = _freeze(Segment.objects.get(slug="other"))
    draft = unfreeze(other, now=NOW)
    put_in_force(other, shown=Shown(draft.pk, other.live_version_id), now=NOW + DAY)
    assert set(Fact.objects.filter(valid_until=None).values_list("name", flat=True)) == {f"frozen_{frozen.pk}_2"}


def test_list_of_a_freezing_that_waits_stays_while_its_segment_follows_another(recent: Segment) -> None:
    live(NOW, keen='segment("recent")')
    keen = Segment.objects.get(slug="keen")
    draft = freeze(keen, now=NOW)
    wider = redefine("recent", "nobody()")
    put_in_force(recent, shown=Shown(wider.pk, recent.live_version_id), now=NOW + DAY)
    assert members("keen") == []
    keen.refresh_from_db()
    put_in_force(keen, shown=Shown(draft.pk, keen.live_version_id), now=NOW + 2 * DAY)
    assert members("keen") == ["ada"]


# -- what is refused


def test_freezing_needs_members_to_keep_and_nothing_that_waits(frozen: Segment) -> None:
    with pytest.raises(NotFrozen, match="frozen already"):
        freeze(frozen, now=NOW)
    redefine("recent", "everyone()")
    with pytest.raises(NotFrozen, match="draft waits"):
        unfreeze(frozen, now=NOW)
    pause(frozen, now=NOW)
    with pytest.raises(NotFrozen, match="not in force"):
        freeze(frozen, now=NOW)


def test_segment_that_goes_by_its_rule_is_not_unfrozen(recent: Segment) -> None:
    with pytest.raises(NotFrozen, match="not frozen"):
        unfreeze(recent, now=NOW)


def test_freezing_that_died_on_the_way_does_not_go_live(recent: Segment) -> None:
    draft = freeze(recent, now=NOW)
    SegmentVersion.objects.filter(pk=draft.pk).update(worked_at=NOW)
    with pytest.raises(Objected, match="not all been noted"):
        put_in_force(recent, shown=Shown(draft.pk, recent.live_version_id), now=NOW)
    discard(recent, version_id=draft.pk, now=NOW)
    assert _freeze(recent).live_version is not None


def test_no_other_segment_may_ask_for_the_list(frozen: Segment) -> None:
    assert frozen.live_version is not None
    live(NOW, thief="nobody()")
    thief = Segment.objects.get(slug="thief")
    draft = redefine("thief", "everyone()")
    SegmentVersion.objects.filter(pk=draft.pk).update(rule=frozen.live_version.rule)
    with pytest.raises(Objected, match="cannot be used"):
        put_in_force(thief, shown=Shown(draft.pk, thief.live_version_id), now=NOW)


@pytest.mark.parametrize("rule", ['frozen_1_2 == "2026-03-01"', "known(frozen_1_2)", "not (unknown(frozen_1_2))"])
def test_rule_that_somebody_writes_may_not_ask_for_a_list(rule: str) -> None:
    (error,) = find_errors(rule, build_vocabulary(segments={}))
    assert error.message == "The fact `frozen_1_2` says who is in a frozen segment, and no rule may ask for it."


def test_nobody_else_may_set_it(frozen: Segment) -> None:
    name = f"frozen_{frozen.pk}_2"
    with pytest.raises(InvalidFact, match="is never declared"):
        set_fact(profile_of("bob"), name, "2026-03-01", source="crm", now=NOW)
    with pytest.raises(InvalidFact, match="kept for the members of a frozen segment"):
        fact_types({name: {"kind": "text"}})
    assert name not in importable_names()
    assert "frozen_food" in fact_types({"frozen_food": {"kind": "text"}})


# -- cost and agreement


def test_members_are_noted_many_at_once(django_assert_max_num_queries: Any) -> None:
    Profile.objects.bulk_create(Profile(created_at=NOW) for _ in range(5000))
    ids = list(Profile.objects.order_by("pk").values_list("pk", flat=True))
    with django_assert_max_num_queries(60):
        assert write_list(list_name(7, 1), ids, value="2026-03-01", now=NOW) == 5000


def _live_of(pk: int) -> int:
    profile = Profile.objects.get(pk=pk)
    return pk if profile.merged_into_id is None else _live_of(profile.merged_into_id)


def _log_in(visitor: str, customer: str, now: dt.datetime) -> None:
    with suppress(DifferentCustomers):
        merge_at_login(visitor, customer, now=now)


def _undo_last(now: dt.datetime) -> None:
    for merge in Merge.objects.filter(undone_at=None).order_by("-pk")[:1]:
        unmerge(merge, now=now)


@pytest.mark.parametrize("seed", range(6))
def test_event_sweep_fold_scan_and_explanation_agree_whatever_happens(seed: int) -> None:
    """In it is whoever was in it when it was frozen, as the one they are now."""
    dice = random.Random(seed)
    live(NOW - DAY, viewers='count("page_viewed", days=5) >= 1', buyers='not segment("viewers")')
    for number in range(4):
        _visit(f"v{number}", dice.choice(["page_viewed", "session_started"]))
        buy(f"c{number}", NOW - DAY)
    refresh_due(NOW)
    segment = _freeze(Segment.objects.get(slug="viewers"))
    noted, now = _in(segment), NOW
    happenings: list[Callable[[], Any]] = [
        lambda: buy(f"c{dice.randrange(4)}", now),
        lambda: do(f"c{dice.randrange(4)}", "page_viewed", now, path="/"),
        lambda: _log_in(f"v{dice.randrange(4)}", f"c{dice.randrange(4)}", now),
        lambda: _undo_last(now),
        lambda: refresh_all(now, by=dice.choice(["fold", "scan", "state"])),
    ]
    for _ in range(12):
        now += dt.timedelta(hours=dice.randrange(1, 60))
        dice.choice(happenings)()
        refresh_due(now)
        expected = {_live_of(pk) for pk in noted}
        assert _in(segment) == expected
    assert sizes_as_of(now, by="fold") == sizes_as_of(now, by="scan")
    people = Profile.objects.filter(merged_into=None)
    assert {each.pk for each in people if explain(each, segment, now=now).is_member} == expected
