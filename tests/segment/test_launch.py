"""Going live on somebody's word: what was shown, once, and only if nothing speaks against it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from django_microseg.segment import launch, objections, publish
from django_microseg.segment.launch import Objected, Shown, Stale, Switched, discard, put_all_in_force, put_in_force
from django_microseg.segment.models import Membership, Preparation, Segment, SegmentVersion
from django_microseg.segment.objections import Objection, judge
from django_microseg.segment.publish import activate, begin, pause
from django_microseg.segment.versions import candidate_of, newest_version
from tests.segment.shop import DAY, NOW, buy, members, redefine
from tests.segment.shop import put_in_force as live

pytestmark = pytest.mark.django_db

WIDER = 'count("order_completed") >= 1'


@pytest.fixture
def frequent() -> Segment:
    live(frequent='count("order_completed") >= 2')
    for customer, orders in (("one", 1), ("two", 2)):
        for days in range(orders):
            buy(customer, NOW - (days + 1) * DAY)
    return Segment.objects.get()


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> list[Objection]:
    """Whatever is in this list speaks against every version."""
    found: list[Objection] = []
    monkeypatch.setattr(objections, "_judges", {**objections._judges})
    judge(lambda version, now: found)
    return found


def _shown(segment: Segment) -> Shown:
    version = candidate_of(segment)
    return Shown(version.pk if version else None, segment.live_version_id)


def test_draft_goes_live_and_says_who_really_came(frequent: Segment) -> None:
    redefine("frequent", WIDER)
    assert put_in_force(frequent, shown=_shown(frequent), now=NOW + DAY) == Switched(1, 0)
    assert (members("frequent"), candidate_of(frequent)) == (["one", "two"], None)


def test_only_what_was_shown_goes_live(frequent: Segment) -> None:
    redefine("frequent", WIDER)
    shown = _shown(frequent)
    newer = redefine("frequent", 'count("order_completed") >= 3')
    with pytest.raises(Stale, match="draft was changed"):
        put_in_force(frequent, shown=shown, now=NOW)
    assert (members("frequent"), candidate_of(frequent)) == (["two"], newer)


def test_another_version_that_went_live_makes_it_stale(frequent: Segment) -> None:
    draft = redefine("frequent", WIDER)
    shown = _shown(frequent)
    live(other='count("order_completed") >= 9')
    activate([Segment.objects.get(slug="frequent")], now=NOW)
    redefine("frequent", WIDER)
    with pytest.raises(Stale, match="Another version went live"):
        put_in_force(frequent, shown=shown, now=NOW)
    draft.refresh_from_db()
    assert draft.state == "live"


def test_same_version_goes_live_once(frequent: Segment) -> None:
    redefine("frequent", WIDER)
    shown = _shown(frequent)
    put_in_force(frequent, shown=shown, now=NOW)
    with pytest.raises(Stale):
        put_in_force(frequent, shown=shown, now=NOW)


def test_what_somebody_is_preparing_is_left_to_them(frequent: Segment) -> None:
    begin([redefine("frequent", WIDER)], now=NOW)
    with pytest.raises(Stale, match="at this moment"):
        put_in_force(frequent, shown=_shown(frequent), now=NOW)
    assert members("frequent") == ["two"]


def test_what_a_dead_process_was_preparing_goes_live_after_all(frequent: Segment) -> None:
    begin([redefine("frequent", WIDER)], now=NOW)
    Preparation.objects.update(worked_at=timezone.now() - dt.timedelta(minutes=6))
    put_in_force(frequent, shown=_shown(frequent), now=NOW)
    assert members("frequent") == ["one", "two"]


def _happens_while_it_is_judged(monkeypatch: pytest.MonkeyPatch, version: SegmentVersion, state: str) -> None:
    def take(judged: SegmentVersion, now: dt.datetime) -> list[Objection]:
        SegmentVersion.objects.filter(pk=version.pk).update(state=state)
        return []

    monkeypatch.setattr(objections, "_judges", {"take": take})


@pytest.mark.parametrize("state", ["preparing", "discarded"])
def test_draft_that_somebody_else_takes_meanwhile_is_left_to_them(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    _happens_while_it_is_judged(monkeypatch, redefine("frequent", WIDER), state)
    with pytest.raises(Stale, match="Somebody else"):
        put_in_force(frequent, shown=_shown(frequent), now=NOW)
    assert (members("frequent"), frequent.versions.get(state="live").number) == (["two"], 1)


def test_draft_of_another_segment_that_somebody_takes_holds_nobody_up(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(other='count("order_completed") >= 9')
    _happens_while_it_is_judged(monkeypatch, redefine("other", WIDER), "discarded")
    redefine("frequent", WIDER)
    put_in_force(frequent, shown=_shown(frequent), now=NOW)
    assert members("frequent") == ["one", "two"]


def test_what_is_paused_while_it_is_prepared_does_not_come_into_force(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_all = publish.refresh_all

    def refresh_and_pause(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(publish, "refresh_all", refresh_all)
        done = refresh_all(*args, **kwargs)
        pause(Segment.objects.get(), now=NOW)
        return done

    draft = redefine("frequent", WIDER)
    monkeypatch.setattr(publish, "refresh_all", refresh_and_pause)
    with pytest.raises(Stale, match="paused meanwhile"):
        put_in_force(frequent, shown=_shown(frequent), now=NOW)
    draft.refresh_from_db()
    assert (frequent.state, draft.state, Membership.objects.count()) == ("paused", "retired", 0)


def test_objection_is_final_unless_it_may_be_acknowledged(frequent: Segment, doubtful: list[Objection]) -> None:
    redefine("frequent", WIDER)
    doubtful += [Objection("personas", "Eve would leave.", may_be_acknowledged=True), Objection("approval", "Ask.")]
    with pytest.raises(Objected) as caught:
        put_in_force(frequent, shown=_shown(frequent), acknowledged=["personas", "approval"], now=NOW)
    assert [each.code for each in caught.value.objections] == ["approval"]
    doubtful.pop()
    with pytest.raises(Objected, match="Eve would leave"):
        put_in_force(frequent, shown=_shown(frequent), now=NOW)
    assert members("frequent") == ["two"]
    put_in_force(frequent, shown=_shown(frequent), acknowledged=["personas"], now=NOW)
    assert members("frequent") == ["one", "two"]


def test_two_drafts_that_close_a_circle_do_not_both_go_live(frequent: Segment) -> None:
    live(rare='count("order_completed") >= 9')
    rare = Segment.objects.get(slug="rare")
    redefine("frequent", 'segment("rare")')
    redefine("rare", 'not segment("frequent")')
    put_in_force(frequent, shown=_shown(frequent), now=NOW)
    with pytest.raises(Objected, match="cannot be used"):
        put_in_force(rare, shown=_shown(rare), now=NOW)


def test_discarded_draft_is_no_longer_what_is_edited(frequent: Segment) -> None:
    draft = redefine("frequent", WIDER)
    assert discard(frequent, version_id=draft.pk, now=NOW)
    assert newest_version(frequent) == frequent.live_version
    assert not discard(frequent, version_id=draft.pk, now=NOW)
    activate([frequent], now=NOW)
    assert members("frequent") == ["two"]


def test_draft_waits_on_while_a_segment_that_it_uses_changes(frequent: Segment) -> None:
    live(keen='segment("frequent")')
    keen = Segment.objects.get(slug="keen")
    draft = redefine("keen", 'not segment("frequent")')
    redefine("frequent", WIDER)
    put_in_force(frequent, shown=_shown(frequent), now=NOW)
    keen.refresh_from_db()
    assert (candidate_of(keen), members("keen")) == (draft, ["one", "two"])


# -- several at once


def _drafts(**rules: str) -> dict[Segment, Shown]:
    """Segments that are not in force, each with its rule as a draft, as somebody was shown them."""
    for slug, text in rules.items():
        Segment.objects.create(slug=slug, name=slug)
        redefine(slug, text)
    return {row: _shown(row) for row in Segment.objects.filter(slug__in=rules).order_by("pk")}


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The slugs that were prepared together, time after time."""
    found: list[list[str]] = []

    def begin(versions: list[SegmentVersion], *, now: dt.datetime) -> Any:
        found.append([version.segment.slug for version in versions])
        return publish.begin(versions, now=now)

    monkeypatch.setattr(launch, "begin", begin)
    return found


