"""Door: where a visitor's choice is posted. A refusal takes as many clicks as a consent.

Comes in: `measurement`, `personalisation` and `advertising` as yes or no, or `all`, and `next`.
Goes out: a redirect within the shop with the choice cookie; after a refusal or a withdrawal, our
visitor cookie is deleted.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from .. import conf
from ..decide.visitor import Visitor
from ..decide.way_back import way_back
from ..profile.visitor_id import VisitorCookie, clear_visitor_cookie, set_visitor_cookie
from .answer import record_answer
from .choice import read_consent, set_choice_cookie
from .consent import choice_of

__all__ = ["consent"]


@never_cache
@require_POST
@csrf_protect
def consent(request: HttpRequest) -> HttpResponse:
    """Remember what the visitor allows, and go back to where they were."""
    purposes = choice_of(request.POST)
    if purposes is None:
        return HttpResponseBadRequest("Choose all=yes or all=no, or answer yes or no to a purpose.")
    response = HttpResponseRedirect(way_back(request))
    if _is_preview(request):
        return response
    answer = record_answer(_cookie_of(request), purposes)
    if answer is not None:
        set_choice_cookie(response, purposes, is_secure=request.is_secure())
        if answer.cookie is None:
            clear_visitor_cookie(response)
        else:
            set_visitor_cookie(response, answer.cookie, is_secure=request.is_secure())
    return response


def _cookie_of(request: HttpRequest) -> VisitorCookie | None:
    """The cookie of a visitor who had consented; one without consent is not looked at."""
    if not read_consent(request).may_be_remembered:
        return None
    return VisitorCookie.parse(request.COOKIES.get(conf.get("COOKIE_NAME")))


def _is_preview(request: HttpRequest) -> bool:
    """Whether a member of staff looks as somebody else, which changes nothing of either."""
    visitor = getattr(request, "visitor", None)
    return isinstance(visitor, Visitor) and visitor.preview is not None
