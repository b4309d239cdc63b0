"""Runs of refresh in the admin: what was done when, one run with its progress, and “refresh now”.

A full refresh outlives the page that started it. While the page of a run is open it does some of the
work itself, so that a shop without workers can watch it end; a page that is left, or a worker that
died, is made up for by the next sweep, or by opening the page again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.collect.admin_pages import ObjectPages, ReadOnly

from .admin_run_words import KIND_WORDS, result_in_words, run_in_words, stuck_in_words
from .admin_words import ago, count_in_words, rate_in_words, span_in_words
from .full_run import RunRefused, cancel, progress_of, retry, start_full_refresh, unfinished, work_on
from .models import RefreshRun
from .run_progress import Progress, rate_of
from .runs import FULL, POPULATION
from .written import count_people

__all__ = ["RefreshRunAdmin"]

#: What a page that is watched does of the work at a time: short enough for any web server's patience.
WORK_SECONDS = 2.0
_LONGEST_SHOWN = 80
State = RefreshRun.State


class KindFilter(SimpleListFilter):
    title = gettext_lazy("what was looked at")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KIND_WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[RefreshRun]) -> QuerySet[RefreshRun]:
        return queryset.filter(kind=self.value()) if self.value() in KIND_WORDS else queryset


def _of_a_full_run(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Something that whoever may start runs can do to a full one, by POST; each step commits by itself."""

    @transaction.non_atomic_requests
    @wraps(page)
    def view(self: RefreshRunAdmin, request: HttpRequest, run: RefreshRun) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.may_start(request) or run.kind != FULL:
            raise PermissionDenied
        return page(self, request, run)

    return view


class RefreshRunAdmin(ReadOnly, ObjectPages):
    """Runs, the newest first. ``add_refreshrun`` is what allows to start, end and take up full ones."""

    list_display = ["began", "what", "state_now", "result", "took", "rate", "wrong"]
    list_display_links = ["began"]
    list_filter = [KindFilter, "state"]
    ordering = ["-started_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "django_microseg/admin/refresh_runs.html"
    list_pages = {"start": "start"}
    pages = {"work": "work", "progress": "progress", "cancel": "cancel", "retry": "retry"}

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def may_start(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.add_refreshrun")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.may_start(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or self.may_start(request)

    # -- the list

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        own = {"title": _("Refresh runs"), "start_url": self.list_url("start") if self.may_start(request) else ""}
        return super().changelist_view(request, {**own, **(extra_context or {})})

    @admin.display(description=gettext_lazy("began"), ordering="started_at")
    def began(self, run: RefreshRun) -> str:
        return f"{timezone.localtime(run.started_at):%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("looked at"), ordering="kind")
    def what(self, run: RefreshRun) -> str:
        kind = str(KIND_WORDS.get(run.kind, run.kind))
        return _("%(what)s, asked for by %(who)s") % {"what": kind, "who": run.asked_by} if run.asked_by else kind

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_now(self, run: RefreshRun) -> SafeString:
        return format_html('<span class="microseg-state is-{}">{}</span>', run.state, run.get_state_display())

    @admin.display(description=gettext_lazy("result"), ordering="profiles")
    def result(self, run: RefreshRun) -> str:
        return "" if run.kind == POPULATION else result_in_words(run.profiles, run.entered, run.left)

    @admin.display(description=gettext_lazy("took"))
    def took(self, run: RefreshRun) -> str:
        if run.finished_at is None:
            return ""
        return span_in_words((run.finished_at - run.started_at).total_seconds())

    @admin.display(description=gettext_lazy("people a second"), empty_value="")
    def rate(self, run: RefreshRun) -> str:
        """Of one that is under way, its own page knows."""
        rate = rate_of(run, run.profiles) if run.finished_at else None
        return "" if rate is None else rate_in_words(rate)

    @admin.display(description=gettext_lazy("what went wrong"), empty_value="")
    def wrong(self, run: RefreshRun) -> str:
        return Truncator(run.error).chars(_LONGEST_SHOWN)

    # -- one run

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """There is nothing to edit: the page says how far the run has come, and what can be done about it."""
        run = self.get_object(request, object_id) if object_id else None
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        if run is None:
            return self._gone(request, str(object_id))
        progress = progress_of(run) if run.kind == FULL else None
        may_start = self.may_start(request) and progress is not None
        return self.render(
            request, "refresh_run.html", None, _("Refresh of %s") % self.began(run),
            run=run, what=self.what(run), progress=progress, words=run_in_words(progress) if progress else "",
            stuck=stuck_in_words(progress),
            took=self.took(run), rate=self.rate(run), result=self.result(run),
            begun=ago(run.started_at, timezone.now()),
            advance_url=self.object_url("work" if may_start else "progress", run.pk),
            may_start=may_start, start_url=self.list_url("start"),
            cancel_url=self.object_url("cancel", run.pk), retry_url=self.object_url("retry", run.pk),
        )  # fmt: skip

    def progress(self, request: HttpRequest, run: RefreshRun) -> HttpResponse:
        """How far a run has come, for whoever may only look."""
        return _as_json(progress_of(run))

    @_of_a_full_run
    def work(self, request: HttpRequest, run: RefreshRun) -> HttpResponse:
        """Do some of the work and say how far it has come: as JSON to the page's script, else on the page."""
        progress = work_on(run, seconds=WORK_SECONDS)
        if request.headers.get("Accept") == "application/json":
            return _as_json(progress)
        return HttpResponseRedirect(self.object_url("change", run.pk))

    @_of_a_full_run
    def cancel(self, request: HttpRequest, run: RefreshRun) -> HttpResponse:
        try:
            cancel(run)
        except RunRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The refresh is cancelled. What it has done so far stays done."))
        return HttpResponseRedirect(self.object_url("change", run.pk))

    @_of_a_full_run
    def retry(self, request: HttpRequest, run: RefreshRun) -> HttpResponse:
        try:
            retry(run)
        except RunRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(self.object_url("change", run.pk))

    # -- refresh now

    @transaction.non_atomic_requests
    def start(self, request: HttpRequest) -> HttpResponse:
        """Say what a full refresh is and how long the last one took; start one when that is confirmed."""
        if not self.may_start(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._start(request)
        last = RefreshRun.objects.filter(kind=FULL, state=State.DONE).order_by("-started_at").first()
        running = unfinished()
        return self.render(
            request, "refresh_start.html", None, _("Refresh now"),
            people=count_in_words(count_people()),
            last_ago=ago(last.started_at, timezone.now()) if last else "", last_took=self.took(last) if last else "",
            running_url=self.object_url("change", running.pk) if running else "",
            list_url=self.changelist_url(),
        )  # fmt: skip

    def _start(self, request: HttpRequest) -> HttpResponse:
        try:
            run = start_full_refresh(now=timezone.now(), asked_by=request.user.get_username())
        except RunRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.list_url("start"))
        return HttpResponseRedirect(self.object_url("change", run.pk))


def _as_json(progress: Progress) -> JsonResponse:
    return JsonResponse(
        {
            "done": progress.done,
            "total": progress.total,
            "words": run_in_words(progress),
            "error": progress.error,
            "is_idle": progress.is_idle,
            "is_over": progress.is_over,
        }
    )
