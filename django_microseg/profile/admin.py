"""The admin of who it is: one page per person, with identities, merges, facts and the timeline.

Read-only but for taking a merge back. What later rooms know of a person (segments) they add by
deriving from `ProfileAdmin`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from django_microseg import conf
from django_microseg.collect.admin_pages import ObjectPages, ReadOnly, WithEmptyList
from django_microseg.collect.models import Event

from .affinity import KINDS, affinities_of
from .errors import MergeUndoRefused
from .fact_catalogue import AUDIT, decode_fact, fact_types
from .models import Fact, Identity, Merge, Profile
from .timeline import events_of, rows_of
from .touches import FIRST, LAST, SEEN, touches_of
from .unmerge import unmerge

__all__ = ["ProfileAdmin"]

_LATEST = 20
_STRONGEST = 5
_TOUCH_TITLES = {
    FIRST: gettext_lazy("Came first by"),
    LAST: gettext_lazy("Came last by"),
    SEEN: gettext_lazy("Seen last in"),
}
_AFFINITY_TITLES = {
    "category": gettext_lazy("Categories"),
    "brand": gettext_lazy("Brands"),
    "attribute": gettext_lazy("Attributes"),
    "channel": gettext_lazy("Channels"),
}


class KindFilter(SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("customers", _("customers")), ("visitors", _("visitors")), ("merged", _("merged into another"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Profile]) -> QuerySet[Profile]:
        chosen = {
            "customers": Q(customer_key__isnull=False, merged_into=None),
            "visitors": Q(customer_key=None, merged_into=None),
            "merged": Q(merged_into__isnull=False),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


class ProfileAdmin(ReadOnly, WithEmptyList, ObjectPages):
    """People as far as we know them."""

    empty_list = gettext_lazy(
        "Nobody is known yet. People come with consent, with their orders, or by an import of customers."
    )
    list_display = ["who", "kind", "created_at"]
    list_filter = [KindFilter]
    search_fields = ["customer_key"]  # shows the field; `get_search_results` does the work
    search_help_text = gettext_lazy("the whole customer key, visitor id, loyalty number or profile key")
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["who", "kind", "key", "created_at", "merged_into"]
    readonly_fields = ["who", "kind", "key", "created_at", "merged_into"]
    change_form_template = "django_microseg/admin/profile.html"
    pages = {"timeline": "timeline"}

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    # -- columns

    @admin.display(description=gettext_lazy("who"), ordering="customer_key")
    def who(self, profile: Profile) -> str:
        return str(profile)

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, profile: Profile) -> str:
        if profile.merged_into_id is not None:
            return _("merged into another")
        return _("visitor") if profile.is_anonymous else _("customer")

    # -- one person

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Profile], search_term: str
    ) -> tuple[QuerySet[Profile], bool]:
        """By a whole key of any kind, through an index; never by parts of one."""
        term = search_term.strip()
        if not term:
            return queryset, False
        leads_here = Q(pk__in=Identity.objects.filter(value=term).values("profile"))
        with suppress(ValueError):
            leads_here |= Q(key=UUID(term))
        return queryset.filter(leads_here | Q(customer_key=term)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is not None and self.has_view_or_change_permission(request, found):
            extra_context = {**self.panels(request, found), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def panels(self, request: HttpRequest, profile: Profile) -> dict[str, Any]:
        """What the page shows below the fields; later rooms add theirs."""
        events = rows_of(events_of(profile)[: _LATEST + 1])
        return {
            "title": str(profile),
            "subtitle": None,
            "identities": Identity.objects.filter(profile=profile).order_by("kind", "first_seen_at"),
            "merges": self._merges(profile),
            "may_unmerge": self.may_unmerge(request),
            "facts": self._facts(profile),
            "affinities": self._affinities(profile),
            "touches": [(_TOUCH_TITLES[touch.kind], touch) for touch in touches_of(profile)],
            "events": events[:_LATEST],
            "has_more_events": len(events) > _LATEST,
            "timeline_url": self.object_url("timeline", profile.pk),
        }

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Without the key of a customer: the log outlives an erasure."""
        return self._log(request, obj.pk, CHANGE, str(message))

    def log_erasure(self, request: HttpRequest, pk: int, rows: int) -> LogEntry:
        """That somebody was forgotten, of whom nothing but a number is left."""
        return self._log(request, pk, DELETION, f"erased, {rows} rows")

    def _log(self, request: HttpRequest, pk: int, flag: int, message: str) -> LogEntry:
        assert request.user.is_authenticated
        about = ContentType.objects.get_for_model(Profile)
        return LogEntry.objects.create(
            user_id=request.user.pk, content_type=about, object_id=str(pk), object_repr=f"profile {pk}",
            action_flag=flag, change_message=message,
        )  # fmt: skip

    def timeline(self, request: HttpRequest, profile: Profile) -> HttpResponse:
        """All that this person did, the latest first."""
        page = self.page_of(request, events_of(profile))
        events = rows_of(page.object_list)
        return self.render(request, "timeline.html", profile, _("Timeline"), page=page, events=events)

    def _merges(self, profile: Profile) -> QuerySet[Merge]:
        mine = Q(target=profile) | Q(source=profile)
        return Merge.objects.filter(mine).select_related("source", "target").order_by("-merged_at")

    def _facts(self, profile: Profile) -> list[dict[str, Any]]:
        """Declared and inferred facts, with whether each is valid now and where it comes from."""
        now, types = timezone.now(), fact_types(conf.get("FACTS"))
        rows = Fact.objects.filter(profile=profile).order_by("name", "-valid_from", "-pk")
        return [
            {
                "row": row,
                "value": _value_of(row, types),
                "purpose": _purpose_of(row.name, types),
                "is_valid": row.valid_from <= now and (row.valid_until is None or now < row.valid_until),
            }
            for row in rows
        ]

    def _affinities(self, profile: Profile) -> list[tuple[str, list[tuple[str, int]]]]:
        """What the person is drawn to, by kind: values and their shares in per cent."""
        found = affinities_of([profile.pk], now=timezone.now()).get(profile.pk, {})
        return [
            (str(_AFFINITY_TITLES[kind]), [(row.value, round(100 * row.share)) for row in found[kind][:_STRONGEST]])
            for kind in KINDS
            if kind in found
        ]

    # -- taking a merge back

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/unmerge/<int:merge_id>/",
            self.admin_site.admin_view(self._page_view("unmerge")),
            name=f"{self._url_name}_unmerge",
        )
        return [own, *super().get_urls()]

    def may_unmerge(self, request: HttpRequest) -> bool:
        """Rows are not edited by hand, but whoever may change profiles may take a merge back."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def unmerge(self, request: HttpRequest, profile: Profile, merge_id: int) -> HttpResponse:
        """Say what will happen, and do it when that is confirmed."""
        if not self.may_unmerge(request):
            raise PermissionDenied
        merge = self._merges(profile).filter(pk=merge_id).first()
        if merge is None:
            raise Http404
        if request.method == "POST":
            return self._take_back(request, merge)
        count = Event.objects.filter(profile=merge.target, visitor_key__in=merge.visitor_keys).count()
        question = ngettext(
            "%(count)s event of the visitor goes back to a profile without a customer.",
            "%(count)s events of the visitor go back to a profile without a customer.",
            count,
        )
        return self.render(
            request,
            "unmerge.html",
            profile,
            _("Take the merge back?"),
            merge=merge,
            question=question % {"count": count},
        )

    def _take_back(self, request: HttpRequest, merge: Merge) -> HttpResponse:
        try:
            visitor = unmerge(merge, now=timezone.now())
        except MergeUndoRefused as error:
            messages.error(request, str(error))
            visitor = merge.target
        else:
            self.log_change(request, merge.target, f"merge {merge.pk} taken back")
            messages.success(request, _("The merge was taken back. The visitor has a profile of their own again."))
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:{self._url_name}_change", args=[visitor.pk]))


def _purpose_of(name: str, types: Any) -> str:
    """What a fact is kept for."""
    is_for_audits = name in types and types[name].purpose == AUDIT
    return _("audits alone") if is_for_audits else _("personalisation")


def _value_of(row: Fact, types: Any) -> str:
    """The value as people write it; the raw one, if the shop no longer knows the fact."""
    known = types.get(row.name)
    if known is not None and known.purpose == AUDIT:
        return _("not shown")  # what is kept for figures about everybody is nobody's business here
    if known is None:
        return row.text if row.text is not None else str(row.number)
    return str(decode_fact(known, (row.text, row.number)))
