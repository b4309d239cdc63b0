"""The preview beside the rule's field: what the text would find, in words, while it is being written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from django_microseg.collect.in_words import money_in_words
from django_microseg.profile.models import Profile

from .admin_look import LookPages
from .admin_words import count_in_words, percent_in_words, split_in_words
from .errors import RuleError
from .preview import Buying, Preview, Problems, preview_rule
from .sentence import describe
from .text import parse
from .vocabulary import build_labels

__all__ = ["PreviewPages"]

_LONGEST = 20_000


class PreviewPages(LookPages):
    """Adds the address that the script of the form asks."""

    list_pages = {**LookPages.list_pages, "preview": "preview"}

    def preview(self, request: HttpRequest) -> HttpResponse:
        """JSON of lines to show. Whoever may neither add nor change segments has no rule to try."""
        if request.method != "POST" or not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        text = request.POST.get("rule_text", "").strip()[:_LONGEST]
        if not text:
            return JsonResponse({"lines": [], "errors": []})
        try:
            found = preview_rule(text, slug=request.POST.get("slug", ""), now=timezone.now())
        except Problems as problems:
            return JsonResponse({"lines": [], "errors": [_error(error) for error in problems.errors[:3]]})
        may_see = request.user.has_perm(f"{self.opts.app_label}.view_profile")
        sentence = describe(parse(text), build_labels())
        return JsonResponse(
            {
                "sentence": _("In it is somebody who %s.") % sentence,
                "lines": _lines(found),
                "people": self._people(found) if may_see else [],
                "errors": [],
            }
        )

    def _people(self, found: Preview) -> list[dict[str, str]]:
        rows = Profile.objects.filter(pk__in=found.sample).order_by("pk")
        name = f"{self.admin_site.name}:{self.opts.app_label}_profile_change"
        return [{"name": str(row), "url": reverse(name, args=[row.pk])} for row in rows]


def _lines(found: Preview) -> list[str]:
    """How many, who they are, and how they buy; the number first."""
    about = "≈ " if found.is_estimate else ""
    share = percent_in_words(100 * found.size / found.people) if found.people else percent_in_words(0)
    said = {"about": about, "size": count_in_words(found.size), "share": share, "people": count_in_words(found.people)}
    one, more = "%(about)s%(size)s person, %(share)s of %(people)s", "%(about)s%(size)s people, %(share)s of %(people)s"
    lines = [ngettext(one, more, found.size) % said]
    if found.is_estimate:
        asked = {"margin": count_in_words(found.margin), "asked": count_in_words(found.everybody.people)}
        lines[0] += _(" (± %(margin)s, %(asked)s were asked)") % asked
    if found.size:
        lines.append(", ".join(split_in_words(found.size, found.customers)))
        lines.append(_buying(found.inside, found.everybody))
    if found.is_momentary:
        lines.append(
            _("More at the right moment: the rule asks for something that is known only while somebody is here.")
        )
    return lines


def _buying(inside: Buying, everybody: Buying) -> str:
    said = {
        "share": percent_in_words(100 * (inside.conversion or 0)),
        "all_share": percent_in_words(100 * (everybody.conversion or 0)),
        "value": _money(inside.average_minor),
        "all_value": _money(everybody.average_minor),
    }
    return _("%(share)s have ordered (of all %(all_share)s), %(value)s an order (of all %(all_value)s)") % said


def _money(minor: int | None) -> str:
    return _("nothing") if minor is None else money_in_words(minor)


def _error(error: Any) -> dict[str, Any]:
    if isinstance(error, RuleError):
        place = _("line %(line)s, column %(column)s") % {"line": error.line, "column": error.column}
        return {"text": f"{error.full_message} ({place})", "excerpt": error.excerpt}
    return {"text": str(error), "excerpt": ""}
