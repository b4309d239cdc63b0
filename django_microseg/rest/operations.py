"""How each address stands in the OpenAPI document: names, headers, answers and examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from django_microseg.http.problem import MEDIA_TYPE

from .answered import ConsentAnswer, DecideAnswer, EventsAnswer, MeAnswer, ProblemAnswer
from .asked import ConsentRequest, DecideRequest, EventsRequest
from .carrier import CONSENT_HEADER, VISITOR_HEADER

__all__ = ["CONSENT", "DECIDE", "EVENTS", "ME"]

_VISITOR = OpenApiParameter(
    VISITOR_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="For storefronts on another host: what the last answer had in this header, `new` at first. "
    "With it cookies are neither read nor set.",
)
_CONSENT = OpenApiParameter(
    CONSENT_HEADER, str, OpenApiParameter.HEADER, description="With it: what `PUT consent/` answered in this header."
)
_BY_HEADER = [_VISITOR, _CONSENT]
_KNOWN_TAG = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag that you have.")
_NO_BODY = OpenApiResponse(description="Nothing has changed since the ETag.")


def _problems(*statuses: int) -> dict[Any, Any]:
    return {(status, MEDIA_TYPE): ProblemAnswer for status in statuses}


_PAGE = {"url": "https://www.shop.example/?utm_source=instagram&utm_campaign=june", "referrer": ""}
_REFUSED = _problems(400, 403, 413, 415, 422, 429, 503)

ME = extend_schema(
    operation_id="microseg_me",
    summary="Who is this visitor?",
    tags=["microseg"],
    parameters=[*_BY_HEADER, _KNOWN_TAG],
    responses={200: MeAnswer, 304: _NO_BODY, **_problems(429, 503)},
    examples=[
        OpenApiExample(
            "A visitor who came back",
            {
                "consent": {"asked": True, "purposes": ["measurement", "personalisation"], "version": "1"},
                "recognised": True,
                "returning": True,
                "segments": [{"slug": "trail-browsers", "since": "2026-03-01T19:05:11.250000+00:00"}],
                "experiences": [{"slot": "home-hero", "experience": "hero-trail", "kind": "content"}],
            },
            response_only=True,
            status_codes=["200"],
        )
    ],
)

DECIDE = extend_schema(
    operation_id="microseg_decide",
    summary="What do slots show this visitor on this page?",
    tags=["microseg"],
    parameters=_BY_HEADER,
    request=DecideRequest,
    responses={200: DecideAnswer, **_REFUSED},
    examples=[
        OpenApiExample("A first page", {"slots": ["home-hero", "category-order"], "page": _PAGE}, request_only=True),
        OpenApiExample(
            "One experience and one default",
            {
                "slots": {
                    "home-hero": {
                        "default": False,
                        "experience": "hero-first-order",
                        "kind": "content",
                        "html": "<section>Ten percent off your first order</section>",
                        "order": [],
                        "products": [],
                        "offer": "first-order",
                        "reason": "fits",
                    },
                    "category-order": {
                        "default": True,
                        "experience": None,
                        "kind": None,
                        "html": None,
                        "order": [],
                        "products": [],
                        "offer": None,
                        "reason": "nothing_fits",
                    },
                }
            },
            response_only=True,
            status_codes=["200"],
        ),
    ],
)

EVENTS = extend_schema(
    operation_id="microseg_events",
    summary="Tell what the visitor did",
    tags=["microseg"],
    parameters=_BY_HEADER,
    request=EventsRequest,
    responses={200: EventsAnswer, **_REFUSED},
    examples=[
        OpenApiExample(
            "A page and a product",
            {
                "events": [
                    {"name": "page_viewed", "message_id": "8f14e45f", "properties": _PAGE},
                    {"name": "product_viewed", "message_id": "c9f0f895", "properties": {"product_id": "boot-1"}},
                ]
            },
            request_only=True,
        ),
        OpenApiExample(
            "One of them is not known",
            {
                "received": 2,
                "stored": 1,
                "duplicates": 0,
                "rejected": 1,
                "results": [
                    {"index": 0, "status": "stored"},
                    {
                        "index": 1,
                        "status": "rejected",
                        "reason": "not_public",
                        "detail": "A browser may not send order_completed: send it from the server.",
                    },
                ],
            },
            response_only=True,
            status_codes=["200"],
        ),
    ],
)

CONSENT = extend_schema(
    operation_id="microseg_consent",
    summary="Answer the consent question",
    tags=["microseg"],
    parameters=_BY_HEADER,
    request=ConsentRequest,
    responses={200: ConsentAnswer, **_REFUSED, **_problems(409)},
    examples=[
        OpenApiExample("A yes to two purposes", {"purposes": ["measurement", "personalisation"]}, request_only=True),
        OpenApiExample("A no", {"purposes": []}, request_only=True),
        OpenApiExample(
            "What holds now",
            {"asked": True, "purposes": ["measurement", "personalisation"], "version": "1"},
            response_only=True,
            status_codes=["200"],
        ),
    ],
)
