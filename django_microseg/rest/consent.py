"""``PUT consent/``: where a headless shop posts the answer to the consent question."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.decide.visitor import Visitor
from django_microseg.http.problem import Problem
from django_microseg.privacy.answer import record_answer
from django_microseg.privacy.choice import consent_to, is_asked_elsewhere, is_refused_by_browser
from django_microseg.profile.visitor_id import VisitorCookie

from . import operations
from .asked import ConsentRequest
from .carrier import is_by_header, remember_choice
from .failure import unavailable
from .me import consent_of
from .page import page_from
from .view import ApiView

__all__ = ["ConsentView"]


class ConsentView(ApiView):
    """A yes gives the browser its visitor id, a no takes it away; both are remembered."""

    @operations.CONSENT
    def put(self, request: Request) -> Response:
        asked = ConsentRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = frozenset(asked.validated_data["purposes"])
        purposes = frozenset[str]() if is_refused_by_browser(request._request) else wanted
        self._refuse_if_nobody()
        if is_asked_elsewhere() and not is_by_header(request._request):
            raise Problem(
                "asked_elsewhere", "Let the visitor answer there; what they say holds from the next request on."
            )
        answer = record_answer(_consented_cookie(self.visitor), purposes)
        if answer is None:
            raise unavailable("The consent could not be put on record, so it does not hold: ask for it again.")
        self.visitor.look_at(page_from(asked.validated_data.get("page"), request._request))
        self.visitor.answer(consent_to(purposes, request._request), answer.cookie)
        response = Response(consent_of(self.visitor))
        remember_choice(request._request, response, purposes)
        return response

    def _refuse_if_nobody(self) -> None:
        if self.visitor.preview is not None:
            raise Problem("preview", "End the preview first: nothing of a visitor is changed by it.")
        if self.visitor.is_machine:
            raise Problem("machine", "Only a person can consent.")


def _consented_cookie(visitor: Visitor) -> VisitorCookie | None:
    """The cookie of a visitor who had consented; one without consent is not looked at."""
    return visitor.brought_cookie if visitor.may_be_remembered else None
