"""“Refresh now” and the list of runs: who may start one, what the page shows, and that watching it does the work."""

from __future__ import annotations

import pytest
from django.urls import resolve

from django_microseg.segment import admin_runs, full_run
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.listen import deferred
from django_microseg.segment.models import Membership, RefreshRun
from tests.admin.reading import read
from tests.segment.shop import NOW, buy, do

pytestmark = pytest.mark.django_db

RUNS = "/admin/django_microseg/refreshrun/"
START = f"{RUNS}start/"
SEGMENTS = "/admin/django_microseg/segment/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def waiting(make_segment, monkeypatch):
    """Five buyers and five who only looked, whom nobody has put into their segment yet, in small shards."""
    monkeypatch.setattr(full_run, "_SHARD", 4)
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    with deferred():
        for number in range(5):
            buy(f"buyer-{number}")
            do(f"looker-{number}", "product_viewed", product_id="p1")
    return segment


def page_of(run: RefreshRun, *further: str) -> str:
    return f"{RUNS}{run.pk}/{'/'.join(further) or 'change'}/"


def start(browser) -> RefreshRun:
    response = browser.post(START)
    run = RefreshRun.objects.get(kind="full", state="running")
    assert response["Location"] == page_of(run)
    return run


def test_watching_the_page_puts_buyers_into_their_segment_and_nobody_else(owner, waiting):
    run = start(owner)
    page = read(owner.get(page_of(run)).text)
    assert "0 of 10 people looked at" in page.words
    assert page.all("progress", max="10", value="0")
    assert page.all("div", data_method="POST", data_advance=page_of(run, "work"))
    answers = [owner.post(page_of(run, "work"), headers=JSON).json()]
    while not answers[-1]["is_over"]:
        answers.append(owner.post(page_of(run, "work"), headers=JSON).json())
    assert answers[-1]["words"] == "10 of 10 people looked at · 5 came into segments, 0 left"
    keys = Membership.objects.filter(segment=waiting).values_list("profile__customer_key", flat=True)
    assert sorted(keys) == [f"buyer-{number}" for number in range(5)]
    over = read(owner.get(page_of(run)).text)
    assert "10 people looked at · 5 came into segments, 0 left" in over.words
    assert not over.all("progress")


def test_no_more_is_done_at_a_time_than_a_server_waits_for(owner, waiting, monkeypatch):
    monkeypatch.setattr(admin_runs, "WORK_SECONDS", 0.0)
    run = start(owner)
    answer = owner.post(page_of(run, "work"), headers=JSON).json()
    assert (0 < answer["done"] <= 4, answer["is_over"]) == (True, False)


def test_without_a_script_a_button_goes_on(owner, waiting):
    run = start(owner)
    assert owner.post(page_of(run, "work"))["Location"] == page_of(run)
    run.refresh_from_db()
    assert (run.state, run.entered) == ("done", 5)


def test_each_step_commits_by_itself_whatever_the_project_says(owner):
    run = RefreshRun(pk=1)
    for address in (START, page_of(run, "work"), page_of(run, "cancel"), page_of(run, "retry")):
        assert getattr(resolve(address).func, "_non_atomic_requests", set()) == {"default"}, address
    assert not hasattr(resolve(SEGMENTS).func, "_non_atomic_requests")


def test_cancelled_run_does_no_more_until_it_is_taken_up_again(owner, waiting):
    run = start(owner)
    words = owner.post(page_of(run, "cancel"), follow=True).text
    assert "What it has done so far stays done." in words
    assert "Go on where it stopped" in words
    assert owner.post(page_of(run, "work"), headers=JSON).json()["is_over"]
    assert not Membership.objects.filter(segment=waiting).exists()
    owner.post(page_of(run, "retry"))
    assert owner.post(page_of(run, "work"), headers=JSON).json()["is_over"]
    assert Membership.objects.filter(segment=waiting).count() == 5


