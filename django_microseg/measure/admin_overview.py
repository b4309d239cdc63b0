"""The overview in the admin: one page that says whether all is well, and what needs somebody if not.

Whoever may view segments sees it; nobody who visits the shop is named on it. Links and buttons are there for
whoever may use them.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..collect.admin_pages import ObjectPages, ReadOnly
from ..segment.admin_list import TREND_DAYS
from ..segment.sizes.growth import growth_of
from .overview import panels
from .overview.alerts import Alert, alerts_of
from .overview.dismissed import bring_back, dismiss, split
from .overview.situation import situation_at

__all__ = ["OverviewAdmin"]


class OverviewAdmin(ReadOnly, ObjectPages):
    """One page instead of a list."""

    list_pages = {"dismiss": "dismiss"}

    class Media:
        css = {"all": ["django_microseg/admin.css", "django_microseg/overview.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(self._may(request, f"{verb}_segment") for verb in ("view", "change"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        situation = situation_at(now)
        shown = panels.largest(situation.groups)
        growths = growth_of([group.pk for group in shown], days=TREND_DAYS, now=now)
        alerts, aside = split(alerts_of(situation), now=now)
        may_see_runs = self._may(request, "view_refreshrun") or self._may(request, "add_refreshrun")
        return self.render(
            request, "overview.html", None, _("Overview"),
            sentence=_sentence(len(alerts)), situation=situation,
            alerts=[(alert, self._url_of(request, alert)) for alert in alerts], aside=aside,
            may_dismiss=self._may(request, "change_segment"), dismiss_url=self.list_url("dismiss"),
            signs=[panels.sign_view(sign, now) for sign in situation.signs],
            intake=panels.intake_view(situation.intake), people=panels.people_views(situation.people),
            waiting=panels.waiting_views(situation),
            segments=[panels.segment_view(group, situation.people, growths[group.pk], self._page("segment_change",
                      group.pk)) for group in shown],
            number_of_segments=sum(1 for group in situation.groups if group.is_active),
            segments_url=self._page("segment_changelist"), presets_url=self._page("segment_presets"),
            moves=panels.moves(situation.groups),
            runs=[panels.run_view(run, now, self._page("refreshrun_change", run.pk), self._retry_url(request, run))
                  for run in situation.runs] if may_see_runs else None,
            runs_url=self._page("refreshrun_changelist"),
        )  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is nothing below it."""
        return self.changelist_view(request)

    def dismiss(self, request: HttpRequest) -> HttpResponse:
        """Put an alert aside, or bring one back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self._may(request, "change_segment"):
            raise PermissionDenied
        now, key = timezone.now(), request.POST.get("key", "")
        if request.POST.get("action") == "bring back":
            bring_back(key)
        else:
            alerts = alerts_of(situation_at(now))
            for alert in alerts:
                if alert.key == key:  # it may be over by now
                    dismiss(alert, alerts, by=request.user.get_username(), now=now)
        return HttpResponseRedirect(self.changelist_url())

    def _may(self, request: HttpRequest, permission: str) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{permission}")

    def _page(self, name: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{name}", args=args)

    def _url_of(self, request: HttpRequest, alert: Alert) -> str:
        """Where it can be mended; empty for who may not go there."""
        way = alert.way
        if way is None or not self._may(request, way.permission):
            return ""
        return self._page(way.page, *(() if way.pk is None else (way.pk,)))

    def _retry_url(self, request: HttpRequest, run: Any) -> str:
        may = run.may_be_taken_up and self._may(request, "add_refreshrun")
        return self._page("refreshrun_retry", run.pk) if may else ""


def _sentence(number: int) -> str:
    """The answer."""
    if not number:
        return _("All is well: nothing needs anybody at the moment.")
    return ngettext("%s thing needs somebody.", "%s things need somebody.", number) % number
