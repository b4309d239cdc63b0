"""The admin of groups: rules as text with their sentence, sizes, growth, members and history.

Saving a changed rule makes a new version; an active segment's new rule is prepared for everybody
and then switched to, so that no visitor sees a half-built segment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from django_microseg import conf
from django_microseg.profile.find import find_person

from .admin_form import SegmentForm, newest_version, rule_text
from .admin_growth import PERIODS, growth_panel, read_period
from .admin_list import TREND_DAYS, count_people, sentence_of, trend
from .admin_preview_rule import PreviewPages
from .admin_versions import version_rows
from .admin_words import ago, count_in_words, percent_in_words, split_in_words
from .member_export import member_lines
from .models import Membership, MembershipChange, Segment
from .publish import activate, pause, save_definition
from .rulebook import current, shop_zone
from .sizes.calendar import day_of
from .sizes.growth import growth_of
from .vocabulary import build_labels

__all__ = ["SegmentAdmin"]

State = Segment.State
_KINDS = ("customers", "visitors")


class SegmentAdmin(PreviewPages):
    """Segments of the shop."""

    form = SegmentForm
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "folder", "tags"]}),
        (gettext_lazy("Rule"), {"fields": ["rule_text", "note", "state"]}),
    ]
    actions = ["activate_chosen", "pause_chosen", *PreviewPages.filing_actions]
    change_form_template = "django_microseg/admin/segment.html"
    pages = {**PreviewPages.pages, "members": "members", "why": "why", "export": "export"}

    class Media:
        css = {"all": ["django_microseg/admin.css", "django_microseg/admin_gallery.css"]}

    # -- one segment

    def get_fieldsets(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        """Whoever may only look is shown the rule as it stands, not in a form."""
        if self.has_change_permission(request, obj) or obj is None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["name", "slug", "description", "folder", "state"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> list[str]:
        """A slug is what templates and experiences name, so it never changes."""
        return ["slug"] if obj is not None else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Segment | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def has_delete_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        """Slugs are never reused: a segment is archived instead."""
        return False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002 - Django's own signature
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Segment | None = None,
    ) -> Any:
        """The address of the preview, for whoever has a rule to write."""
        if add or self.has_change_permission(request, obj):
            context["preview_url"] = self.list_url("preview")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is not None and self.has_view_or_change_permission(request, found):
            extra_context = {**self.panels(request, found), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def panels(self, request: HttpRequest, segment: Segment) -> dict[str, Any]:
        """What the page shows around the fields; later rooms add theirs."""
        labels, newest, now = build_labels(), newest_version(segment), timezone.now()
        live, versions = segment.live_version, version_rows(segment, labels)
        lately = growth_of([segment.pk], days=TREND_DAYS, now=now)[segment.pk]
        rule_days = {day_of(each.row.live_from, shop_zone()) for each in versions if each.row.live_from}
        return {
            "title": segment.name,
            "subtitle": None,
            "live_sentence": sentence_of(live.rule, labels) if live else "",
            "newest_sentence": sentence_of(newest.rule, labels) if newest and newest != live else "",
            "newest_text": rule_text(newest.rule) if newest else "",
            "figures": _figures(segment),
            "is_momentary": live is not None and live.pk in current().ruleset.momentary,
            "trend": trend(lately) if lately.known else "",
            "members_url": self.object_url("members", segment.pk),
            "versions": versions,
            **self.parts_panel(request, segment),
            "periods": PERIODS,
            "growth": growth_panel(
                segment.name, segment.pk, days=read_period(request.GET.get("days")), rule_days=rule_days, now=now
            ),
        }

    def members(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Who is in the segment now, the latest first; all, customers or visitors."""
        rows = Membership.objects.filter(definition=segment.live_version_id)
        kind = request.GET.get("kind", "")
        if kind in _KINDS:
            rows = rows.filter(profile__customer_key__isnull=kind == "visitors")
        page = self.page_of(request, rows.select_related("profile").order_by("-since", "-pk"))
        kinds = [("", _("all")), ("customers", _("customers")), ("visitors", _("visitors without a name"))]
        return self.render(
            request, "members.html", segment, _("Members"), page=page, kind=kind if kind in _KINDS else "",
            kinds=kinds, why_url=self.object_url("why", segment.pk), may_export=self._may_see_people(request),
            export_url=self.object_url("export", segment.pk),
        )  # fmt: skip

    def export(self, request: HttpRequest, segment: Segment) -> HttpResponseBase:
        """The members as CSV, for whoever may see people; never a group so small that it points at somebody."""
        if not self._may_see_people(request):
            raise PermissionDenied
        rows = Membership.objects.filter(definition=segment.live_version_id)
        number, smallest = rows.count(), conf.get("SMALLEST_EXPORT")
        if number < smallest:
            text = _("Segments of fewer than %(smallest)s people are not exported: so small a list points at somebody.")
            messages.warning(request, text % {"smallest": smallest})
            return HttpResponseRedirect(self.object_url("members", segment.pk))
        self.log_change(request, segment, f"{number} members exported")
        answer = StreamingHttpResponse(member_lines(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{segment.slug}.csv"'
        return answer

    def _may_see_people(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"{self.opts.app_label}.{verb}_profile") for verb in ("view", "change"))

    def why(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """From a key that somebody typed to the page that explains that person."""
        if not self._may_see_people(request):
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

    # -- saving

    def save_model(self, request: HttpRequest, obj: Segment, form: SegmentForm, change: bool) -> None:  # noqa: FBT001
        """The segment's own fields at once; its rule and state by way of `segment.publish`."""
        wanted, before = form.cleaned_data["state"], form.initial.get("state", State.DRAFT)
        obj.state = before if change else State.DRAFT
        obj.save()
        if form.is_rule_changed:
            save_definition(
                obj, form.rule, now=timezone.now(), author=request.user.get_username(), note=form.cleaned_data["note"]
            )
        self._bring_to(request, obj, wanted, is_new_rule=form.is_rule_changed)

    def _bring_to(self, request: HttpRequest, segment: Segment, wanted: str, *, is_new_rule: bool) -> None:
        now = timezone.now()
        if wanted == State.ACTIVE and (segment.state != State.ACTIVE or is_new_rule):
            activate([segment], now=now)
            segment.refresh_from_db()
            changes = MembershipChange.objects.filter(segment=segment, changed_at=now).aggregate(
                entered=Count("pk", filter=Q(is_entry=True)), left=Count("pk", filter=Q(is_entry=False))
            )
            messages.info(request, _("The rule is in force: %(entered)s came in, %(left)s left.") % changes)
        elif wanted != State.ACTIVE and wanted != segment.state:
            pause(segment, now=now, state=wanted)

    # -- actions

    @admin.action(description=gettext_lazy("Activate the chosen segments"), permissions=["change"])
    def activate_chosen(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        waiting = list(queryset.exclude(state=State.ACTIVE).exclude(versions=None))
        activate(waiting, now=timezone.now())
        self._report(request, len(waiting), lambda n: ngettext("%s segment activated.", "%s segments activated.", n))

    @admin.action(description=gettext_lazy("Pause the chosen segments"), permissions=["change"])
    def pause_chosen(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        active = list(queryset.filter(state=State.ACTIVE))
        for segment in active:
            pause(segment, now=timezone.now())
        self._report(request, len(active), lambda n: ngettext("%s segment paused.", "%s segments paused.", n))

    def _report(self, request: HttpRequest, count: int, words: Callable[[int], str]) -> None:
        messages.success(request, words(count) % count)


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
