"""``segments/…/publish/`` and its kind: what brings a segment into force, takes it out, or goes back.

Each is one call of `segment.editing`, which says no where it must not be.
"""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.segment.editing import Edit, approve, archive, discard, publish, revert, take_out
from django_microseg.segment.launch import Underway

from . import operations
from .asked import NoBody, PublishRequest, RevertRequest
from .log import note_change
from .outlook_answer import use_fields
from .permission import APPROVE_SEGMENT, CHANGE_SEGMENT, SEE_SEGMENTS
from .segments import answer_of
from .view import StaffView, read

__all__ = ["ApproveView", "ArchiveView", "DiscardView", "PauseView", "PublishView", "RevertView"]


class _ActionView(StaffView):
    needs = {"POST": (CHANGE_SEGMENT,)}

    def begin(self, request: Request) -> Edit:
        """Nothing is said besides which segment, and what was seen of it."""
        read(NoBody, request.data)
        return self.edit(request)


class PublishView(_ActionView):
    """The waiting rule comes into force, unless something speaks against it. In a large shop that outlasts the request:
    the answer is a 202 then, and sweeps go on with it.
    """

    @operations.PUBLISH
    def post(self, request: Request, slug: str) -> Response:
        passed = read(PublishRequest, request.data)["acknowledged"]
        segment, done = publish(slug, acknowledged=passed, edit=self.edit(request))
        is_underway = isinstance(done, Underway)
        what = "put in preparation" if is_underway else "published"
        note_change(request, segment, f"{what}, although: {', '.join(passed)}" if passed else what)
        return answer_of(slug, status=202 if is_underway else 200)


class ApproveView(_ActionView):
    """Somebody else than its author says that the waiting rule may come into force."""

    needs = {"POST": (SEE_SEGMENTS, APPROVE_SEGMENT)}

    @operations.APPROVE
    def post(self, request: Request, slug: str) -> Response:
        version = approve(slug, edit=self.begin(request))
        note_change(request, version.segment, f"version {version.number} approved")
        return answer_of(slug)


class DiscardView(_ActionView):
    """The draft is given up."""

    @operations.DISCARD
    def post(self, request: Request, slug: str) -> Response:
        note_change(request, discard(slug, edit=self.begin(request)), "draft discarded")
        return answer_of(slug)


class PauseView(_ActionView):
    """Nobody is in the segment until it is published again; what goes by it all the same is told."""

    @operations.PAUSE
    def post(self, request: Request, slug: str) -> Response:
        segment, uses = take_out(slug, edit=self.begin(request))
        note_change(request, segment, "paused")
        return answer_of(slug, uses=[use_fields(each) for each in uses])


class ArchiveView(_ActionView):
    """Taken out for good, kept for its history."""

    @operations.ARCHIVE
    def post(self, request: Request, slug: str) -> Response:
        note_change(request, archive(slug, edit=self.begin(request)), "archived")
        return answer_of(slug)


class RevertView(_ActionView):
    """The rule of an older version is the draft again."""

    @operations.REVERT
    def post(self, request: Request, slug: str) -> Response:
        given = read(RevertRequest, request.data)
        segment = revert(slug, given["number"], note=given["note"], edit=self.edit(request))
        note_change(request, segment, f"version {given['number']} saved anew")
        return answer_of(slug)
