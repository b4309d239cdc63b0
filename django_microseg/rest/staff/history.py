"""``segments/…/versions/`` and ``segments/…/growth/``: what a segment was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.segment.models import Segment
from django_microseg.segment.sizes.growth import Change, Known, growth_of
from django_microseg.segment.vocabulary import build_labels

from . import operations
from .asked import GrowthParameters, PageParameters
from .cursor import page_of
from .permission import SEE_SEGMENTS
from .segment_answer import version_fields
from .view import StaffView, read_parameters

__all__ = ["GrowthView", "VersionsView"]


class VersionsView(StaffView):
    """Every rule that the segment had or may come to have, the newest first."""

    needs = {"GET": (SEE_SEGMENTS,)}

    @operations.VERSIONS
    def get(self, request: Request, slug: str) -> Response:
        asked = read_parameters(PageParameters, request)
        rows = Segment.objects.get(slug=slug).versions.all()
        page = page_of(rows, request, order=["-number"], size=asked["page_size"], cursor=asked["cursor"])
        labels = build_labels()
        return Response(page.answer(lambda version: version_fields(version, labels)))


class GrowthView(StaffView):
    """How large the segment was at the end of each day."""

    needs = {"GET": (SEE_SEGMENTS,)}

    @operations.GROWTH
    def get(self, request: Request, slug: str) -> Response:
        days = read_parameters(GrowthParameters, request)["days"]
        segment = Segment.objects.get(slug=slug)
        growth = growth_of([segment.pk], days=days, now=timezone.now())[segment.pk]
        return Response(
            {
                "days": [_day(day, known) for day, known in growth.days],
                "joined": growth.joined,
                "left": growth.left,
                "change": None if growth.change is None else _change(growth.change),
            }
        )


def _day(day: dt.date, known: Known | None) -> dict[str, Any]:
    """What nobody counted is null, never a zero."""
    return {
        "day": day.isoformat(),
        "size": known and known.size,
        "joined": known and known.joined,
        "left": known and known.left,
        "by_rule": known and known.by_rule,
        "is_recomputed": known and known.is_recomputed,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "difference": change.difference,
        "percent": change.percent,
        "days": change.days,
    }
