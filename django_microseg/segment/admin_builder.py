"""The addresses that the rule builder asks: what rules may say, a rule in its other forms, values to choose from."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from .admin_preview_rule import PreviewPages
from .builder.answer import Answer, Mistake, answer_form, answer_text
from .builder.description import describe_vocabulary
from .builder.suggest import suggest
from .limits import MAX_TEXT
from .models import Segment
from .vocabulary import build_labels, build_vocabulary

__all__ = ["BuilderPages"]

#: Characters of a tree: a rule of the longest text, written as JSON.
_LONGEST = 20 * MAX_TEXT


class BuilderPages(PreviewPages):
    """Adds the builder to the form of whoever may write rules; nobody else has anything to ask here."""

    list_pages = {
        **PreviewPages.list_pages,
        "builder": "builder",
        "builder-rule": "builder_rule",
        "builder-values": "builder_values",
    }

    def form_context(self, request: HttpRequest, obj: Segment | None) -> dict[str, Any]:
        """With the addresses of builder and preview, for whoever has a rule to write."""
        context = super().form_context(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            return context
        names = ("builder", "builder_rule", "builder_values")
        return {**context, **self.preview_urls(), "builder_urls": {name: self.list_url(name) for name in names}}

    def builder(self, request: HttpRequest) -> HttpResponse:
        """What rules may say, for the controls; it may change at any moment, so nobody keeps it."""
        self._refuse_others(request, "GET")
        answer = JsonResponse(describe_vocabulary(build_vocabulary(), build_labels()))
        patch_cache_control(answer, no_store=True)
        return answer

    def builder_rule(self, request: HttpRequest) -> HttpResponse:
        """A rule that comes as ``text`` or as ``rule``, its tree, in all its forms."""
        self._refuse_others(request, "POST")
        return JsonResponse(_answer(request).as_json())

    def builder_values(self, request: HttpRequest) -> HttpResponse:
        """Values that begin with ``start``, of what ``subject`` and ``name`` say."""
        self._refuse_others(request, "GET")
        subject, name, event, start = (request.GET.get(key, "") for key in ("subject", "name", "event", "start"))
        found = suggest(subject, name, start, build_vocabulary(segments={}), event=event or "any")
        return JsonResponse({"values": [{"value": each.value, "label": each.label} for each in found]})

    def _refuse_others(self, request: HttpRequest, method: str) -> None:
        may = self.has_add_permission(request) or self.has_change_permission(request)
        if request.method != method or not may:
            raise PermissionDenied


def _answer(request: HttpRequest) -> Answer:
    slug, text, tree = (request.POST.get(name, "") for name in ("slug", "text", "rule"))
    if max(len(text), len(tree)) > _LONGEST:
        return Answer(errors=(Mistake(_("The rule is too long. Split it into segments that use each other.")),))
    vocabulary, labels = build_vocabulary(), build_labels()
    if not tree:
        return answer_text(text, vocabulary, labels, slug=slug)
    try:
        form = json.loads(tree)
    except (ValueError, RecursionError):
        return Answer(errors=(Mistake(_("The rule is no JSON.")),))
    return answer_form(form, vocabulary, labels, slug=slug)
