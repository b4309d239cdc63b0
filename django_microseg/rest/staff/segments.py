"""``segments/``: the list, one segment, a new one, and changes of its words and its rule."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.segment.editing import Edit, change, create
from django_microseg.segment.judged import read_rule
from django_microseg.segment.models import Segment

from . import operations
from .asked import ORDERS, NewSegment, SegmentChange, SegmentsParameters
from .cursor import page_of
from .log import note_change, note_new
from .permission import ADD_SEGMENT, CHANGE_SEGMENT, SEE_SEGMENTS
from .segment_answer import SegmentAnswers
from .view import StaffView, author_of, read, read_parameters, tagged

__all__ = ["SegmentView", "SegmentsView", "answer_of"]


class SegmentsView(StaffView):
    """All segments, page by page; and where a new one is sent."""

    needs = {"GET": (SEE_SEGMENTS,), "POST": (ADD_SEGMENT,)}

    @operations.SEGMENTS
    def get(self, request: Request) -> Response:
        asked = read_parameters(SegmentsParameters, request)
        page = page_of(
            _chosen(asked), request, order=ORDERS[asked["ordering"]], size=asked["page_size"], cursor=asked["cursor"]
        )
        return Response(page.answer(SegmentAnswers(page.rows).answer))

    @operations.CREATE
    def post(self, request: Request) -> Response:
        given = read(NewSegment, request.data)
        rule = read_rule(given["rule"], slug=given["slug"])
        segment = create(
            given["slug"], name=given["name"], description=given["description"], rule=rule, note=given["note"],
            edit=Edit(author_of(request), timezone.now()),
        )  # fmt: skip
        note_new(request, segment)
        address = request.build_absolute_uri(f"{segment.slug}/")
        return answer_of(segment.slug, status=201, headers={"Location": address})


class SegmentView(StaffView):
    """One segment."""

    needs = {"GET": (SEE_SEGMENTS,), "PATCH": (CHANGE_SEGMENT,)}

    @operations.SEGMENT
    def get(self, request: Request, slug: str) -> Response:
        return answer_of(slug)

    @operations.CHANGE
    def patch(self, request: Request, slug: str) -> Response:
        given, edit = read(SegmentChange, request.data), self.edit(request)
        rule = read_rule(given["rule"], slug=slug) if "rule" in given else None
        segment = change(
            slug, name=given.get("name"), description=given.get("description"), rule=rule, note=given["note"], edit=edit
        )
        said = sorted(given.keys() - {"note"})
        if said:
            note_change(request, segment, f"changed {', '.join(said)}")
        return answer_of(slug)


def answer_of(slug: str, **more: Any) -> Response:
    """A segment as it is now, with its ETag."""
    segment = Segment.objects.get(slug=slug)
    answers = SegmentAnswers([segment])
    return tagged(answers.answer(segment), answers.stamp(segment), **more)


def _chosen(asked: dict[str, Any]) -> QuerySet[Segment]:
    rows = Segment.objects.annotate(ranked_size=Coalesce("size", Value(-1), output_field=IntegerField()))
    if asked.get("state"):
        rows = rows.filter(state__in=asked["state"])
    for word in asked["search"].split():
        rows = rows.filter(Q(slug__icontains=word) | Q(name__icontains=word) | Q(description__icontains=word))
    return rows