def test_whoever_cancels_or_takes_up_second_is_told_so(owner, waiting):
    run = start(owner)
    owner.post(page_of(run, "work"))
    words = [owner.post(page_of(run, it), follow=True).text for it in ("cancel", "retry")]
    assert "Only a full refresh that is under way can be cancelled." in words[0]
    assert "What it has done so far stays done." not in words[0]
    assert "Only a full refresh that failed or was cancelled can be taken up again." in words[1]
    run.refresh_from_db()
    assert run.state == "done"


def test_one_that_another_follows_is_not_taken_up(owner, waiting):
    first = start(owner)
    owner.post(page_of(first, "cancel"))
    second = start(owner)
    words = owner.post(page_of(first, "retry"), follow=True).text
    assert "Another full refresh is under way" in words
    assert read(owner.get(START).text).all("a", href=page_of(second))


def test_what_went_wrong_is_said(owner, waiting, monkeypatch):
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("the disk is full")

    run = start(owner)
    monkeypatch.setattr(full_run, "step", fail)
    answer = owner.post(page_of(run, "work"), headers=JSON).json()
    assert "the disk is full" in answer["error"]
    assert "the disk is full" in read(owner.get(page_of(run)).text).words


def test_page_before_the_start_says_what_will_happen_and_starts_nothing(owner, waiting):
    page = read(owner.get(START).text)
    assert "all 10 people" in page.words
    assert "It has never been done yet." in page.words
    assert not RefreshRun.objects.filter(kind="full").exists()


@pytest.mark.parametrize("permissions", [(), ("view_segment", "change_segment"), ("view_refreshrun",)])
def test_who_may_not_start_one_cannot(staff, waiting, permissions):
    browser, run = staff(*permissions), start_full_refresh(now=NOW)
    posts = [browser.post(address).status_code for address in (START, *(page_of(run, it) for it in ("work", "cancel")))]
    assert posts == [403, 403, 403]
    assert browser.get(START).status_code == 403
    run.refresh_from_db()
    assert (run.state, Membership.objects.count()) == ("running", 0)


def test_who_may_only_look_sees_progress_without_working(staff, waiting):
    browser, run = staff("view_refreshrun"), start_full_refresh(now=NOW)
    page = read(browser.get(page_of(run)).text)
    assert page.all("div", data_method="GET", data_advance=page_of(run, "progress"))
    assert not page.all("form", action=page_of(run, "cancel"))
    answer = browser.get(page_of(run, "progress"))
    assert (answer.json()["done"], "no-store" in answer["Cache-Control"]) == (0, True)
    assert START not in read(browser.get(RUNS).text).addresses()


def test_looking_at_an_address_that_works_does_nothing(owner, waiting):
    run = start(owner)
    assert [owner.get(page_of(run, it)).status_code for it in ("work", "cancel", "retry")] == [405, 405, 405]


def test_list_of_segments_leads_there_for_who_may(owner, staff, waiting):
    assert START in read(owner.get(SEGMENTS).text).addresses()
    assert START not in read(staff("view_segment", "change_segment").get(SEGMENTS).text).addresses()


def test_list_of_runs_says_what_each_brought_with_the_same_queries_for_any_number(
    owner, waiting, django_assert_num_queries
):
    owner.post(page_of(start(owner), "work"))
    words = read(owner.get(RUNS).text).words
    assert "everybody, asked for by user-" in words
    assert "10 people looked at · 5 came into segments, 0 left" in words
    with django_assert_num_queries(4):
        owner.get(RUNS)
    for number in range(20):
        RefreshRun.objects.create(kind="sweep", started_at=NOW, finished_at=NOW, state="done", profiles=number)
    with django_assert_num_queries(4):
        owner.get(RUNS)
    assert "nobody was due" in read(owner.get(RUNS, {"kind": "sweep"}).text).words
    assert "everybody, asked for" not in read(owner.get(RUNS, {"kind": "sweep"}).text).words


def test_empty_list_offers_the_button(owner):
    page = read(owner.get(RUNS).text)
    assert "Nobody has been looked at yet." in page.words
    assert START in page.addresses()


def test_pages_need_no_inline_script_or_style(owner, waiting):
    run = start(owner)
    assert [fault for address in (START, page_of(run), RUNS) for fault in read(owner.get(address).text).refused] == []
