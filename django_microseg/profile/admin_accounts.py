"""The admin of accounts: what the members of a company did together, and who they are. Nothing is changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.collect.admin_pages import ObjectPages, ReadOnly, WithEmptyList
from django_microseg.collect.in_words import money_in_words

from .accounts import members_of
from .models import Account

__all__ = ["AccountAdmin"]


class AccountAdmin(ReadOnly, WithEmptyList, ObjectPages):
    """Companies and households."""

    empty_list = gettext_lazy(
        "No company or household is known yet: the shop's adapter, “group” calls or an import name them."
    )
    list_display = ["__str__", "key", "members", "buyers", "orders", "spend", "counted_at"]
    search_fields = ["^key", "name"]
    search_help_text = gettext_lazy("the beginning of the key, or a part of the name")
    ordering = [F("spend_minor").desc(nulls_last=True), "key"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["key", "name", "members", "buyers", "orders", "spend", "counted_at"]
    readonly_fields = ["spend", "members", "buyers", "orders", "counted_at"]
    change_form_template = "django_microseg/admin/account.html"

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    @admin.display(description=gettext_lazy("spend"), ordering="spend_minor")
    def spend(self, account: Account) -> str:
        if account.spend_minor is None:
            return _("not counted yet")
        return money_in_words(account.spend_minor)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is not None and self.has_view_or_change_permission(request, found):
            page = self.page_of(request, members_of(found.key, timezone.now()).order_by("pk"))
            may_see = request.user.has_perm(f"{self.opts.app_label}.view_profile")
            extra = {"page": page, "may_see_people": may_see, "title": str(found), "subtitle": None}
            extra_context = {**extra, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)
