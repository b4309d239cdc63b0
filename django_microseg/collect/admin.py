"""The admin of what happened: events that could not be stored, with the reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .admin_pages import ModelAdmin, ReadOnly
from .models import QuarantinedEvent

__all__ = ["CurrencyRateAdmin", "QuarantinedEventAdmin"]


class CurrencyRateAdmin(ModelAdmin):
    """What other currencies were worth in the shop's; a rate holds from its day until the next one."""

    list_display = ["currency", "day", "rate"]
    list_filter = ["currency"]
    ordering = ["currency", "-day"]
    list_per_page = 100


class QuarantinedEventAdmin(ReadOnly, ModelAdmin):
    """What was received and refused. Nothing is changed here: the sender is to be mended."""

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

    class Media:
        css = {"all": ["django_microseg/admin.css"]}
