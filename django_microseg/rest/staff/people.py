"""``segments/…/members/`` and ``segments/…/explain/``: who is in, and why somebody is or is not."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.http.problem import Problem
from django_microseg.profile.find import find_person, find_profile
from django_microseg.profile.models import Profile
from django_microseg.segment.explain import explain
from django_microseg.segment.members import members_of
from django_microseg.segment.models import Segment

from . import operations
from .asked import ExplainRequest, MembersParameters
from .cursor import page_of
from .permission import SEE_PEOPLE, SEE_SEGMENTS
from .person_answer import person_fields
from .segment_answer import moment
from .view import StaffView, read, read_parameters

__all__ = ["ExplainView", "MembersView"]


class MembersView(StaffView):
    """Who is in the segment now, the latest first."""

    needs = {"GET": (SEE_SEGMENTS, SEE_PEOPLE)}

    @operations.MEMBERS
    def get(self, request: Request, slug: str) -> Response:
        asked = read_parameters(MembersParameters, request)
        segment = Segment.objects.get(slug=slug)
        rows = members_of(segment, asked.get("kind", ""))
        page = page_of(rows, request, order=["-since", "-pk"], size=asked["page_size"], cursor=asked["cursor"])
        return Response(page.answer(lambda row: {**person_fields(row.profile), "since": moment(row.since)}))


class ExplainView(StaffView):
    """Why somebody is in the segment, or is not: recomputed from the events, and what would change that."""

    needs = {"POST": (SEE_SEGMENTS, SEE_PEOPLE)}

    @operations.EXPLAIN
    def post(self, request: Request, slug: str) -> Response:
        profile = _found(read(ExplainRequest, request.data))
        segment = Segment.objects.select_related("live_version").get(slug=slug)
        answer = explain(profile, segment, now=timezone.now()).to_json()
        del answer["profile_id"]
        return Response({**person_fields(profile), **answer})


def _found(asked: dict[str, Any]) -> Profile:
    profile = find_profile(asked["profile"]) if "profile" in asked else find_person(asked["who"].strip())
    if profile is None:
        raise Problem("not_found", "Nobody has that key. Send a whole one.")
    return profile
