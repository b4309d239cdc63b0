"""The list of segments: who is in each, how many, how that changed, and when it was counted.

What the rows need is read once for the page that is shown, whatever the number of segments.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.collect.admin_pages import ObjectPages
from django_microseg.profile.models import Profile

from .admin_spark import spark
from .admin_words import ago, change_in_words, count_in_words, percent_in_words, split_in_words
from .directory import SEARCHED, Directory, read_directory
from .filing import tags_of
from .frozen import is_frozen
from .models import Segment, SegmentSize
from .rulebook import Rulebook, current, shop_zone
from .sentence import Labels
from .sizes.calendar import day_of
from .sizes.growth import Growth, growth_of
from .versions import rule_shown, with_newest_rule
from .vocabulary import build_labels
from .written import sentence_of

__all__ = ["TREND_DAYS", "SegmentList", "directory_of", "shown_of", "trend"]

TREND_DAYS = 30
State = Segment.State


def directory_of(request: HttpRequest) -> Directory:
    """Names, folders and tags of all segments, read once for a request."""
    found: Directory | None = request.__dict__.get("_microseg_directory")
    if found is None:
        found = request.__dict__["_microseg_directory"] = read_directory()
    return found


class SegmentChangeList(ChangeList):
    """Without a search nothing needs to be counted twice, and people are counted along with the rows."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        everybody = Profile.objects.filter(merged_into=None).order_by().values("merged_into")
        counted = everybody.annotate(number=Count("pk")).values("number")
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        rows: QuerySet[Any] = found.annotate(everybody=Coalesce(Subquery(counted), Value(0)))
        return rows

    def get_ordering_field(self, field_name: Any) -> Any:
        """By the trend that the column shows; what is not known for so long has none."""
        return _moved(timezone.now()) if field_name == "trend" else super().get_ordering_field(field_name)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


class SegmentList(ObjectPages):
    """The list; pages of one segment are added by `SegmentAdmin`."""

    list_display = ["segment", "people", "trend"]
    list_display_links = None
    list_filter = ["state"]
    search_fields = SEARCHED
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "django_microseg/admin/segment_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """With the newest rule of each, so that the list needs no query per row."""
        return with_newest_rule(super().get_queryset(request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SegmentChangeList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        segments = list(found.result_list)
        for segment in segments:
            kept: dict[str, Any] = {"preserved_filters": found.preserved_filters, "opts": self.opts}
            segment.__dict__["shown"] = {"url": add_preserved_filters(kept, found.url_for_result(segment))}
        self.prepare_rows(segments, self.rulebook(request), build_labels(directory_of(request).names))
        return found

    def form_context(self, request: HttpRequest, obj: Segment | None) -> dict[str, Any]:
        """What the form shows beside its fields; later pages add theirs."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False,  # noqa: FBT001, FBT002 - Django's own
        change: bool = False, form_url: str = "", obj: Segment | None = None,  # noqa: FBT001, FBT002
    ) -> Any:  # fmt: skip
        context |= self.form_context(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def rulebook(self, request: HttpRequest) -> Rulebook:
        """The rules in force, read once for a list."""
        return current()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        own = {"title": _("Segments"), "refresh_url": self._refresh_url(request)}
        response = super().changelist_view(request, {**own, **(extra_context or {})})
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            found = response.context_data.get("cl")
            response.context_data["is_empty"] = found is not None and _is_empty(found)
        return response

    def _refresh_url(self, request: HttpRequest) -> str:
        """Where everybody can be looked at anew; empty for who may not start that."""
        app = self.opts.app_label
        may_start = request.user.has_perm(f"{app}.add_refreshrun")
        return reverse(f"{self.admin_site.name}:{app}_refreshrun_start") if may_start else ""

    def prepare_rows(self, segments: list[Segment], book: Rulebook, labels: Labels) -> None:
        """Hang what the columns show on the rows of one page, for this request alone."""
        people = segments[0].__dict__.get("everybody", 0) if segments else 0
        now = timezone.now()
        growths = growth_of([segment.pk for segment in segments], days=TREND_DAYS, now=now)
        for segment in segments:
            segment.__dict__["shown"] |= {
                "sentence": _sentence(segment, labels),
                "people": _people(segment, people, now, is_momentary=segment.live_version_id in book.ruleset.momentary),
                "trend": trend(growths[segment.pk]) if segment.state == State.ACTIVE else "",
            }

    @admin.display(description=gettext_lazy("segment, and who is in it"), ordering="name")
    def segment(self, segment: Segment) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="microseg-state is-{}">{}</span>{} '
            '<span class="microseg-under">{}</span>{}',
            shown_of(segment, "url"), segment.name, segment.state, segment.get_state_display(), _marks(segment),
            shown_of(segment, "sentence"), _filed(segment),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("members"), ordering="size")
    def people(self, segment: Segment) -> str:
        return shown_of(segment, "people")

    @admin.display(description=gettext_lazy("last 30 days"), empty_value="", ordering="size")
    def trend(self, segment: Segment) -> str:
        return shown_of(segment, "trend")


