"""``runs/``: refreshes over many people: those that were, one with its progress, a new one, its end, and its going on.

Whoever has hands to spare works on a run: Celery's workers, the next sweep, or the admin's page of it.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.http.problem import Problem
from django_microseg.segment.full_run import cancel, progress_of, retry, start_full_refresh
from django_microseg.segment.models import RefreshRun
from django_microseg.segment.runs import FULL

from . import operations
from .asked import NoBody, PageParameters, RunRequest
from .cursor import page_of
from .permission import SEE_RUNS, START_RUNS
from .segment_answer import moment
from .view import StaffView, author_of, read, read_parameters

__all__ = ["CancelView", "RetryView", "RunView", "RunsView"]


class RunsView(StaffView):
    """Runs, the newest first; and where one is asked for."""

    needs = {"GET": (SEE_RUNS,), "POST": (START_RUNS,)}

    @operations.RUNS
    def get(self, request: Request) -> Response:
        asked = read_parameters(PageParameters, request)
        rows = RefreshRun.objects.all()
        page = page_of(rows, request, order=["-started_at", "-pk"], size=asked["page_size"], cursor=asked["cursor"])
        return Response(page.answer(_fields))

    @operations.START
    def post(self, request: Request) -> Response:
        given = read(RunRequest, request.data)
        run = start_full_refresh(now=timezone.now(), by=given["by"], asked_by=author_of(request))
        address = request.build_absolute_uri(f"{run.pk}/")
        return Response(_with_progress(run), status=201, headers={"Location": address})


class RunView(StaffView):
    """One run, and how far it has come."""

    needs = {"GET": (SEE_RUNS,)}

    @operations.RUN
    def get(self, request: Request, number: int) -> Response:
        return Response(_with_progress(_run(number)))


class CancelView(StaffView):
    """A full run ends; what it has done stays done."""

    needs = {"POST": (START_RUNS,)}

    @operations.CANCEL
    def post(self, request: Request, number: int) -> Response:
        read(NoBody, request.data)
        run = _run(number)
        cancel(run)
        return Response(_with_progress(run))


class RetryView(StaffView):
    """A full run that failed or was cancelled is taken up where it stopped."""

    needs = {"POST": (START_RUNS,)}

    @operations.RETRY
    def post(self, request: Request, number: int) -> Response:
        read(NoBody, request.data)
        run = _run(number)
        retry(run)
        return Response(_with_progress(run))


def _run(number: int) -> RefreshRun:
    run = RefreshRun.objects.filter(pk=number).first()
    if run is None:
        raise Problem("not_found", "There is no run of this number, or it is so old that it was cleared away.")
    return run


def _fields(run: RefreshRun) -> dict[str, Any]:
    return {
        "number": run.pk,
        "kind": run.kind,
        "state": run.state,
        "started_at": moment(run.started_at),
        "finished_at": moment(run.finished_at),
        "asked_by": run.asked_by,
        "by": run.by,
        "profiles": run.profiles,
        "entered": run.entered,
        "left": run.left,
        "error": run.error,
    }


def _with_progress(run: RefreshRun) -> dict[str, Any]:
    """``progress`` is null for what is no full refresh: such a run is over before anybody asks."""
    if run.kind != FULL:
        return {**_fields(run), "progress": None}
    progress = progress_of(run)
    return {
        **_fields(run),
        "progress": {
            "done": progress.done,
            "total": progress.total,
            "entered": progress.entered,
            "left": progress.left,
            "rate": progress.rate,
            "seconds_left": progress.seconds_left,
            "error": progress.error,
        },
    }
