"""Pages of the admin beside its own: about one object, with the admin's breadcrumbs and permissions.

Rooms derive their admin classes from these. A page is a method that takes the request and the
object; whoever may not view (or, where it says so, change) the object gets a 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

__all__ = ["ModelAdmin", "ObjectPages", "ReadOnly", "WithEmptyList"]

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:  # Django's class takes no type parameter when it runs
    ModelAdmin = admin.ModelAdmin


class ReadOnly:
    """Nothing is added, changed or deleted by hand here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WithEmptyList(ModelAdmin):
    """A list that says what is missing while there is nothing in it, and offers what may be done about it."""

    change_list_template = "django_microseg/admin/list.html"
    empty_list: Any = ""


class ObjectPages(ModelAdmin):
    """Adds pages: ``pages`` below an object, ``list_pages`` below the list.

    Both map the last part of the address to a method's name.
    """

    pages: dict[str, str] = {}
    list_pages: dict[str, str] = {}
    page_length = 50

    def get_urls(self) -> list[URLPattern]:
        below_list = [
            path(
                f"{route}/",
                self.admin_site.admin_view(self._list_page_view(method)),
                name=f"{self._url_name}_{method}",
            )
            for route, method in self.list_pages.items()
        ]
        below_object = [
            path(
                f"<path:object_id>/{route}/",
                self.admin_site.admin_view(self._page_view(method)),
                name=f"{self._url_name}_{method}",
            )
            for route, method in self.pages.items()
        ]
        return [*below_list, *below_object, *super().get_urls()]

    def changelist_url(self) -> str:
        return self.list_url("changelist")

    def list_url(self, method: str) -> str:
        """The address of one of the pages below the list."""
        return reverse(f"{self.admin_site.name}:{self._url_name}_{method}")

    def object_url(self, method: str, pk: Any, *further: str) -> str:
        """The address of one of the pages."""
        return reverse(f"{self.admin_site.name}:{self._url_name}_{method}", args=[pk, *further])

    @property
    def _url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def _page_view(self, method: str) -> Callable[..., HttpResponseBase]:
        @wraps(getattr(self, method))
        def view(request: HttpRequest, object_id: str, **parts: Any) -> HttpResponseBase:
            found = self.get_object(request, unquote(object_id))
            if not self.has_view_or_change_permission(request, found):
                raise PermissionDenied
            if found is None:
                return self._gone(request, object_id)
            response: HttpResponseBase = getattr(self, method)(request, found, **parts)
            return response

        return view

    def _list_page_view(self, method: str) -> Callable[..., HttpResponseBase]:
        @wraps(getattr(self, method))
        def view(request: HttpRequest) -> HttpResponse:
            if not self.has_view_or_change_permission(request):
                raise PermissionDenied
            response: HttpResponse = getattr(self, method)(request)
            return response

        return view

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        text = _("There is no %(name)s with the id “%(id)s”. Perhaps it was erased.")
        messages.warning(request, text % {"name": self.opts.verbose_name, "id": object_id})
        return HttpResponseRedirect(self.changelist_url())

    def render(
        self, request: HttpRequest, template: str, found: Model | None, title: str, **context: Any
    ) -> TemplateResponse:
        """One of the pages, as a template of ours that extends ``object_page.html``; ``found`` None below the list."""
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": found,
            "title": title,
            "has_view_permission": self.has_view_permission(request, found),
            "has_change_permission": self.has_change_permission(request, found),
            **context,
        }
        return TemplateResponse(request, f"django_microseg/admin/{template}", shown)

    def page_of(self, request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
        """The part of some rows that the request asks for; nonsense shows the nearest page."""
        return self.get_paginator(request, rows, self.page_length).get_page(request.GET.get("p"))
