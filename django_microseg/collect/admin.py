"""The admin of what happened: events that could not be stored, with the reason."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .admin_pages import ObjectPages, ReadOnly, WithEmptyList
from .models import QuarantinedEvent
from .replay import UnreadablePayload, replay

__all__ = ["CurrencyRateAdmin", "QuarantinedEventAdmin"]


class CurrencyRateAdmin(WithEmptyList):
    """What other currencies were worth in the shop's; a rate holds from its day until the next one."""

    empty_list = _("No rate is known, so amounts in other currencies than the shop's count for nothing.")
    list_display = ["currency", "day", "rate"]
    list_filter = ["currency"]
    ordering = ["currency", "-day"]
    list_per_page = 100


class QuarantinedEventAdmin(ReadOnly, WithEmptyList, ObjectPages):
    """What was received and refused; mended, or because the shop has learned to read it, it is tried again."""

    empty_list = _("Nothing was refused.")
    pages = {"mend": "mend"}
    actions = ["try_again"]
    change_form_template = "django_microseg/admin/quarantined.html"
    list_display = ["received_at", "event", "source", "reason", "detail"]
    list_display_links = ["received_at", "event"]
    list_filter = ["reason", "source"]
    search_fields = ["=name", "=message_id", "=visitor_key", "=customer_key"]
    search_help_text = _("the whole event name, message id, visitor id or customer key")
    ordering = ["-received_at", "-pk"]
    show_full_result_count = False
    fields = [
        "received_at", "source", "name", "reason", "detail", "message_id", "visitor_key", "customer_key",
        "payload_as_sent",
    ]  # fmt: skip
    readonly_fields = [*fields]  # type: ignore[list-item]

    @admin.display(description=_("event"), ordering="name")
    def event(self, row: QuarantinedEvent) -> str:
        return row.name or "?"

    @admin.display(description=_("payload"))
    def payload_as_sent(self, row: QuarantinedEvent) -> SafeString:
        return format_html('<pre class="microseg-text">{}</pre>', row.payload)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = {"title": _("Events that could not be stored")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"mend_url": self.object_url("mend", object_id) if self.may_mend(request) else ""}
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

    def may_mend(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.change_quarantinedevent")

    has_mend_permission = may_mend  # what the action asks for

    @admin.action(description=_("Try the chosen events again"), permissions=["mend"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[QuarantinedEvent]) -> None:
        """Each as it came: what they lacked may be known by now, such as an event of the shop's own or a rate."""
        outcomes = [_tried(row) for row in queryset.order_by("received_at", "pk")]
        stored = sum(not why for why in outcomes)
        reasons = Counter(why for why in outcomes if why)
        if stored:
            messages.success(request, ngettext("%s event is stored now.", "%s events are stored now.", stored) % stored)
        for why, number in reasons.most_common(5):
            text = ngettext(
                "%(number)s event is still refused: %(why)s", "%(number)s events are still refused: %(why)s", number
            )
            messages.warning(request, text % {"number": number, "why": why})

    def mend(self, request: HttpRequest, row: QuarantinedEvent) -> HttpResponse:
        """The payload in a field; sent, it is tried the way it came in the first time."""
        if not self.may_mend(request):
            raise PermissionDenied
        payload, wrong = request.POST.get("payload", _pretty(row.payload)), ""
        if request.method == "POST":
            wrong = _tried(row, payload)
            if not wrong:
                messages.success(request, _("The event is stored now."))
                return HttpResponseRedirect(self.changelist_url())
        return self.render(
            request, "mend.html", row, str(_("Mend and try again")),
            row=row, payload=payload, wrong=wrong, list_url=self.changelist_url(),
        )  # fmt: skip

    class Media:
        css = {"all": ["django_microseg/admin.css"]}


def _tried(row: QuarantinedEvent, payload: str | None = None) -> str:
    """Why it is not stored; empty if it is."""
    try:
        refusal = replay(row, payload=payload, now=timezone.now())
    except UnreadablePayload as error:
        return str(error)
    return refusal.detail if refusal else ""


def _pretty(payload: str) -> str:
    try:
        return json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload
