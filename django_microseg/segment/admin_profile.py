"""What a person's page in the admin shows of segments: which, since when, and why or why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from django_microseg.collect.fields import to_ms
from django_microseg.collect.ids import read_id
from django_microseg.profile.admin import ProfileAdmin
from django_microseg.profile.models import Profile

from .explain import explain
from .explain.explain import NotInForce
from .explain.portrait import figures_of
from .models import Membership, Segment

__all__ = ["ProfileWithSegmentsAdmin"]


@dataclass(frozen=True, slots=True)
class _Row:
    """A segment in force, and since when the person is in it."""

    segment: Segment
    since: Any
    explain_url: str


class ProfileWithSegmentsAdmin(ProfileAdmin):
    """People, with the segments that they are in."""

    pages = {**ProfileAdmin.pages, "figures": "figures"}

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/explain/<slug:slug>/",
            self.admin_site.admin_view(self._page_view("explain")),
            name=f"{self._url_name}_explain",
        )
        return [own, *super().get_urls()]

    def panels(self, request: HttpRequest, profile: Profile) -> dict[str, Any]:
        rows = self._rows(profile)
        return {
            **super().panels(request, profile),
            "inside": [row for row in rows if row.since is not None],
            "outside": [row for row in rows if row.since is None],
            "figures_url": self.object_url("figures", profile.pk),
        }

    def explain(self, request: HttpRequest, profile: Profile, slug: str) -> HttpResponse:
        """Why the person is in a segment, or is not, or would be by another version: recomputed from the events."""
        segment = Segment.objects.select_related("live_version").filter(slug=slug).first()
        if segment is None:
            raise Http404
        asked = read_id(request.GET.get("version"))
        version = None if asked is None else segment.versions.filter(pk=asked).first()
        try:
            answer = explain(profile, segment, now=timezone.now(), version=version)
        except NotInForce:
            answer = None
        title = _("Why %(who)s is or is not in “%(segment)s”") % {"who": profile, "segment": segment}
        return self.render(request, "explain.html", profile, title, segment=segment, answer=answer, version=version)

    def figures(self, request: HttpRequest, profile: Profile) -> HttpResponse:
        """Every figure that some rule asks for, as it is for this person now."""
        figures = figures_of(profile, to_ms(timezone.now()))
        return self.render(request, "figures.html", profile, _("Figures"), figures=figures)

    def _rows(self, profile: Profile) -> list[_Row]:
        active = Segment.objects.filter(state=Segment.State.ACTIVE).order_by("name")
        members = Membership.objects.filter(profile=profile, definition__state="live")
        since = dict(members.values_list("segment_id", "since"))
        return [
            _Row(segment, since.get(segment.pk), self.object_url("explain", profile.pk, segment.slug))
            for segment in active
        ]
