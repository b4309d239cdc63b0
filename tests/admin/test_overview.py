"""The overview: whether all is well, what needs somebody and why, and who may see and do what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from django_microseg.collect.counts import COUNTS
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import IntakeCount, IntakeMinute
from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.decide.switch import stop
from django_microseg.measure.models import DismissedAlert
from django_microseg.profile.models import Profile
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.heartbeat import BEAT, CONSUMER, SWEEP, WORKER, note_seen
from django_microseg.segment.models import RefreshRun, RefreshShard, Segment, SegmentSize
from django_microseg.segment.publish import pause
from django_microseg.segment.sweep import sweep
from tests.admin.reading import read
from tests.segment.shop import being_prepared, redefine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands_still")]

PAGE = "/admin/django_microseg/overview/"
DISMISS = f"{PAGE}dismiss/"
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
WELL = "All is well: nothing needs anybody at the moment."


@pytest.fixture
def well() -> None:
    """Somebody sweeps."""
    sweep(timezone.now())


def words(browser: Client) -> str:
    return read(browser.get(PAGE).text).words


def alerts(browser: Client) -> list[str]:
    return [alert.key for alert, _ in browser.get(PAGE).context["alerts"]]


def week(segment: Segment, before: int, now: int, *, joined: int = 0, left: int = 0, by_rule: int = 0) -> None:
    today = timezone.localdate()
    SegmentSize.objects.filter(segment=segment).delete()
    SegmentSize.objects.create(segment=segment, day=today - 7 * DAY, size=before, joined=99, left=99)
    SegmentSize.objects.create(
        segment=segment, day=today - DAY, size=now, joined=joined, left=left, by_rule=by_rule
    )  # fmt: skip
    Segment.objects.filter(pk=segment.pk).update(size=now)


# -- the whole page


@pytest.mark.usefixtures("well")
def test_shop_in_which_all_is_well_says_so(owner, make_segment, happen):
    make_segment("buyers", 'count("order_completed") >= 1')
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    said = words(owner)
    assert WELL in said
    assert "customers 1 100.0 %" in said
    assert "Sweep at work just now" in said
    assert "Celery's beat not in use never seen" in said


def test_empty_shop_says_what_is_missing_and_offers_the_button(owner):
    said = words(owner)
    assert "Nobody has come yet: no event was received." in said
    assert "No segment is in force, so the shop treats everybody alike." in said
    assert "Nobody sweeps" in said
    assert "/admin/django_microseg/segment/presets/" in read(owner.get(PAGE).text).addresses()


def test_it_stands_first_in_the_list_and_is_linked_from_segments(owner):
    ours = next(app for app in owner.get("/admin/").context["app_list"] if app["app_label"] == "django_microseg")
    assert ours["models"][0]["name"].strip() == "Overview"
    assert PAGE in read(owner.get("/admin/django_microseg/segment/").text).addresses()


@pytest.mark.usefixtures("well")
def test_segment_that_was_never_counted_is_no_zero(owner, make_segment):
    make_segment("buyers", 'count("order_completed") >= 1')
    Segment.objects.update(size=None)
    SegmentSize.objects.all().delete()
    assert "Buyers not counted yet not counted yet" in words(owner)
    Segment.objects.update(size=0)
    assert "Buyers 0" in words(owner)


@pytest.mark.usefixtures("well")
def test_as_many_queries_for_many_segments_and_the_worst_day(owner, make_segment, django_assert_max_num_queries):
    many = [make_segment(f"s{n}", 'count("order_completed") >= 1') for n in range(12)]
    owner.get(PAGE)
    with django_assert_max_num_queries(13):
        owner.get(PAGE)
    for segment in many:
        week(segment, 100, 10, left=90)
    stop(by="ada", now=timezone.now())
    save_experience(_experience("s1", "gone"), now=timezone.now())
    start_full_refresh(now=timezone.now())
    with django_assert_max_num_queries(15):
        assert [key.partition(":")[0] for key in alerts(owner)] == ["stopped", "stranded", "moved"]


def _experience(*segments: str) -> Experience:
    return Experience(
        slug="hero", name="Hero", slot="hero", content_html="x", state="live", segments=list(segments)
    )  # fmt: skip


# -- what comes in


@pytest.mark.usefixtures("well")
def test_events_of_the_last_hour_are_told_by_the_minute(owner):
    end = timezone.now().replace(second=0, microsecond=0)
    for minutes_ago, stored in ((0, 500), (1, 30), (60, 90), (61, 700)):
        IntakeMinute.objects.create(minute=end - minutes_ago * MINUTE, stored=stored)
    assert "120 events within the last hour: 2.0 a minute, 90 in the busiest" in words(owner)


def test_each_minute_counts_what_was_stored_and_refused(happen):
    happen("page_viewed", visitor="visitor-number-one", path="/")
    happen("page_viewed", visitor="visitor-number-one", path="/a")
    ingest([IncomingEvent("nonsense", customer_key="17")], source="test", received_at=timezone.now())
    COUNTS.write()
    assert list(IntakeMinute.objects.values_list("stored", "refused")) == [(2, 1)]
    happen("page_viewed", visitor="visitor-number-one", path="/b")
    IntakeMinute.objects.create(minute=timezone.now() - 3 * DAY, stored=7)
    COUNTS.write()
    assert list(IntakeMinute.objects.values_list("stored", "refused")) == [(3, 1)]


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize(("refused", "before", "is_told"), [(30, 1, True), (30, 20, False), (19, 0, False)])
def test_more_refusals_than_usual_are_told(owner, refused, before, is_told):
    today = timezone.now().date()
    IntakeCount.objects.create(day=today, source="shop", name="x", stored=70, refused=refused)
    IntakeCount.objects.create(day=today - 5 * DAY, source="shop", name="x", stored=80, refused=before)
    assert ("refused" in alerts(owner)) is is_told


@pytest.mark.usefixtures("well")
def test_silence_of_a_busy_shop_is_told_and_of_a_quiet_one_is_not(owner):
    IntakeCount.objects.create(day=timezone.now().date() - 3 * DAY, source="shop", name="x", stored=20_000)
    assert alerts(owner) == ["quiet"]
    IntakeCount.objects.update(stored=5_000)
    assert alerts(owner) == []


# -- who is at work


@pytest.mark.usefixtures("well")
def test_worker_that_fell_silent_is_told_and_one_that_never_was_is_not(owner):
    now = timezone.now()
    note_seen(BEAT, now=now)
    note_seen(WORKER, now=now)
    assert alerts(owner) == []
    note_seen(WORKER, now=now - 6 * MINUTE)
    assert alerts(owner) == ["silent:worker"]


@pytest.mark.usefixtures("well")
def test_consumer_is_missed_only_where_events_wait_in_a_stream(owner, settings, monkeypatch):
    monkeypatch.setattr("django_microseg.measure.overview.situation.line_of_events", lambda: None)
    assert alerts(owner) == []
    settings.MICROSEG = {**settings.MICROSEG, "SINK": "redis", "SINK_URL": "redis://127.0.0.1:1/0"}
    assert alerts(owner) == ["silent:consumer"]
    note_seen(CONSUMER, now=timezone.now())
    assert alerts(owner) == []


@pytest.mark.usefixtures("well")
def test_stream_whose_server_does_not_answer_is_told(owner, settings):
    settings.MICROSEG = {**settings.MICROSEG, "SINK_URL": "redis://127.0.0.1:1/0"}
    assert alerts(owner) == ["line"]
    assert "events waiting in the stream unknown" in words(owner)


def test_sweep_of_an_hour_ago_is_told(owner):
    sweep(timezone.now() - 61 * MINUTE)
    assert alerts(owner) == ["silent:sweep"]
    note_seen(SWEEP, now=timezone.now())
    assert alerts(owner) == []


@pytest.mark.usefixtures("well")
def test_who_waits_for_long_is_told(owner, happen):
    happen("page_viewed", visitor="visitor-number-one", path="/")
    Profile.objects.update(dirty_since=timezone.now() - 5 * MINUTE)
    assert alerts(owner) == []
    Profile.objects.update(dirty_since=timezone.now() - 20 * MINUTE)
    assert alerts(owner) == ["behind"]
    assert "1 person waits for an answer." in words(owner)


# -- runs


@pytest.mark.usefixtures("well")
def test_failed_refresh_is_told_with_its_reason_and_can_be_taken_up(owner, staff):
    run = start_full_refresh(now=timezone.now())
    RefreshRun.objects.filter(pk=run.pk).update(state="failed", finished_at=timezone.now(), error="disk full\nat x")
    said = words(owner)
    assert "The last full refresh failed. Reason: disk full." in said
    assert "Go on where it stopped" in said
    assert "Go on where it stopped" not in words(staff("view_segment", "view_refreshrun"))
    owner.post(f"/admin/django_microseg/refreshrun/{run.pk}/retry/")
    assert alerts(owner) == []


@pytest.mark.usefixtures("well")
def test_failure_that_another_run_made_good_is_listed_and_no_alert(owner):
    RefreshRun.objects.create(
        kind="sweep", state="failed", started_at=timezone.now(), finished_at=timezone.now(), error="locked"
    )
    assert alerts(owner) == ["failed:sweep"]
    sweep(timezone.now())
    assert alerts(owner) == []
    assert "failed 0 locked" in words(owner)


@pytest.mark.usefixtures("well")
def test_run_that_stands_still_is_told_and_the_sweep_takes_it_up_again(owner, happen):
    happen("page_viewed", visitor="visitor-number-one", path="/")
    run = start_full_refresh(now=timezone.now())
    assert alerts(owner) == []
    long_ago = timezone.now() - 11 * MINUTE
    RefreshShard.objects.filter(run=run).update(state="taken", taken_at=long_ago, attempts=1)
    RefreshRun.objects.filter(pk=run.pk).update(started_at=long_ago)
    assert alerts(owner) == ["stuck:full"]
    assert "Nobody has got any further since" in read(owner.get(_page(run)).text).words
    sweep(timezone.now())
    run.refresh_from_db()
    assert (run.state, run.profiles, alerts(owner)) == ("done", 1, [])


def _page(run: RefreshRun) -> str:
    return f"/admin/django_microseg/refreshrun/{run.pk}/change/"


def test_sweep_whose_process_was_killed_is_told_and_ended_by_the_next(owner):
    long_ago = timezone.now() - 16 * MINUTE
    killed = RefreshRun.objects.create(kind="sweep", started_at=long_ago, seen_at=long_ago)
    assert alerts(owner) == ["stuck:sweep"]
    alive = RefreshRun.objects.create(kind="sweep", started_at=long_ago, seen_at=timezone.now())
    call_command("microseg_sweep", verbosity=0)
    killed.refresh_from_db()
    assert (killed.state, "no sign of life" in killed.error, alerts(owner)) == ("failed", True, [])
    assert RefreshRun.objects.get(pk=alive.pk).state == "running"


def test_run_that_gave_a_sign_of_life_is_left_alone():
    started = timezone.now() - 60 * MINUTE
    alive = RefreshRun.objects.create(kind="population", started_at=started, seen_at=timezone.now() - MINUTE)
    full = start_full_refresh(now=started)
    RefreshRun.objects.filter(pk=full.pk).update(started_at=started)
    sweep(timezone.now(), should_stop=lambda: True)
    assert RefreshRun.objects.get(pk=alive.pk).state == "running"
    assert RefreshRun.objects.get(pk=full.pk).state == "running"


def test_list_of_runs_shows_rate_and_error(owner):
    now = timezone.now()
    RefreshRun.objects.create(kind="full", state="done", started_at=now - MINUTE, finished_at=now, profiles=1200)
    RefreshRun.objects.create(kind="sweep", state="failed", started_at=now, finished_at=now, error="locked")
    RefreshRun.objects.create(kind="full", state="running", started_at=now)
    said = read(owner.get("/admin/django_microseg/refreshrun/").text).words
    assert "1,200 people looked at · no change of members 60 seconds 20" in said
    assert "nobody was due 0 seconds locked" in said


# -- segments and what hangs on them


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize(
    ("before", "now", "by_rule", "told"),
    [
        (100, 49, 0, "“Buyers” shrank by 51.0 % within 7 days, from 100 to 49."),
        (100, 151, 0, "“Buyers” grew by 51.0 % within 7 days, from 100 to 151."),
        (100, 50, 0, ""),  # half of it is not more than half
        (100, 20, -75, ""),  # a changed rule took them
        (10, 3, 0, ""),  # too few to say
        (0, 500, 0, ""),  # no part of nobody
    ],
)
def test_segment_that_moved_by_more_than_half_is_told(owner, make_segment, before, now, by_rule, told):
    week(make_segment("buyers", 'count("order_completed") >= 1'), before, now, by_rule=by_rule)
    titles = [alert.title for alert, _ in owner.get(PAGE).context["alerts"]]
    assert titles == ([told] if told else [])


@pytest.mark.usefixtures("well")
def test_segment_that_is_younger_than_a_week_is_not_compared(owner, make_segment):
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    week(segment, 100, 10)
    SegmentSize.objects.filter(segment=segment, size=100).delete()
    assert alerts(owner) == []


@pytest.mark.usefixtures("well")
def test_past_that_was_worked_out_afterwards_is_shown_and_no_alert(owner, make_segment):
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    week(segment, 100, 110, joined=12, left=2, by_rule=110)
    SegmentSize.objects.filter(segment=segment, size=100).update(is_recomputed=True)
    assert alerts(owner) == []
    assert "+10 in 6 days 12 2" in words(owner)


@pytest.mark.usefixtures("well")
def test_biggest_moves_of_the_week_are_named(owner, make_segment):
    week(make_segment("buyers", 'count("order_completed") >= 1'), 100, 110, joined=30, left=20)
    week(make_segment("viewers", 'count("product_viewed") >= 1'), 100, 105, joined=5)
    said = words(owner)
    assert "Most joined within 7 days Segment People Buyers 30 Viewers 5" in said
    assert "Most left within 7 days Segment People Buyers 20" in said


@pytest.mark.usefixtures("well")
def test_experience_for_a_segment_that_is_paused_is_told_with_the_way_there(owner, make_segment):
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    hero = _experience("buyers")
    save_experience(hero, now=timezone.now())
    assert alerts(owner) == []
    pause(segment, now=timezone.now())
    said = words(owner)
    assert "“Hero” is live for a segment that is not in force. Nobody is in “Buyers” at the moment." in said
    assert f"/admin/django_microseg/experience/{hero.pk}/change/" in read(owner.get(PAGE).text).addresses()


@pytest.mark.usefixtures("well")
def test_stop_is_told_with_who_and_why(owner):
    stop(by="ada", note="wrong <prices>", now=timezone.now())
    said = words(owner)
    assert "Personalisation is stopped. Every visitor sees the shop's defaults. Stopped by ada. wrong <prices>" in said
    assert "Start it again" in said


@pytest.mark.usefixtures("well")
def test_rule_left_in_preparation_is_told(owner, make_segment):
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    being_prepared(redefine("buyers", "everyone()"), worked_at=timezone.now() - 6 * MINUTE, is_free=True)
    assert alerts(owner) == [f"prepared:{segment.pk}"]
    assert "The next sweep goes on with it; what was in force stays in force." in words(owner)


@pytest.mark.usefixtures("well")
def test_old_draft_that_somebody_is_preparing_now_is_no_alert(owner, make_segment):
    make_segment("buyers", 'count("order_completed") >= 1')
    being_prepared(redefine("buyers", "everyone()", timezone.now() - 30 * DAY), worked_at=timezone.now() - MINUTE)
    assert alerts(owner) == []


# -- putting aside


@pytest.fixture
def shrunk(make_segment: Any, well: None) -> Segment:
    segment: Segment = make_segment("buyers", 'count("order_completed") >= 1')
    week(segment, 100, 45)
    return segment


def test_alert_put_aside_comes_back_when_its_matter_changes(owner, shrunk):
    owner.post(DISMISS, {"key": f"moved:{shrunk.pk}"})
    assert alerts(owner) == []
    assert "1 alert was put aside" in words(owner)
    week(shrunk, 100, 44)
    assert alerts(owner) == []
    week(shrunk, 100, 160)
    assert alerts(owner) == [f"moved:{shrunk.pk}"]


def test_alert_put_aside_can_be_brought_back_and_comes_back_after_a_month(owner, shrunk):
    key = f"moved:{shrunk.pk}"
    owner.post(DISMISS, {"key": key})
    owner.post(DISMISS, {"key": key, "action": "bring back"})
    assert alerts(owner) == [key]
    owner.post(DISMISS, {"key": key})
    DismissedAlert.objects.update(dismissed_at=timezone.now() - 31 * DAY)
    assert alerts(owner) == [key]


def test_what_is_over_is_forgotten_so_that_it_is_told_again(owner, shrunk):
    owner.post(DISMISS, {"key": f"moved:{shrunk.pk}"})
    week(shrunk, 100, 100)
    stop(by="ada", now=timezone.now())
    owner.post(DISMISS, {"key": "stopped"})
    assert [row.key for row in DismissedAlert.objects.all()] == ["stopped"]
    week(shrunk, 100, 45)
    assert alerts(owner) == [f"moved:{shrunk.pk}"]


def test_who_may_not_change_segments_cannot_put_aside(staff, shrunk):
    viewer = staff("view_segment")
    assert "Put aside" not in words(viewer)
    assert "Put aside" in words(staff("change_segment"))
    assert viewer.post(DISMISS, {"key": f"moved:{shrunk.pk}"}).status_code == 403
    assert staff("change_segment").get(DISMISS).status_code == 405
    assert alerts(viewer) == [f"moved:{shrunk.pk}"]


def test_nonsense_puts_nothing_aside(owner, shrunk):
    owner.post(DISMISS, {"key": "<script>"})
    assert not DismissedAlert.objects.exists()


# -- who may see


def test_who_may_view_segments_sees_counts_and_nobody(staff, shrunk, happen):
    happen("page_viewed", customer="ada-lovelace", path="/")
    viewer = staff("view_segment")
    page = viewer.get(PAGE)
    assert "ada-lovelace" not in page.text
    assert "Runs" not in read(page.text).words
    assert "Runs" in words(staff("view_segment", "view_refreshrun"))
    assert staff("view_profile").get(PAGE).status_code == 403


def test_links_are_there_for_whom_they_lead_somewhere(staff, well):
    stop(by="ada", now=timezone.now())
    assert "Start it again" not in words(staff("view_segment"))
    assert "Start it again" in words(staff("view_segment", "stop_personalisation"))


def test_page_keeps_to_a_strict_content_policy(owner, shrunk):
    assert read(owner.get(PAGE).text).refused == []
