"""What the admin of segments shows of their use: which experiences and which other segments go by each.

Derived here because segments know nothing of experiences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from django_microseg.segment.admin import SegmentAdmin
from django_microseg.segment.admin_list import shown_of
from django_microseg.segment.models import Segment
from django_microseg.segment.rulebook import Rulebook, current, load
from django_microseg.segment.sentence import Labels
from django_microseg.segment.uses import uses_of

from .models import Experience

__all__ = ["SegmentWithUsesAdmin"]


_ANSWERS = ("yes", "no")


class InUseFilter(SimpleListFilter):
    title = gettext_lazy("use")
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("in use")), ("no", _("not in use"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Segment]) -> QuerySet[Segment]:
        if self.value() not in _ANSWERS:
            return queryset
        used = set().union(*_uses(current()))
        return queryset.filter(slug__in=used) if self.value() == "yes" else queryset.exclude(slug__in=used)


class SegmentWithUsesAdmin(SegmentAdmin):
    """Segments, with what goes by them."""

    list_display = [*SegmentAdmin.list_display, "used"]
    list_filter = [*SegmentAdmin.list_filter, InUseFilter]

    def rulebook(self, request: HttpRequest) -> Rulebook:
        """The filter has read it already, in this very request."""
        has_filtered = request.GET.get(InUseFilter.parameter_name) in _ANSWERS
        return load(0) if has_filtered else super().rulebook(request)

    def prepare_rows(self, segments: list[Segment], book: Rulebook, labels: Labels) -> None:
        super().prepare_rows(segments, book, labels)
        uses = _uses(book)
        for segment in segments:
            segment.__dict__["shown"]["used"] = _in_words(*(each[segment.slug] for each in uses))

    def used_slugs(self, book: Rulebook) -> Collection[str]:
        return set().union(*_uses(book))

    @admin.display(description=gettext_lazy("used by"))
    def used(self, segment: Segment) -> str:
        return shown_of(segment, "used")

    def panels(self, request: HttpRequest, segment: Segment) -> dict[str, Any]:
        experience = f"{self.opts.app_label}.add_{Experience._meta.model_name}"
        add = reverse(f"{self.admin_site.name}:{self.opts.app_label}_experience_add")
        return {
            **super().panels(request, segment),
            "uses": self.links(request, uses_of([segment.slug], now=timezone.now())),
            "add_experience_url": f"{add}?segments={segment.slug}" if request.user.has_perm(experience) else "",
        }


def _uses(book: Rulebook) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By slug: how many live experiences, live offers and segments in force go by a segment."""
    experiences = Counter(slug for each in book.experiences for slug in each["segments"])
    offers = Counter(slug for each in book.offers for slug in each["segments"])
    return experiences, offers, book.users


def _in_words(experiences: int, offers: int, segments: int) -> str:
    parts = [
        ngettext("%s experience", "%s experiences", experiences) % experiences if experiences else "",
        ngettext("%s offer", "%s offers", offers) % offers if offers else "",
        ngettext("%s segment", "%s segments", segments) % segments if segments else "",
    ]
    return ", ".join(part for part in parts if part) or _("nothing")
