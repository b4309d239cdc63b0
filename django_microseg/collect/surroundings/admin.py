"""The admin of what is going on in places: staff put in what no service knows, such as the shop's own fair."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..admin_pages import WithEmptyList

__all__ = ["HolidayAdmin", "LocalEventAdmin", "PlaceWeatherAdmin"]


class IsOverFilter(admin.SimpleListFilter):
    """What is over is out of the way, until somebody asks for it."""

    title = _("time")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("now")), ("coming", _("coming")), ("over", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        match self.value():
            case "now":
                return queryset.filter(starts_at__lte=now, ends_at__gt=now)
            case "coming":
                return queryset.filter(starts_at__gt=now)
            case "over":
                return queryset.filter(ends_at__lte=now)
        return queryset


class HolidayAdmin(WithEmptyList):
    """Holidays; those of the library come by themselves, and those put in here stay."""

    empty_list = _(
        "No holiday is known, so rules that ask for one find nobody. HOLIDAY_PLACES names countries to fetch them for."
    )
    list_display = ["name", "day", "place", "source"]
    list_filter = ["country", "source"]
    search_fields = ["name"]
    ordering = ["-day", "country", "region"]
    fields = ["name", "day", "country", "region"]
    list_per_page = 100


class LocalEventAdmin(WithEmptyList):
    """Fairs, matches, festivals."""

    empty_list = _("No local event is known, so rules that ask for one find nobody.")
    list_display = ["name", "place", "starts_at", "ends_at"]
    list_filter = [IsOverFilter, "country"]
    search_fields = ["name"]
    ordering = ["-starts_at"]
    fields = ["name", "starts_at", "ends_at", "country", "region"]
    list_per_page = 100


class PlaceWeatherAdmin(WithEmptyList):
    """The weather of places, by the shop's service or by hand."""

    empty_list = _("No weather is known, so rules that ask for it find nobody.")
    list_display = ["place", "weather", "temperature", "valid_until", "source"]
    list_filter = ["weather"]
    ordering = ["country", "region"]
    fields = ["country", "region", "weather", "temperature", "valid_until"]
    list_per_page = 100
