"""``segments/``: the list, one segment, a new one, and changes of its words and its rule."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.segment.directory import SEARCHED, has_tag, lies_in
from django_microseg.segment.editing import Edit, change, create
from django_microseg.segment.judged import read_rule
from django_microseg.segment.models import Segment
from django_microseg.segment.particulars import PARTICULARS

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
        edit = Edit(author_of(request), timezone.now())
        segment = create(given["slug"], _particulars(given), rule=rule, note=given["note"], edit=edit)
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
        segment = change(slug, _particulars(given), rule=rule, note=given["note"], edit=edit)
        said = sorted(given.keys() - {"note"})
        if said:
            note_change(request, segment, f"changed {', '.join(said)}")
        return answer_of(slug)


def answer_of(slug: str, *, uses: list[dict[str, Any]] | None = None, **more: Any) -> Response:
    """A segment as it is now, with its ETag; ``uses`` stand in it where they were looked up."""
    segment = Segment.objects.get(slug=slug)
    answer = SegmentAnswers([segment]).answer(segment)
    return tagged(answer if uses is None else {**answer, "uses": uses}, answer["etag"], **more)


def _particulars(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in PARTICULARS if name in given}


def _chosen(asked: dict[str, Any]) -> QuerySet[Segment]:
    rows = Segment.objects.annotate(ranked_size=Coalesce("size", Value(-1), output_field=IntegerField()))
    if asked.get("state"):
        rows = rows.filter(state__in=asked["state"])
    if asked["folder"]:
        rows = rows.filter(lies_in(asked["folder"]))
    if asked["tag"]:
        rows = rows.filter(has_tag(asked["tag"]))
    for word in asked["search"].split():
        rows = rows.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in SEARCHED)))
    return rows
