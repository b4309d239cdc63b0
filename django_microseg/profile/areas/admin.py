"""The admin of areas: put in by hand or imported as a file. Whoever lives there follows with the next sweep."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from django_microseg.collect.admin_pages import ModelAdmin

from .facts import areas_changed
from .match import normal_postcode
from .models import Area

__all__ = ["AreaAdmin"]


class AreaAdmin(ModelAdmin):
    """Areas by country and postcode. Many come by *Imports*."""

    list_display = ["prefix", "country", "name", "population", "density", "growth"]
    list_filter = ["country"]
    search_fields = ["name", "prefix"]
    list_per_page = 100
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Area], search_term: str
    ) -> tuple[QuerySet[Area], bool]:
        """A postcode may be typed as people write it."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        plain = normal_postcode(search_term)
        return (found | queryset.filter(prefix=plain)) if plain else found, may_repeat

    def save_model(self, request: HttpRequest, obj: Area, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own signature
        super().save_model(request, obj, form, change)
        areas_changed()

    def delete_model(self, request: HttpRequest, obj: Area) -> None:
        super().delete_model(request, obj)
        areas_changed()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Area]) -> None:
        super().delete_queryset(request, queryset)
        areas_changed()
