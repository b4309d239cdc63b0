"""The buttons “Freeze” and “Unfreeze” of a segment's page, and what the page says of a frozen one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from .admin_difference import DifferencePages, messages_of, outcome_in_words
from .freeze import NotFrozen, freeze, unfreeze
from .frozen import is_frozen
from .launch import Objected, Shown, Stale, Underway, put_in_force
from .models import Segment

__all__ = ["FreezePages"]

_LONGEST_NOTE = 200


class FreezePages(DifferencePages):
    """Adds freezing, which is done at once if nothing speaks against it, and unfreezing, which is shown first."""

    pages: dict[str, str] = {**DifferencePages.pages, "freeze": "freeze", "unfreeze": "unfreeze"}

    def freeze_panel(self, request: HttpRequest, segment: Segment, *, is_waiting: bool) -> dict[str, Any]:
        """Whether it is frozen, and where that is changed by whoever may; while a draft waits, that comes first."""
        frozen = is_frozen(segment.live_version)
        may = self.has_change_permission(request, segment) and segment.live_version is not None and not is_waiting
        method = "unfreeze" if frozen else "freeze"
        return {"is_frozen": frozen, "freeze_url": self.object_url(method, segment.pk) if may else ""}

    def freeze(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Its members of now stay, whatever happens, and nobody joins."""
        note = self._asked(request, segment)
        now, live, author = timezone.now(), segment.live_version_id, request.user.get_username()
        try:
            version = freeze(segment, now=now, author=author, note=note)
            done = put_in_force(segment, shown=Shown(version.pk, live), now=now)
        except NotFrozen as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(self.object_url("change", segment.pk))
        except (Objected, Stale) as error:
            messages.warning(request, _("Its members are noted, but it is not frozen yet. See below."))
            if isinstance(error, Objected):
                messages_of(request, error)
            return HttpResponseRedirect(self.object_url("difference", segment.pk))
        self.log_change(request, segment, f"frozen: {note}" if note else "frozen")
        if isinstance(done, Underway):
            messages.info(request, outcome_in_words(done))
        else:
            messages.success(request, _("It is frozen: whoever is in it stays, and nobody joins."))
        return HttpResponseRedirect(self.object_url("change", segment.pk))

    def unfreeze(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Its earlier rule becomes the draft, and what that would change is shown."""
        note = self._asked(request, segment)
        try:
            version = unfreeze(segment, now=timezone.now(), author=request.user.get_username(), note=note)
        except NotFrozen as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(self.object_url("change", segment.pk))
        self.log_change(request, segment, f"version {version.number} saved, to unfreeze it")
        return HttpResponseRedirect(self.object_url("difference", segment.pk))

    def _asked(self, request: HttpRequest, segment: Segment) -> str:
        """The note of whoever may ask for this, and did."""
        if request.method != "POST" or not self.has_change_permission(request, segment):
            raise PermissionDenied
        return request.POST.get("note", "").strip()[:_LONGEST_NOTE]
