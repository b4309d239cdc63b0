"""``POST decide/``: what slots of a page show this visitor, by the same rules as in templates."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.decide.offers.showing import find_first_order_offer
from django_microseg.decide.slots import CONTENT, Reason

from . import operations
from .asked import DecideRequest
from .page import page_from
from .shown import html_of, offer_fields
from .view import ApiView

__all__ = ["DecideView"]


class DecideView(ApiView):
    """Nothing is stored and nobody gets an id; a page that was seen is told as an event."""

    @operations.DECIDE
    def post(self, request: Request) -> Response:
        asked = DecideRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        self.visitor.look_at(page_from(given.get("page"), request._request))
        answer: dict[str, Any] = {"slots": {slot: self._answer(slot, request) for slot in given["slots"]}}
        if given["first_order_offer"]:
            answer["first_order_offer"] = offer_fields(find_first_order_offer(self.visitor))
        return Response(answer)

    def _answer(self, slot: str, request: Request) -> dict[str, Any]:
        decision = self.visitor.decide(slot)
        choice = decision.choice
        if choice is None:
            return _default(decision.reason)
        html = html_of(choice, self.visitor, request._request) if choice.kind == CONTENT else None
        if choice.kind == CONTENT and html is None:
            return _default(Reason.ERROR)
        return {
            "default": False,
            "experience": choice.slug,
            "kind": choice.kind,
            "html": html,
            "order": list(choice.order_keys),
            "products": list(choice.product_keys),
            "offer": choice.offer or None,
            "reason": str(decision.reason),
        }


def _default(reason: Reason) -> dict[str, Any]:
    """The storefront shows what it has there itself."""
    return {
        "default": True, "experience": None, "kind": None, "html": None, "order": [], "products": [],
        "offer": None, "reason": str(reason),
    }  # fmt: skip
