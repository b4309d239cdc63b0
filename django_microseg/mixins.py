"""Door: class-based views that only members of segments may see."""

from __future__ import annotations

from collections.abc import Collection
from inspect import isawaitable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest

from .decide.require import Match, Otherwise, answer_otherwise, check_requirement, is_member

__all__ = ["SegmentRequiredMixin"]


class SegmentRequiredMixin:
    """Put it before the view's own class; it does what `require_segment` does."""

    required_segments: str | Collection[str] = ()
    segment_match: Match = "any"
    segment_otherwise: Otherwise = Http404
    view_is_async: bool

    def get_required_segments(self) -> Collection[str]:
        """Which segments; for views that know only when they are asked."""
        given = self.required_segments
        return (given,) if isinstance(given, str) else given

    def handle_no_segment(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What somebody gets who is not a member."""
        # Not by way of `self`, which would make a plain function a method of this view.
        otherwise = vars(self).get("segment_otherwise", type(self).segment_otherwise)
        return answer_otherwise(otherwise, request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        slugs = self.get_required_segments()
        check_requirement(slugs, self.segment_match)
        if self.view_is_async:
            return self._dispatch_async(request, slugs, *args, **kwargs)
        if is_member(request, slugs, self.segment_match):
            return self._let_in(request, *args, **kwargs)
        return self.handle_no_segment(request, *args, **kwargs)

    async def _dispatch_async(self, request: HttpRequest, slugs: Collection[str], *args: Any, **kwargs: Any) -> Any:
        is_in = await sync_to_async(is_member)(request, slugs, self.segment_match)
        answer = (self._let_in if is_in else self.handle_no_segment)(request, *args, **kwargs)
        return await answer if isawaitable(answer) else answer

    def _let_in(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        view: Any = super()
        return view.dispatch(request, *args, **kwargs)
