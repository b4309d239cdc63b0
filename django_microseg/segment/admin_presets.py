"""The ready-made segments in the admin: each with its sentence and whether the shop has it; chosen ones are added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .admin_list import SegmentList, count_people
from .admin_words import count_in_words
from .approval import is_wanted
from .install import install_presets
from .models import Segment
from .presets import PRESETS, Preset, preset_rule, preset_text
from .sentence import describe
from .vocabulary import build_labels

__all__ = ["PresetPages"]

#: More people than a new rule can look at within the time that web servers commonly wait.
_MANY = 20_000


@dataclass(frozen=True, slots=True)
class _Offered:
    """A ready-made segment; ``segment`` is the one that the shop has of its slug, if any."""

    preset: Preset
    sentence: str
    text: str
    segment: Segment | None


class PresetPages(SegmentList):
    """Adds the page of ready-made segments below the list."""

    list_pages = {"presets": "presets"}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        own = {
            "presets_url": self.list_url("presets"),
            "preset_slugs": list(PRESETS),
            "may_add_presets": self.may_add_presets(request),
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def may_add_presets(self, request: HttpRequest) -> bool:
        """They are added and put in force at once."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def presets(self, request: HttpRequest) -> HttpResponse:
        """Every ready-made segment; a POST adds the chosen ones, all for want of a choice."""
        if request.method == "POST":
            return self._add(request)
        offered, people = _offered(), count_people()
        return self.render(
            request, "presets.html", None, _("Ready-made segments"),
            offered=offered,
            some_missing=any(each.segment is None for each in offered),
            may_add=self.may_add_presets(request),
            people=count_in_words(people),
            needs_approval=is_wanted(),
            is_large=people > _MANY,
        )  # fmt: skip

    def _add(self, request: HttpRequest) -> HttpResponse:
        if not self.may_add_presets(request):
            raise PermissionDenied
        chosen = [slug for slug in request.POST.getlist("preset") if slug in PRESETS]
        if not chosen:
            messages.warning(request, _("Nothing was added: no segment was chosen. Tick those that you want."))
            return HttpResponseRedirect(self.list_url("presets"))
        goes_live = not is_wanted()
        done = install_presets(chosen, goes_live=goes_live, now=timezone.now())
        added = [each.slug for each in done if each.outcome in ("new", "changed")]
        for segment in Segment.objects.filter(slug__in=added):
            self.log_addition(request, segment, "ready-made")
        if goes_live:
            words = ngettext("%s segment added and put in force.", "%s segments added and put in force.", len(added))
        else:
            words = ngettext(
                "%s segment added as a draft, which waits for approval.",
                "%s segments added as drafts, which wait for approval.",
                len(added),
            )
        messages.success(request, words % len(added))
        return HttpResponseRedirect(self.changelist_url())


def _offered() -> list[_Offered]:
    labels = build_labels()
    known = {segment.slug: segment for segment in Segment.objects.filter(slug__in=PRESETS)}
    return [
        _Offered(preset, describe(preset_rule(slug), labels), preset_text(slug), known.get(slug))
        for slug, preset in PRESETS.items()
    ]