def _marks(segment: Segment) -> SafeString:
    """What else is said of a segment beside its state."""
    marks = [(segment.managed_by, _("from a file"))] if segment.managed_by else []
    if is_frozen(segment.live_version):
        marks.append((_("whoever is in it stays, and nobody joins"), _("frozen")))
    return format_html_join("", ' <span class="microseg-state" title="{}">{}</span>', marks)


def shown_of(segment: Segment, column: str) -> str:
    """What `prepare_rows` made of a row for one of the columns."""
    found: str = segment.__dict__.get("shown", {}).get(column, "")
    return found


def trend(growth: Growth) -> SafeString:
    """A small line with its change in words. Its own text is for whoever does not see it."""
    words, known = change_in_words(growth), [size for size in growth.sizes if size is not None]
    if growth.change is None:
        return format_html('<span class="microseg-quiet">{}</span>', words or _("not counted yet"))
    spoken = _("members by day: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s") % {
        "first": count_in_words(known[0]), "last": count_in_words(known[-1]),
        "low": count_in_words(min(known)), "high": count_in_words(max(known)),
    }  # fmt: skip
    return format_html('{} <span class="microseg-change">{}</span>', spark(growth.sizes, spoken), words)


def _moved(now: dt.datetime) -> Any:
    """By how much a segment grew since the first day of the period that is known of it."""
    start = day_of(now, shop_zone()) - dt.timedelta(days=TREND_DAYS)
    known = SegmentSize.objects.filter(segment=OuterRef("pk"), day__gte=start).order_by("day")
    return Coalesce(F("size") - Subquery(known.values("size")[:1]), Value(0))


def _is_empty(found: ChangeList) -> bool:
    """Whether there is nothing at all, searched for or not."""
    return not found.result_count and not found.query and not found.has_active_filters


def _sentence(segment: Segment, labels: Any) -> str:
    """With what it is the end of; a rule that is not in force is one to be."""
    rule = rule_shown(segment)
    return _("somebody who %s") % sentence_of(rule, labels) if rule else _("has no rule yet")


def _filed(segment: Segment) -> SafeString:
    """Folder and tags, each a way to what is filed alike."""
    filed = [("folder", segment.folder, segment.folder)] if segment.folder else []
    filed += [("tag", tag, f"#{tag}") for tag in tags_of(segment.tags)]
    links = ((urlencode({name: value}), name, words) for name, value, words in filed)
    chips = format_html_join(" ", '<a href="?{}" class="microseg-chip is-{}">{}</a>', links)
    return format_html_join("", ' <span class="microseg-chips">{}</span>', [(chips,)] if filed else ())


def _people(segment: Segment, people: int, now: dt.datetime, *, is_momentary: bool) -> SafeString:
    """A number never stands alone; one that was never counted is no number."""
    if segment.size is None:
        words = _("not counted yet") if segment.state == State.ACTIVE else _("nobody: not in force")
        return format_html('<span class="microseg-quiet">{}</span>', words)
    lines = [percent_in_words(100 * segment.size / people) if people else ""]
    if segment.size_identified is not None:
        lines += split_in_words(segment.size, segment.size_identified)
    if is_momentary:
        lines.append(_("more at the right moment"))
    if segment.size_at:
        lines.append(_("counted %s") % ago(segment.size_at, now))
    return format_html(
        '<span class="microseg-size">{}</span>{}',
        count_in_words(segment.size),
        format_html_join("", ' <span class="microseg-under">{}</span>', ((line,) for line in lines if line)),
    )
