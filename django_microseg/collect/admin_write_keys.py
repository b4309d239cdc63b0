"""Write keys in the admin: made with a name, shown once, rotated and revoked from the list.

A key is never deleted: its events carry its name, and a revoked one says since when.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .admin_pages import WithEmptyList
from .models import WriteKey
from .write_keys import OVERLAP, KeyRevoked, make_key, revoke_key, rotate_key

__all__ = ["WriteKeyAdmin"]


class WriteKeyAdmin(WithEmptyList):
    """Who may send events from outside."""

    empty_list = gettext_lazy(
        "Nobody may send events from outside yet: apps, servers and tag managers need a key for it."
    )
    list_display = ["name", "scope", "hint", "state", "last_used_at", "created_at"]
    list_filter = ["scope"]
    search_fields = ["name"]
    ordering = ["name"]
    actions = ["rotate", "revoke"]
    fields = ["name", "scope"]
    shown = [
        "name",
        "scope",
        "hint",
        "state",
        "created_at",
        "rotated_at",
        "previous_until",
        "revoked_at",
        "last_used_at",
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else self.shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.shown

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: WriteKey) -> str:
        return _("revoked") if row.revoked_at else _("in use") if row.last_used_at else _("not used yet")

    def save_model(self, request: HttpRequest, obj: WriteKey, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own signature
        """A new key gets its secret; an old one has nothing that is changed here."""
        if change:
            return
        made, secret = make_key(obj.name, scope=obj.scope, now=timezone.now())
        obj.__dict__.update(made.__dict__)
        self._show(request, obj, secret)

    @admin.action(
        description=gettext_lazy("Rotate: show a new secret, the old one works for a week more"), permissions=["change"]
    )
    def rotate(self, request: HttpRequest, rows: QuerySet[WriteKey]) -> None:
        for row in rows:
            try:
                secret = rotate_key(row, now=timezone.now())
            except KeyRevoked as error:
                messages.error(request, str(error))
                continue
            self.log_change(request, row, "rotated")
            self._show(request, row, secret)
            messages.info(request, _("The old key works for %(days)d days more.") % {"days": OVERLAP.days})

    @admin.action(
        description=gettext_lazy("Revoke at once: clients that use it lose their events"), permissions=["change"]
    )
    def revoke(self, request: HttpRequest, rows: QuerySet[WriteKey]) -> None:
        for row in rows:
            revoke_key(row, now=timezone.now())
            self.log_change(request, row, "revoked")
        messages.success(request, _("Revoked: %(names)s") % {"names": ", ".join(row.name for row in rows)})

    def _show(self, request: HttpRequest, row: WriteKey, secret: str) -> None:
        text = _("The key of %(name)s is %(secret)s: note it now, it is shown this once.")
        messages.warning(request, text % {"name": row.name, "secret": secret})