@pytest.mark.usefixtures("frequent")
def test_those_that_have_nothing_to_do_with_others_are_prepared_together(prepared: list[list[str]]) -> None:
    live(keen='segment("named")')
    chosen = _drafts(names='segment("frequent")', one=WIDER, two='count("order_completed") >= 2', named=WIDER)
    done = put_all_in_force(chosen, now=NOW + DAY)
    assert prepared == [["one", "two"], ["names"], ["named"]]
    assert {row.slug: outcome for row, outcome in done.items()} == {
        "one": Switched(2, 0), "two": Switched(1, 0), "names": Switched(1, 0), "named": Switched(2, 0),
    }  # fmt: skip
    assert [members(slug) for slug in ("one", "two", "keen")] == [["one", "two"], ["two"], ["one", "two"]]


def test_what_something_speaks_against_holds_up_none_of_the_others(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch, prepared: list[list[str]]
) -> None:
    ill = {"ill": [Objection("approval", "Ask.")]}
    monkeypatch.setattr(objections, "_judges", {"ill": lambda version, now: ill.get(version.segment.slug, [])})
    chosen = _drafts(ill=WIDER, late=WIDER, well=WIDER)
    redefine("late", 'count("order_completed") >= 3')
    done = {row.slug: str(outcome) for row, outcome in put_all_in_force(chosen, now=NOW).items()}
    assert (done["ill"], "draft was changed" in done["late"], prepared) == ("Ask.", True, [["well"]])
    assert [members(slug) for slug in ("ill", "late", "well")] == [[], [], ["one", "two"]]
    assert set(SegmentVersion.objects.filter(segment__slug__in=["ill", "late"]).values_list("state", flat=True)) == {
        "draft",
        "discarded",
    }


@pytest.mark.usefixtures("frequent")
def test_two_chosen_that_close_a_circle_do_not_both_go_live() -> None:
    chosen = _drafts(a='segment("b")', b='not segment("a")')
    done = {row.slug: outcome for row, outcome in put_all_in_force(chosen, now=NOW).items()}
    assert (done["a"], type(done["b"])) == (Switched(0, 0), Objected)


def test_of_none_nothing_is_done(prepared: list[list[str]]) -> None:
    assert (put_all_in_force({}, now=NOW), prepared) == ({}, [])
