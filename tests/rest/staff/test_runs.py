"""Refreshes: what was done, how far one has come, a new one, and the end of one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from django_microseg.segment.full_run import work_on
from django_microseg.segment.models import RefreshRun
from django_microseg.segment.runs import SWEEP, recorded
from tests.rest.asking import code_of
from tests.rest.staff.asking import call, done

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("bought")
def test_run_is_started_watched_and_done(owner):
    response = call(owner, "POST", "runs/")
    run = response.json()
    assert (run["kind"], run["state"], run["asked_by"], run["by"]) == ("full", "running", "user-0", "fold")
    assert run["progress"] == {
        "done": 0, "total": 2, "entered": 0, "left": 0, "rate": None, "seconds_left": None, "error": "",
    }  # fmt: skip
    work_on(RefreshRun.objects.get(pk=run["number"]), seconds=5)
    after = owner.get(response.headers["Location"]).json()
    assert (after["state"], after["profiles"], after["progress"]["done"]) == ("done", 2, 2)


def test_run_that_is_under_way_is_cancelled_and_no_other(owner, bought):
    number = done(owner, "POST", "runs/", {"by": "scan"})["number"]
    assert done(owner, "POST", f"runs/{number}/cancel/")["state"] == "cancelled"
    assert code_of(call(owner, "POST", f"runs/{number}/cancel/")) == (409, "refused")
    with recorded(SWEEP, now=timezone.now()):
        sweep = RefreshRun.objects.get(kind=SWEEP)
        assert code_of(call(owner, "POST", f"runs/{sweep.pk}/cancel/")) == (409, "refused")
    assert done(owner, "GET", f"runs/{sweep.pk}/")["progress"] is None


def test_newer_run_takes_the_place_of_the_one_before(owner):
    first, second = (done(owner, "POST", "runs/")["number"] for _ in range(2))
    states = {run["number"]: run["state"] for run in done(owner, "GET", "runs/")["results"]}
    assert states == {first: "cancelled", second: "running"}


def test_runs_are_listed_newest_first_and_page_by_page_while_more_begin(owner):
    start = timezone.now() - dt.timedelta(days=1)
    for minute in range(5):
        RefreshRun.objects.create(kind=SWEEP, state="done", started_at=start + dt.timedelta(minutes=minute // 2))
    rows = list(RefreshRun.objects.order_by("-started_at", "-pk").values_list("pk", flat=True))
    page = done(owner, "GET", "runs/?page_size=2")
    seen = [run["number"] for run in page["results"]]
    RefreshRun.objects.create(kind=SWEEP, state="done", started_at=timezone.now())
    while page["next"]:
        page = owner.get(page["next"]).json()
        seen += [run["number"] for run in page["results"]]
    assert seen == rows


def test_run_that_is_not_there_and_a_way_that_nobody_knows(owner):
    assert code_of(call(owner, "GET", "runs/999999/")) == (404, "not_found")
    assert code_of(call(owner, "GET", "runs/99999999999999999999999/")) == (404, "not_found")
    assert code_of(call(owner, "GET", f"runs/{'9' * 5000}/")) == (404, "not_found")
    response = call(owner, "POST", "runs/", {"by": "magic"})
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/by"]
    assert RefreshRun.objects.count() == 0


@pytest.mark.usefixtures("bought")
def test_run_that_was_stopped_is_taken_up_again_and_one_that_is_done_is_not(owner):
    number = done(owner, "POST", "runs/")["number"]
    assert code_of(call(owner, "POST", f"runs/{number}/retry/")) == (409, "refused")
    done(owner, "POST", f"runs/{number}/cancel/")
    assert done(owner, "POST", f"runs/{number}/retry/")["state"] == "running"
    work_on(RefreshRun.objects.get(pk=number), seconds=5)
    assert code_of(call(owner, "POST", f"runs/{number}/retry/")) == (409, "refused")
    assert done(owner, "GET", f"runs/{number}/")["state"] == "done"


def test_run_is_not_taken_up_while_another_is_under_way(owner):
    first, second = (done(owner, "POST", "runs/")["number"] for _ in range(2))
    assert code_of(call(owner, "POST", f"runs/{first}/retry/")) == (409, "refused")
    assert done(owner, "GET", f"runs/{second}/")["state"] == "running"
