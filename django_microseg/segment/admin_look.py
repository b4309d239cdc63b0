"""The page “Worth a look”: what was found about segments, each with why, and what to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .admin_list import directory_of
from .admin_overlap import OverlapPages
from .admin_words import percent_in_words
from .rulebook import Rulebook, current
from .sentence import Labels, describe
from .vocabulary import build_labels
from .worth_a_look import EMPTY_DAYS, UNUSED_DAYS, Finding, findings

__all__ = ["LookPages"]


@dataclass(frozen=True, slots=True)
class Row:
    segments: list[tuple[str, str]]
    why: str
    advice: str
    overlap_url: str = ""


class LookPages(OverlapPages):
    """Adds the page of what is worth a look."""

    list_pages = {**OverlapPages.list_pages, "look": "look"}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"look_url": self.list_url("look"), **(extra_context or {})})

    def used_slugs(self, book: Rulebook) -> Collection[str]:
        """What something goes by: here other segments; later rooms add theirs."""
        return set(book.users)

    def look(self, request: HttpRequest) -> HttpResponse:
        book, labels = current(), build_labels(directory_of(request).names)
        found = findings(book, self.used_slugs(book), timezone.now())
        groups = [(title, [self._row(each, labels) for each in found if each.kind in kinds]) for title, kinds in (
            (_("Rules that cannot be read"), ("unknown",)),
            (_("Nobody can ever be in it"), ("contradiction",)),
            (_("Twice the same"), ("same", "alike")),
            (_("Nobody is in it"), ("empty",)),
            (_("Nothing goes by it"), ("unused",)),
        )]  # fmt: skip
        number = len(found)
        answer = ngettext("%s thing is worth a look.", "%s things are worth a look.", number) % number if number else ""
        return self.render(
            request, "look.html", None, _("Worth a look"), answer=answer,
            groups=[(title, rows) for title, rows in groups if rows], count=len(directory_of(request).names),
        )  # fmt: skip

    def _row(self, found: Finding, labels: Labels) -> Row:
        why, advice = _words(found, labels)
        links = [(segment.name, self.object_url("change", segment.pk)) for segment in found.segments]
        compared = "&".join(f"s={segment.pk}" for segment in found.segments)
        is_pair = found.kind == "alike"
        return Row(links, why, advice, f"{self.list_url('overlap')}?{compared}" if is_pair else "")


def _words(found: Finding, labels: Labels) -> tuple[str, str]:
    """Why, and what to do."""
    match found.kind:
        case "unknown":
            named = ", ".join(name for name in found.names if name) or _("something")
            return (
                _("The rule asks for %s, which this shop does not know, so nobody is in it.") % named,
                _("Bring back what it asks for, or write another rule."),
            )
        case "contradiction":
            said = _(" and ").join(f"“{describe(each, labels)}”" for each in found.clash)
            why = _("Nobody can be both: %s.") % said if len(found.clash) > 1 else _("No value fits: %s.") % said
            return (why if said else _("The rule says “nobody”."), _("Correct the rule, or archive the segment."))
        case "same":
            return _("They have the same rule."), _("Keep one and archive the others; what goes by those goes by it.")
        case "alike":
            return (
                _("%s of each are in the other as well.") % percent_in_words(100 * found.share),
                _("See how they differ; if that is no purpose of its own, keep one."),
            )
        case "empty":
            return (
                _("It has been in force and empty for %s days.") % EMPTY_DAYS,
                _("Loosen the rule, or archive the segment."),
            )
    return (
        _("No experience, offer or segment goes by it, and its rule is older than %s days.") % UNUSED_DAYS,
        _("Show its members something of their own, or archive it."),
    )
