"""The page “Overlap”: how many of one segment's members are in another, a figure and a shade in each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.collect.ids import read_id
from django_microseg.profile.permission import may_see_people

from .admin_parts import PartPages
from .admin_words import count_in_words, percent_in_words
from .models import Membership, Segment
from .overlap import MOST_COMPARED, Compared, compare, largest

__all__ = ["OverlapPages"]

_SHADES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """``shade`` 0 to 5; ``url`` leads to who is in both, empty on the diagonal and where there is nobody."""

    figure: str
    spoken: str
    shade: int
    url: str
    is_self: bool


class OverlapPages(PartPages):
    """Adds the table of overlaps, and the page of who is in two segments."""

    list_pages = {**PartPages.list_pages, "overlap": "overlap"}
    pages = {**PartPages.pages, "and/<int:other>": "both"}
    filing_actions = ["compare_chosen", *PartPages.filing_actions]

    @admin.action(description=gettext_lazy("Show how far the chosen segments overlap"), permissions=["view"])
    def compare_chosen(self, request: HttpRequest, queryset: QuerySet[Segment]) -> HttpResponse:
        ids = list(queryset.order_by().values_list("pk", flat=True)[:MOST_COMPARED])
        chosen = [("s", pk) for pk in ids]
        return HttpResponseRedirect(f"{self.list_url('overlap')}?{urlencode(chosen)}")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"overlap_url": self.list_url("overlap"), **(extra_context or {})})

    def overlap(self, request: HttpRequest) -> HttpResponse:
        """Of the chosen segments, else of the largest."""
        ids = [pk for word in request.GET.getlist("s") if (pk := read_id(word)) is not None]
        rows = list(Segment.objects.filter(pk__in=ids).order_by("-size", "slug")) if ids else largest()
        by = "jaccard" if request.GET.get("by") == "jaccard" else "share"
        found = compare(rows)
        return self.render(
            request, "overlap.html", None, _("Overlap"), by=by, rows=self._rows(found, by), compared=found,
            tabs=[(name, words, self._tab(ids, name)) for name, words in (
                ("share", _("Share of the row")), ("jaccard", _("Share of both together")))],
            left_out=[each.name for each in rows if each not in found.segments], answer=_answer(found),
        )  # fmt: skip

    def _tab(self, ids: list[int], by: str) -> str:
        return urlencode([*(("s", pk) for pk in ids), ("by", by)])

    def _rows(self, found: Compared, by: str) -> list[tuple[Segment, str, list[Cell]]]:
        about = "≈ " if found.is_estimate else ""
        return [
            (segment, count_in_words(segment.size or 0), [
                self._cell(found, row, column, by, about) for column in range(len(found.segments))])
            for row, segment in enumerate(found.segments)
        ]  # fmt: skip

    def _cell(self, found: Compared, row: int, column: int, by: str, about: str) -> Cell:
        one, other = found.segments[row], found.segments[column]
        overlap = found.overlap
        part = overlap.jaccard(row, column) if by == "jaccard" else overlap.share(row, column)
        if row == column or part is None:
            return Cell("" if row == column else "-", "", 0, "", is_self=row == column)
        both = overlap.both[row][column]
        said = {"figure": f"{about}{percent_in_words(100 * part)}", "one": one.name, "other": other.name}
        spoken = _("%(figure)s: %(one)s and %(other)s") % said
        url = self.object_url("both", one.pk, str(other.pk)) if both else ""
        return Cell(said["figure"], spoken, -int(-_SHADES * part // 1), url, is_self=False)

    def both(self, request: HttpRequest, segment: Segment, other: int) -> HttpResponse:
        """Who is in both, and a way to a segment of exactly them."""
        second = Segment.objects.filter(pk=other).first()
        if second is None:
            messages.warning(request, _("There is no such segment to compare with."))
            return HttpResponseRedirect(self.list_url("overlap"))
        others = Membership.objects.filter(definition=second.live_version_id).values("profile")
        rows = Membership.objects.filter(definition=segment.live_version_id, profile__in=others)
        names = {"one": segment.name, "other": second.name}
        draft = {
            "name": _("%(one)s and %(other)s") % names,
            "slug": f"{segment.slug}-and-{second.slug}"[:64],
            "rule_text": f'segment("{segment.slug}") and segment("{second.slug}")',
        }
        members = self.page_of(request, rows.select_related("profile").order_by("-since", "-pk"))
        return self.render(
            request, "both.html", segment, _("In “%(one)s” and “%(other)s”") % names, number=members.paginator.count,
            page=members if may_see_people(request.user) else None,
            draft_url=f"{self.list_url('add')}?{urlencode(draft)}" if self.has_add_permission(request) else "",
        )  # fmt: skip


def _answer(found: Compared) -> str:
    """The pair that is most alike, as a sentence."""
    pairs = [(found.overlap.jaccard(row, column) or 0.0, row, column)
             for row in range(len(found.segments)) for column in range(row)]  # fmt: skip
    if not pairs:
        return ""
    most, row, column = max(pairs)
    names = {"one": found.segments[column].name, "other": found.segments[row].name}
    if most == 0:
        return _("None of these segments share a single member.")
    names["share"] = percent_in_words(100 * most)
    return _("“%(one)s” and “%(other)s” are most alike: %(share)s of those in either are in both.") % names
