"""“Start here” in the admin: goal, segments, slot, and a day to look again, as plain pages with a way back.

How far somebody has come stands in the address, so Back works and nothing is kept. The last step makes a draft: nobody
sees it until somebody sets it live.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from django_microseg.collect.admin_pages import ModelAdmin
from django_microseg.collect.ids import read_id
from django_microseg.segment.admin_words import count_in_words
from django_microseg.segment.approval import is_wanted
from django_microseg.segment.models import Segment
from django_microseg.segment.rulebook import shop_zone
from django_microseg.segment.written import count_people

from ..models import Experience
from .form import StartForm
from .goals import GOALS, LOOK_AFTER_DAYS, Goal
from .known_slots import content_slots
from .make import draft_of, make, missing
from .offered import offered_by

__all__ = ["FEW", "WithStart"]

#: A shop with fewer live experiences than this is at its beginning.
FEW = 3
_RUNS_DAYS = 27


class WithStart(ModelAdmin):
    """Adds the pages of the guided start to the admin of experiences."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.start)
        return [path("start/", view, name=f"{self.opts.app_label}_{self.opts.model_name}_start"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        own: dict[str, Any] = {"start_url": self._start_url() if self.has_add_permission(request) else ""}
        if own["start_url"]:
            own["is_beginning"] = Experience.objects.filter(state=Experience.State.LIVE).count() < FEW
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def start(self, request: HttpRequest) -> HttpResponse:
        """The page of the step that the address says."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        made, goal = request.GET.get("made", ""), GOALS.get(request.GET.get("goal", ""))
        if goal is None:
            return self._step(request, 1, _("Start here"), goals=GOALS.items())
        if made:
            return self._made(request, goal, made)
        chosen = [slug for slug in request.GET.getlist("segment") if slug in goal.presets]
        if not chosen:
            return self._choose(request, goal, is_empty="segment" in request.GET or "next" in request.GET)
        return self._place(request, goal, chosen)

    # -- steps

    def _choose(self, request: HttpRequest, goal: Goal, *, is_empty: bool) -> HttpResponse:
        people, offered = count_people(), offered_by(goal, now=timezone.now())
        return self._step(
            request, 2, str(goal.title), goal=goal, goal_key=request.GET["goal"], is_empty=is_empty,
            offered=offered, people=count_in_words(people),
            may_add=self._may_add_segments(request), back=self._start_url(),
        )  # fmt: skip

    def _place(self, request: HttpRequest, goal: Goal, chosen: list[str]) -> HttpResponse:
        new = missing(chosen)
        if new and not self._may_add_segments(request):
            raise PermissionDenied
        slots = content_slots()
        form = StartForm(request.POST or None, slots=slots, initial=_initial(goal, slots))
        if request.method == "POST" and form.is_valid():
            try:
                experience = draft_of(form.cleaned_data, chosen)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return self._do(request, experience, request.GET["goal"])
        names = dict(Segment.objects.filter(slug__in=chosen).values_list("slug", "name"))
        offered = [names.get(slug) or _("%s (new)") % slug for slug in chosen]
        return self._step(
            request, 3, str(goal.title), goal=goal, form=form, chosen=offered, is_adding=bool(new),
            back=f"{self._start_url()}?{urlencode({'goal': request.GET['goal']})}",
        )  # fmt: skip

    def _do(self, request: HttpRequest, experience: Experience, goal: str) -> HttpResponse:
        new = make(experience, author=request.user.get_username(), now=timezone.now())
        self.log_addition(request, experience, "guided start")
        query = [("goal", goal), ("made", experience.pk), *(("new", segment.slug) for segment in new)]
        return HttpResponseRedirect(f"{self._start_url()}?{urlencode(query)}")

    def _made(self, request: HttpRequest, goal: Goal, made: str) -> HttpResponse:
        """What was made, and when to look again."""
        pk = read_id(made)
        found = None if pk is None else Experience.objects.filter(pk=pk).first()
        if found is None:
            return HttpResponseRedirect(self._start_url())
        new = set(request.GET.getlist("new"))
        segments = [
            (segment, reverse(f"{self.admin_site.name}:{self.opts.app_label}_segment_change", args=[segment.pk]),
             segment.slug in new)
            for segment in Segment.objects.filter(slug__in=found.segments).order_by("name")
        ]  # fmt: skip
        begins = (found.starts_at or timezone.now()).astimezone(shop_zone()).date()
        return self._step(
            request, 4, _("Ready to be looked at"), goal=goal, experience=found, segments=segments,
            experience_url=reverse(f"{self.admin_site.name}:{self.opts.app_label}_experience_change", args=[found.pk]),
            is_live=found.state == Experience.State.LIVE,
            look_on=f"{begins + dt.timedelta(days=LOOK_AFTER_DAYS):%Y-%m-%d}",
        )  # fmt: skip

    def _step(self, request: HttpRequest, number: int, title: str, **context: Any) -> TemplateResponse:
        shown = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": None, "title": title,
            "step": number, "needs_approval": is_wanted(), **context,
        }  # fmt: skip
        return TemplateResponse(request, "django_microseg/admin/start.html", shown)

    def _start_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_start")

    def _may_add_segments(self, request: HttpRequest) -> bool:
        return all(request.user.has_perm(f"{self.opts.app_label}.{verb}_segment") for verb in ("add", "change"))


def _initial(goal: Goal, slots: list[str]) -> dict[str, Any]:
    today = timezone.now().astimezone(shop_zone()).date()
    return {
        "name": str(goal.title),
        "slot": goal.slot if goal.slot in slots else next(iter(slots), ""),
        "content_html": str(goal.content),
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=_RUNS_DAYS),
    }
