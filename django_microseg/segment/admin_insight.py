"""Pages below one segment that say what it is like: its profile, its flow, and who was in it at a past moment.

Each is a page of its own, so that the page of the segment stays quick. Whoever may view the segment sees them; people
are named only to whoever may see people.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.collect.admin_pages import ObjectPages
from django_microseg.profile.models import Profile
from django_microseg.profile.permission import may_see_people

from .admin_as_of import KINDS, as_of_panel, chosen_ids, read_moment
from .admin_flow import PERIODS, flow_figure
from .admin_portrait import portrait_panel
from .insight.flow import flow_of
from .insight.portrait import portrait_of
from .insight.then import compare_then
from .models import Segment
from .rulebook import shop_zone

__all__ = ["InsightPages"]

_TABS = {
    "change": gettext_lazy("Overview"),
    "members": gettext_lazy("Members"),
    "portrait": gettext_lazy("Profile"),
    "flow": gettext_lazy("Flow"),
    "as_of": gettext_lazy("At a past moment"),
}


class InsightPages(ObjectPages):
    """Adds the pages to the admin of segments."""

    pages = {"profile": "portrait", "flow": "flow", "as-of": "as_of"}

    def portrait(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """What sets its members apart from everybody else, or from another segment."""
        others = Segment.objects.exclude(pk=segment.pk).exclude(live_version=None).order_by("name")
        base = next((each for each in others if each.slug == request.GET.get("base")), None)
        words = base.name if base else _("everybody else")
        panel = None
        if segment.live_version_id is not None:
            found, period = portrait_of(segment, base=base, now=timezone.now()), _("as of now, over all time")
            panel = portrait_panel(segment, found, words, period)
        return self._insight(request, "portrait", segment, _("Profile"), panel=panel, bases=others, base=base)

    def flow(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Where those who joined came from, and where those who left went."""
        days = next((each for each in PERIODS if str(each) == request.GET.get("days")), PERIODS[1])
        found = flow_of(segment, days=days, now=timezone.now())
        figure = flow_figure(segment.name, found, days)
        return self._insight(
            request, "flow", segment, _("Flow"), figure=figure, days=days, periods=PERIODS, is_cut=found.is_cut
        )

    def as_of(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Who was in it at a moment, as it was shown then and by the rule of now."""
        at, is_readable = read_moment(request.GET.get("at"), now=timezone.now())
        context: dict[str, Any] = {"is_readable": is_readable, "at": f"{at.astimezone(shop_zone()):%Y-%m-%dT%H:%M}"}
        if request.GET.get("at") and is_readable:
            then = compare_then(segment, at)
            panel = as_of_panel(segment, then, at, now=timezone.now())
            kinds = {name: words for name, words in KINDS.items() if panel.is_told or name == "recomputed"}
            kind = request.GET.get("kind", "")
            kind = kind if kind in kinds else next(iter(kinds))
            context |= {
                "panel": panel,
                "kind": kind,
                "kinds": kinds.items(),
                "page": self._profiles(request, chosen_ids(then, kind)) if may_see_people(request.user) else None,
            }
        return self._insight(request, "as_of", segment, _("At a past moment"), **context)

    def _profiles(self, request: HttpRequest, ids: list[int]) -> Page[Any]:
        """The profiles of one page of ids; who was erased meanwhile is not among them."""
        page: Page[Any] = self.get_paginator(request, ids, self.page_length).get_page(  # type: ignore[arg-type]
            request.GET.get("p")
        )
        found = Profile.objects.in_bulk(list(page.object_list))
        page.object_list = [found[pk] for pk in page.object_list if pk in found]
        return page

    def _insight(
        self, request: HttpRequest, page: str, segment: Segment, title: str, /, **context: Any
    ) -> HttpResponse:
        return self.render(request, f"segment_{page}.html", segment, title, tabs=self.tabs(segment, page), **context)

    def tabs(self, segment: Segment, here: str) -> list[tuple[str, str, bool]]:
        """Address and words of each page of a segment, and whether it is this one."""
        return [(self.object_url(name, segment.pk), str(words), name == here) for name, words in _TABS.items()]
