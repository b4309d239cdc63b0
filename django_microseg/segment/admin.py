"""The admin of groups: rules as text with their sentence, sizes, growth, members and history.

Saving a changed rule makes a draft; what it would change is shown before it goes live (`admin_difference`).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg import conf
from django_microseg.profile.find import find_person
from django_microseg.profile.permission import may_see_people

from .admin_form import SegmentForm
from .admin_growth import PERIODS, growth_panel, read_period
from .admin_insight import InsightPages
from .admin_list import TREND_DAYS, directory_of, trend
from .admin_saving import SavingPages
from .admin_schedule import preparing_in_words, schedule_in_words
from .admin_versions import version_rows
from .admin_words import ago, count_in_words, percent_in_words, split_in_words
from .frozen import is_frozen
from .member_export import member_lines
from .members import KINDS, members_of
from .models import Segment
from .personas.admin_panel import persona_panel
from .rulebook import current, shop_zone
from .sizes.calendar import day_of
from .sizes.growth import growth_of
from .versions import newest_version
from .vocabulary import build_labels
from .written import count_people, rule_text, sentence_of

__all__ = ["SegmentAdmin"]


class SegmentAdmin(InsightPages, SavingPages):
    """Segments of the shop."""

    form = SegmentForm
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "folder", "tags"]}),
        (gettext_lazy("Rule"), {"fields": ["rule_text", "note", "state"]}),
        (gettext_lazy("Start and end"), {"fields": ["in_force_from", "in_force_until"], "classes": ["collapse"]}),
        (gettext_lazy("Who answers for it"), {"fields": ["owner", "purpose"]}),
    ]
    actions = [*SavingPages.actions, *SavingPages.filing_actions]
    change_form_template = "django_microseg/admin/segment.html"
    pages = {**SavingPages.pages, "members": "members", "why": "why", "export": "export", **InsightPages.pages}

    class Media:
        css = {"all": ["django_microseg/admin.css", "django_microseg/admin_gallery.css"]}

    # -- one segment

    def get_fieldsets(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        """Whoever may only look is shown the rule as it stands, not in a form."""
        if obj is not None and self.has_change_permission(request, obj) and is_frozen(newest_version(obj)):
            return [(_("Rule"), {"fields": ["state"]}) if "rule_text" in part["fields"] else (title, part)
                    for title, part in self.fieldsets]  # fmt: skip
        if self.has_change_permission(request, obj) or obj is None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["name", "slug", "description", "folder", "owner", "purpose", "state"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> list[str]:
        """A slug is what templates and experiences name, so it never changes."""
        return ["slug"] if obj is not None else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Segment | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def has_change_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        """One that belongs to a file is changed there, and only shown here."""
        return not (obj is not None and obj.managed_by) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        """Slugs are never reused: a segment is archived instead."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is not None and self.has_view_or_change_permission(request, found):
            extra_context = {**self.panels(request, found), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def panels(self, request: HttpRequest, segment: Segment) -> dict[str, Any]:
        """What the page shows around the fields; later rooms add theirs."""
        labels, newest, now = build_labels(directory_of(request).names), newest_version(segment), timezone.now()
        live, versions = segment.live_version, version_rows(segment, labels)
        lately = growth_of([segment.pk], days=TREND_DAYS, now=now)[segment.pk]
        rule_days = {day_of(each.row.live_from, shop_zone()) for each in versions if each.row.live_from}
        return {
            **persona_panel(request, segment, self.admin_site.name),
            "title": segment.name,
            "subtitle": None,
            "live_sentence": sentence_of(live.rule, labels) if live else "",
            "newest_sentence": sentence_of(newest.rule, labels) if newest and newest != live else "",
            "newest_text": rule_text(newest.rule) if newest and not is_frozen(newest) else "",
            "figures": _figures(segment),
            "is_momentary": live is not None and live.pk in current().ruleset.momentary,
            **self.freeze_panel(request, segment, is_waiting=newest is not None and newest != live),
            "trend": trend(lately) if lately.known else "",
            "difference_url": self.object_url("difference", segment.pk) if newest and newest != live else "",
            "members_url": self.object_url("members", segment.pk),
            "schedule": schedule_in_words(segment, now),
            "preparing": preparing_in_words(next((each.row for each in versions if each.is_preparing), None)),
            "tabs": self.tabs(segment, "change"),
            "versions": versions,
            "bring_back_url": self.object_url("bring_back", segment.pk)
            if self.has_change_permission(request, segment)
            else "",
            **self.parts_panel(request, segment),
            "periods": PERIODS,
            "growth": growth_panel(
                segment.name, segment.pk, days=read_period(request.GET.get("days")), rule_days=rule_days, now=now
            ),
        }

    def members(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Who is in the segment now, the latest first; all, customers or visitors. Others than may see people are told
        how many.
        """
        kind = request.GET.get("kind", "")
        page = self.page_of(request, members_of(segment, kind).order_by("-since", "-pk"))
        kinds = [("", _("all")), ("customers", _("customers")), ("visitors", _("visitors without a name"))]
        return self.render(
            request, "members.html", segment, _("Members"), number=page.paginator.count,
            page=page if may_see_people(request.user) else None,
            tabs=self.tabs(segment, "members"), kind=kind if kind in KINDS else "",
            kinds=kinds, why_url=self.object_url("why", segment.pk), export_url=self.object_url("export", segment.pk),
        )  # fmt: skip

    def export(self, request: HttpRequest, segment: Segment) -> HttpResponseBase:
        """The members as CSV, for whoever may see people; never a group so small that it points at somebody."""
        if not may_see_people(request.user):
            raise PermissionDenied
        rows = members_of(segment)
        number, smallest = rows.count(), conf.get("SMALLEST_EXPORT")
        if number < smallest:
            text = _("Segments of fewer than %(smallest)s people are not exported: so small a list points at somebody.")
            messages.warning(request, text % {"smallest": smallest})
            return HttpResponseRedirect(self.object_url("members", segment.pk))
        self.log_change(request, segment, f"{number} members exported")
        answer = StreamingHttpResponse(member_lines(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{segment.slug}.csv"'
        return answer

    def why(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """From a key that somebody typed to the page that explains that person."""
        if not may_see_people(request.user):
            raise PermissionDenied
        profile = find_person(request.GET.get("who", "").strip())
        if profile is None:
            messages.warning(
                request,
                _("Nobody has that key. Type the whole customer key, visitor id, e-mail address or loyalty number."),
            )
            return HttpResponseRedirect(self.object_url("members", segment.pk))
        name = f"{self.admin_site.name}:{self.opts.app_label}_profile_explain"
        return HttpResponseRedirect(reverse(name, args=[profile.pk, segment.slug]))


def _figures(segment: Segment) -> dict[str, Any]:
    """Size, share, split and when they were counted; empty for a segment that was not."""
    if segment.size is None:
        return {}
    people = count_people()
    return {
        "size": count_in_words(segment.size),
        "share": percent_in_words(100 * segment.size / people) if people else "",
        "people": count_in_words(people),
        "split": [] if segment.size_identified is None else split_in_words(segment.size, segment.size_identified),
        "counted": ago(segment.size_at, timezone.now()) if segment.size_at else "",
    }
