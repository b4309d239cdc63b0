"""``segments/…/publish/`` and its kind: what brings a segment into force, takes it out, or goes back.

Each is one call of `segment.editing`, which says no where it must not be.
"""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.segment.editing import Edit, archive, publish, revert, take_out

from . import operations
from .asked import NoBody, RevertRequest
from .log import note_change
from .permission import CHANGE_SEGMENT
from .segments import answer_of
from .view import StaffView, read

__all__ = ["ArchiveView", "PauseView", "PublishView", "RevertView"]


class _ActionView(StaffView):
    needs = {"POST": (CHANGE_SEGMENT,)}

    def begin(self, request: Request) -> Edit:
        """Nothing is said besides which segment, and what was seen of it."""
        read(NoBody, request.data)
        return self.edit(request)


class PublishView(_ActionView):
    """The newest rule comes into force."""

    @operations.PUBLISH
    def post(self, request: Request, slug: str) -> Response:
        note_change(request, publish(slug, edit=self.begin(request)).segment, "published")
        return answer_of(slug)


class PauseView(_ActionView):
    """Nobody is in the segment until it is published again."""

    @operations.PAUSE
    def post(self, request: Request, slug: str) -> Response:
        note_change(request, take_out(slug, edit=self.begin(request)), "paused")
        return answer_of(slug)


class ArchiveView(_ActionView):
    """Taken out for good, kept for its history."""

    @operations.ARCHIVE
    def post(self, request: Request, slug: str) -> Response:
        note_change(request, archive(slug, edit=self.begin(request)), "archived")
        return answer_of(slug)


class RevertView(_ActionView):
    """The rule of an older version is saved as the newest one."""

    @operations.REVERT
    def post(self, request: Request, slug: str) -> Response:
        given = read(RevertRequest, request.data)
        segment = revert(slug, given["number"], note=given["note"], edit=self.edit(request))
        note_change(request, segment, f"version {given['number']} saved anew")
        return answer_of(slug)
