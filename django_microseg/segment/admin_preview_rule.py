"""The preview beside the rule's field: what the text would find, in words, while it is being written.

``POST <admin>/django_microseg/segment/preview/`` takes ``rule_text``, ``slug``, ``overlap`` (the slug of a segment to
compare with) and ``asker`` (which page of somebody's it is); the answer is JSON of texts to show.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from django_microseg.profile.models import Profile

from .admin_look import LookPages
from .admin_preview_words import lines_of, mixes_of, near_misses_of, overlap_in_words
from .judged import Fault, FaultyRule, read_rule
from .models import Segment
from .patience import Overtaken, Patience, TooMuch, take_turn
from .preview import Preview, preview_rule
from .rule import Rule
from .sentence import describe
from .vocabulary import build_labels

__all__ = ["PreviewPages"]

_LONGEST_ASKER, _LONGEST_NAME = 40, 200
_MOST_NAMES, _MOST_ERRORS = 20, 3


class PreviewPages(LookPages):
    """Adds the addresses that the script of the form asks."""

    list_pages = {**LookPages.list_pages, "preview": "preview", "preview-segments": "preview_segments"}

    def preview_urls(self) -> dict[str, str]:
        """What the panel of the form asks."""
        return {"preview_url": self.list_url("preview"), "preview_segments_url": self.list_url("preview_segments")}

    def preview(self, request: HttpRequest) -> HttpResponse:
        """JSON of texts to show. Whoever may neither add nor change segments has no rule to try."""
        if request.method != "POST" or not self._may_write(request):
            raise PermissionDenied
        text = request.POST.get("rule_text", "").strip()
        if not text:
            return JsonResponse({"lines": [], "errors": []})
        try:
            rule = read_rule(text, slug=request.POST.get("slug", ""))
            found = self._find(request, rule)
        except FaultyRule as error:
            return JsonResponse({"lines": [], "errors": [_error(fault) for fault in error.faults[:_MOST_ERRORS]]})
        except TooMuch:
            return JsonResponse({"lines": [_too_much()], "errors": [], "said": _too_much()})
        except Overtaken:
            return JsonResponse({"lines": [], "errors": [], "is_overtaken": True})
        answer = _answer(found, rule)
        if found.overlap is None and request.POST.get("overlap", "").strip():
            answer["overlap"] = [_("No segment in force has that name or slug. Choose one of the list.")]
        may_see = request.user.has_perm(f"{self.opts.app_label}.view_profile")
        return JsonResponse({**answer, "people": self._people(found) if may_see else [], "errors": []})

    def preview_segments(self, request: HttpRequest) -> HttpResponse:
        """Segments in force to compare with, by a part of their name or slug."""
        if not self._may_write(request):
            raise PermissionDenied
        word = request.GET.get("q", "").strip()
        rows = Segment.objects.filter(Q(name__icontains=word) | Q(slug__icontains=word), state=Segment.State.ACTIVE)
        names = rows.order_by("name", "pk").values_list("slug", "name")[:_MOST_NAMES]
        return JsonResponse({"segments": [{"slug": slug, "name": name} for slug, name in names]})

    def _may_write(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def _find(self, request: HttpRequest, rule: Rule) -> Preview:
        other = request.POST.get("overlap", "").strip()[:_LONGEST_NAME]
        if other:
            rows = Segment.objects.filter(Q(slug=other) | Q(name=other), state=Segment.State.ACTIVE)
            other = rows.order_by("pk").values_list("slug", flat=True).first() or ""
        asker = f"{request.user.pk}:{request.POST.get('asker', '')[:_LONGEST_ASKER]}"
        patience = Patience(is_newest=take_turn(asker))
        return preview_rule(rule, overlap=other, patience=patience, now=timezone.now())

    def _people(self, found: Preview) -> list[dict[str, str]]:
        rows = Profile.objects.filter(pk__in=found.sample).order_by("pk")
        name = f"{self.admin_site.name}:{self.opts.app_label}_profile_change"
        return [{"name": str(row), "url": reverse(name, args=[row.pk])} for row in rows]


def _answer(found: Preview, rule: Rule) -> dict[str, Any]:
    labels, lines = build_labels(), lines_of(found)
    return {
        "sentence": _("In it is somebody who %s.") % describe(rule, labels),
        "lines": lines,
        "said": lines[0],
        "near": near_misses_of(found, labels),
        "mixes": mixes_of(found),
        "overlap": overlap_in_words(found, labels),
    }


def _too_much() -> str:
    return _("There is too much to count just now. Saving works all the same; try a moment later, or a simpler rule.")


def _error(fault: Fault) -> dict[str, Any]:
    return {"text": fault.message_with_place, "excerpt": fault.excerpt}
