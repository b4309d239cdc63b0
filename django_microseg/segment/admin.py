"""The admin of groups: rules as text with their sentence, sizes, members and history.

Saving a changed rule makes a new version; an active segment's new rule is prepared for everybody
and then switched to, so that no visitor sees a half-built segment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from django_microseg.collect.admin_pages import ObjectPages
from django_microseg.profile.models import Profile

from .admin_form import SegmentForm, newest_version, rule_text
from .errors import InvalidRule
from .models import Membership, MembershipChange, Segment, SegmentVersion
from .publish import activate, pause, save_definition
from .rulebook import current, runnable
from .sentence import describe
from .vocabulary import build_labels

__all__ = ["SegmentAdmin", "sentence_of"]

_HISTORY = 50
State = Segment.State


def sentence_of(rule: Any, labels: Any) -> str:
    """A stored rule as a sentence; a rule that can no longer be read says so."""
    try:
        return describe(runnable(rule), labels)
    except InvalidRule as error:
        return _("This rule can no longer be read: %s") % error.message


class SegmentAdmin(ObjectPages):
    """Segments of the shop."""

    form = SegmentForm
    list_display = ["name", "sentence", "people", "state", "size_at"]
    list_filter = ["state"]
    search_fields = ["slug", "name", "description"]
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["name", "slug", "description"]}),
        (gettext_lazy("Rule"), {"fields": ["rule_text", "note", "state"]}),
    ]
    actions = ["activate_chosen", "pause_chosen"]
    change_form_template = "django_microseg/admin/segment.html"
    pages = {"members": "members"}

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    # -- the list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """With the newest rule of each, so that the list needs no query per row."""
        newest = SegmentVersion.objects.filter(segment=OuterRef("pk")).order_by("-number")
        rows: QuerySet[Segment] = super().get_queryset(request)
        return rows.select_related("live_version").annotate(newest_rule=Subquery(newest.values("rule")[:1]))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What every row of a list needs is read once, for this request alone."""
        found = super().get_changelist_instance(request)
        labels, people = build_labels(), _people()
        for segment in found.result_list:
            segment.shown_sentence = _sentence_in_list(segment, labels)
            segment.shown_people = _share(segment.size, people)
        return found

    @admin.display(description=gettext_lazy("who is in it: somebody who …"))
    def sentence(self, segment: Segment) -> str:
        return getattr(segment, "shown_sentence", "")

    @admin.display(description=gettext_lazy("members"), ordering="size")
    def people(self, segment: Segment) -> SafeString:
        return format_html('<span class="microseg-number">{}</span>', getattr(segment, "shown_people", ""))

    # -- one segment

    def get_fieldsets(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        """Whoever may only look is shown the rule as it stands, not in a form."""
        if self.has_change_permission(request, obj) or obj is None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["name", "slug", "description", "state"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> list[str]:
        """A slug is what templates and experiences name, so it never changes."""
        return ["slug"] if obj is not None else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Segment | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def has_delete_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        """Slugs are never reused: a segment is archived instead."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is not None and self.has_view_or_change_permission(request, found):
            extra_context = {**self._panels(found), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def _panels(self, segment: Segment) -> dict[str, Any]:
        labels, newest = build_labels(), newest_version(segment)
        live = segment.live_version
        return {
            "title": segment.name,
            "subtitle": None,
            "live_sentence": sentence_of(live.rule, labels) if live else "",
            "newest_sentence": sentence_of(newest.rule, labels) if newest and newest != live else "",
            "newest_text": rule_text(newest.rule) if newest else "",
            "people": _share(segment.size, _people()),
            "is_momentary": live is not None and live.pk in current().ruleset.momentary,
            "members_url": self.object_url("members", segment.pk),
            "versions": [
                {"row": version, "text": rule_text(version.rule), "sentence": sentence_of(version.rule, labels)}
                for version in segment.versions.order_by("-number")[:_HISTORY]
            ],
        }

    def members(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Who is in the segment now, the latest first."""
        rows = Membership.objects.filter(definition=segment.live_version_id)
        page = self.page_of(request, rows.select_related("profile").order_by("-since", "-pk"))
        return self.render(request, "members.html", segment, _("Members"), page=page)

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


def _people() -> int:
    """How many people there are to be in a segment."""
    return Profile.objects.filter(merged_into=None).count()


def _share(size: int | None, people: int) -> str:
    """A number never stands alone: size and share."""
    if size is None:
        return _("not counted yet")
    number = number_format(size, use_l10n=True, force_grouping=True)
    return f"{number} ({100 * size / people:.1f} %)" if people else number


def _sentence_in_list(segment: Segment, labels: Any) -> str:
    rule = segment.live_version.rule if segment.live_version else getattr(segment, "newest_rule", None)
    return sentence_of(rule, labels) if rule else _("has no rule yet")
