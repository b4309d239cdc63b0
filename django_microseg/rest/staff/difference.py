"""``segments/…/difference/``: what the waiting version would change, before it is in force. Nothing is written."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.http.problem import Problem
from django_microseg.segment.approval import may_approve
from django_microseg.segment.editing import stamp_of
from django_microseg.segment.models import Segment
from django_microseg.segment.outlook import outlook_of
from django_microseg.segment.versions import candidate_of
from django_microseg.segment.vocabulary import build_labels

from . import operations
from .outlook_answer import difference_fields, objection_fields, use_fields
from .permission import APPROVE_SEGMENT, SEE_PEOPLE, SEE_SEGMENTS, may
from .segment_answer import version_fields
from .view import StaffView, author_of, tagged

__all__ = ["DifferenceView"]


class DifferenceView(StaffView):
    """For whoever may look. Its ETag is the segment's: whoever publishes by it puts in force what was shown."""

    needs = {"GET": (SEE_SEGMENTS,)}

    @operations.DIFFERENCE
    def get(self, request: Request, slug: str) -> Response:
        segment = Segment.objects.select_related("live_version").get(slug=slug)
        version = candidate_of(segment)
        if version is None:
            raise Problem("refused", "Nothing waits to come into force. Save another rule first.")
        version.segment = segment
        outlook, labels = outlook_of(version, now=timezone.now()), build_labels()
        found, live = outlook.difference, segment.live_version
        is_other = may(request.user, APPROVE_SEGMENT) and may_approve(version, author_of(request))
        answer = {
            "live": None if live is None else version_fields(live, labels),
            "waiting": version_fields(version, labels),
            "difference": found and difference_fields(found, may_see_people=may(request.user, SEE_PEOPLE)),
            "uses": [use_fields(each) for each in outlook.uses],
            "objections": [objection_fields(each) for each in outlook.objections],
            "may_approve": is_other,
        }
        return tagged(answer, stamp_of(segment, version.number))
