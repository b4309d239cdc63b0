"""How each address for staff stands in the OpenAPI document: names, parameters, answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from django_microseg.http.problem import MEDIA_TYPE

from ..answered import ProblemAnswer
from .answered import (
    DifferenceAnswer,
    ExplanationAnswer,
    GrowthAnswer,
    InUseAnswer,
    MembersPage,
    ObjectedAnswer,
    PausedAnswer,
    PreviewAnswer,
    SegmentAnswer,
    SegmentsPage,
    VersionsPage,
)
from .answered_fields import FieldsAnswer
from .answered_runs import RunAnswer, RunsPage
from .asked import (
    ExplainRequest,
    GrowthParameters,
    MembersParameters,
    NewSegment,
    PageParameters,
    PreviewRequest,
    PublishRequest,
    RevertRequest,
    RunRequest,
    SegmentChange,
    SegmentsParameters,
)

__all__ = [
    "APPROVE", "ARCHIVE", "CANCEL", "CHANGE", "CREATE", "DIFFERENCE", "DISCARD", "EXPLAIN", "FIELDS", "GROWTH",
    "MEMBERS", "PAUSE", "PREVIEW", "PUBLISH", "RETRY", "REVERT", "RUN", "RUNS", "SEGMENT", "SEGMENTS", "START",
    "VERSIONS",
]  # fmt: skip

_View = TypeVar("_View", bound=Callable[..., Any])
_RULE = 'count("order_completed", days=180) >= 5'
_ALWAYS = (401, 403, 429, 503)
_WITH_BODY = (400, 413, 415, 422)
_EDITED = (404, 409, 412, 428)
_SEEN = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description="The ETag of the segment as you have seen it, or `*` for whatever it is now.",
)  # fmt: skip
_TAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201, 202], description="What If-Match asks for."
)
_WHERE = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="Where it is now.")


def _operation(
    name: str,
    summary: str,
    answer: Any,
    *refused: int,
    status: int = 200,
    conflict: Any = ProblemAnswer,
    later: bool = False,
    **more: Any,
) -> Callable[[_View], _View]:
    problems: dict[Any, Any] = {
        (code, MEDIA_TYPE): conflict if code == 409 else ProblemAnswer for code in (*refused, *_ALWAYS)
    }
    return extend_schema(
        operation_id=f"microseg_staff_{name}", summary=summary, tags=["microseg staff"],
        responses={status: answer, **({202: answer} if later else {}), **problems}, **more,
    )  # fmt: skip


def _action(
    name: str,
    summary: str,
    request: Any = None,
    *,
    answer: Any = SegmentAnswer,
    conflict: Any = ProblemAnswer,
    later: bool = False,
) -> Callable[[_View], _View]:
    """Something that is done to a segment, by whoever says what they have seen of it."""
    return _operation(
        name, summary, answer, *_WITH_BODY, *_EDITED, conflict=conflict, later=later, request=request,
        parameters=[_SEEN, _TAG],
    )  # fmt: skip


SEGMENTS = _operation("segments", "Which segments are there?", SegmentsPage, 422, parameters=[SegmentsParameters])
SEGMENT = _operation("segment", "What is this segment?", SegmentAnswer, 404, parameters=[_TAG])
CREATE = _operation(
    "create_segment", "Write a new segment, as a draft", SegmentAnswer, *_WITH_BODY, status=201, request=NewSegment,
    parameters=[_TAG, _WHERE],
    examples=[
        OpenApiExample("A rule as text", {"slug": "loyal", "name": "Loyal", "rule": _RULE}, request_only=True),
        OpenApiExample(
            "A rule as a tree",
            {
                "slug": "ordered", "name": "Have ordered",
                "rule": {
                    "version": 1,
                    "rule": {"trait": {"aggregate": "count", "event": "order_completed"}, "operator": ">=", "value": 1},
                },
            },
            request_only=True,
        ),
    ],
)  # fmt: skip
CHANGE = _action("change_segment", "Change what is said of it, or its rule", SegmentChange)
DIFFERENCE = _operation(
    "difference", "What would the waiting rule change?", DifferenceAnswer, 404, 409, parameters=[_TAG]
)
PUBLISH = _action(
    "publish_segment", "Put the waiting rule in force", PublishRequest, conflict=ObjectedAnswer, later=True
)
APPROVE = _action("approve_segment", "Approve the waiting rule that somebody else wrote")
DISCARD = _action("discard_draft", "Give up the draft")
PAUSE = _action("pause_segment", "Take it out of force for a while", answer=PausedAnswer)
ARCHIVE = _action("archive_segment", "Take it out for good", conflict=InUseAnswer)
REVERT = _action("revert_segment", "Make the rule of an older version the draft", RevertRequest)
VERSIONS = _operation("versions", "Which rules did it have?", VersionsPage, 404, 422, parameters=[PageParameters])
GROWTH = _operation("growth", "How did it grow?", GrowthAnswer, 404, 422, parameters=[GrowthParameters])
MEMBERS = _operation("members", "Who is in it?", MembersPage, 404, 422, parameters=[MembersParameters])
EXPLAIN = _operation(
    "explain", "Why is somebody in it, or not?", ExplanationAnswer, *_WITH_BODY, 404, 409, request=ExplainRequest
)
PREVIEW = _operation(
    "preview", "What would a rule find?", PreviewAnswer, *_WITH_BODY, request=PreviewRequest,
    examples=[OpenApiExample("A rule as text", {"rule": _RULE}, request_only=True)],
)  # fmt: skip
FIELDS = _operation("fields", "What may a rule say?", FieldsAnswer)
RUNS = _operation("runs", "Which refreshes were there?", RunsPage, 422, parameters=[PageParameters])
RUN = _operation("run", "How far has a refresh come?", RunAnswer, 404)
START = _operation(
    "start_run", "Look at everybody anew", RunAnswer, *_WITH_BODY, 409, status=201, request=RunRequest,
    parameters=[_WHERE],
)  # fmt: skip
CANCEL = _operation("cancel_run", "End a full refresh", RunAnswer, *_WITH_BODY, 404, 409, request=None)
RETRY = _operation("retry_run", "Take up a full refresh again", RunAnswer, *_WITH_BODY, 404, 409, request=None)
