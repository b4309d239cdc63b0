"""The personas that expect something of a segment, on the page of that segment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ..models import Segment
from .admin import Shown, shown_of
from .models import Persona

__all__ = ["persona_panel"]


def persona_panel(request: HttpRequest, segment: Segment, site_name: str) -> dict[str, Any]:
    """What the include ``_personas.html`` shows; nothing for whoever may not see personas."""
    options = Persona._meta
    may = {verb: request.user.has_perm(f"{options.app_label}.{verb}_persona") for verb in ("view", "change", "add")}
    if not may["view"] and not may["change"]:
        return {}
    prefix = f"{site_name}:{options.app_label}_persona"
    rows = [row for row in Persona.objects.all() if segment.slug in row.asked]
    shown = [(segment.slug in each.row.wanted, _linked(each, prefix)) for each in shown_of(rows)] if rows else []
    add_url = f"{reverse(f'{prefix}_add')}?in={segment.slug}" if may["add"] else ""
    return {"personas": shown, "has_personas": True, "add_persona_url": add_url}


def _linked(shown: Shown, prefix: str) -> Shown:
    return replace(shown, url=reverse(f"{prefix}_change", args=[shown.row.pk]))
