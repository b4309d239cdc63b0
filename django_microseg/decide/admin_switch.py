"""The kill switch in the admin: a button on the list of experiences, a page that asks, a banner while stopped.

The switch is posted with ``action`` stop or start, so a page that was left open does not do the
opposite of what it says. It needs the permission ``django_microseg.stop_personalisation``.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from django_microseg.collect.admin_pages import WithEmptyList
from django_microseg.segment.models import Publication

from . import switch

__all__ = ["WithSwitch", "may_stop"]

_MOST_SHOWN = 5


def may_stop(request: HttpRequest) -> bool:
    """Whether this member of staff may stop and start personalisation."""
    return request.user.has_perm("django_microseg.stop_personalisation")


class WithSwitch(WithEmptyList):
    """Adds the switch to the admin of experiences."""

    change_list_template = "django_microseg/admin/experiences.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.switch)
        return [path("switch/", view, name=f"{self.opts.app_label}_{self.opts.model_name}_switch"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {"stop": switch.current_stop(), "may_stop": may_stop(request)}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Say what will happen, and do it when that is confirmed."""
        if not may_stop(request):
            raise PermissionDenied
        if request.method == "POST":
            self._switch(request, request.POST.get("action"), request.POST.get("note", "").strip())
            return HttpResponseRedirect(self._list_url(request))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Stop or start personalisation"),
            "stop": switch.current_stop(),
            "past": _past(),
            "note_length": switch.NOTE_LENGTH,
            "list_url": self._list_url(request),
        }
        return TemplateResponse(request, "django_microseg/admin/switch.html", context)

    def _switch(self, request: HttpRequest, action: str | None, note: str) -> None:
        if action == "stop":
            switch.stop(by=request.user.get_username(), note=note, now=timezone.now())
            _log(request, f"Stopped personalisation. {note}".strip())
            messages.warning(request, _("Personalisation is stopped for everybody, from the next page on."))
        elif action == "start" and switch.start(now=timezone.now()):
            _log(request, "Started personalisation again.")
            messages.success(request, _("Personalisation runs again, from the next page on."))

    def _list_url(self, request: HttpRequest) -> str:
        """Back to the list, or to the admin's first page for who may not see it."""
        page = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return reverse(f"{self.admin_site.name}:{page if self.has_view_permission(request) else 'index'}")


def _log(request: HttpRequest, text: str) -> None:
    assert request.user.is_authenticated
    LogEntry.objects.log_actions(request.user.pk, Publication.objects.filter(pk=1), CHANGE, text, single_object=True)


def _past() -> QuerySet[LogEntry]:
    """The last times that somebody used it in the admin."""
    about = ContentType.objects.get_for_model(Publication)
    return LogEntry.objects.filter(content_type=about).select_related("user").order_by("-action_time")[:_MOST_SHOWN]
