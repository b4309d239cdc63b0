"""Door: where a visitor's choice is posted. A refusal takes as many clicks as a consent.

Also the support page of Global Privacy Control, for shops that wire it at their root.

Comes in: `measurement`, `personalisation` and `advertising` as yes or no, or `all`, and `next`.
Goes out: a redirect within the shop with the choice cookie; after a refusal or a withdrawal, our
visitor cookie is deleted.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from .. import conf
from ..decide.visitor import Visitor
from ..decide.way_back import way_back
from ..profile.visitor_id import VisitorCookie, clear_visitor_cookie, set_visitor_cookie
from .answer import record_answer
from .choice import is_asked_elsewhere, is_refused_by_browser, read_consent, set_choice_cookie
from .consent import choice_of

__all__ = ["consent", "gpc"]


@never_cache
@require_POST
@csrf_protect
def consent(request: HttpRequest) -> HttpResponse:
    """Remember what the visitor allows, and go back to where they were."""
    if is_asked_elsewhere():
        return HttpResponseBadRequest("Another tool of this shop asks for consent: answer there.")
    purposes = choice_of(request.POST)
    if purposes is None:
        return HttpResponseBadRequest("Choose all=yes or all=no, or answer yes or no to a purpose.")
    if is_refused_by_browser(request):
        purposes = frozenset()
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


@require_safe
def gpc(request: HttpRequest, last_update: str = "") -> JsonResponse:
    """`/.well-known/gpc.json`: that the shop heeds Global Privacy Control, and since when it says so."""
    return JsonResponse({"gpc": True, **({"lastUpdate": last_update} if last_update else {})})


def _cookie_of(request: HttpRequest) -> VisitorCookie | None:
    """The cookie of a visitor who had consented; one without consent is not looked at."""
    if not read_consent(request).may_be_remembered:
        return None
    return VisitorCookie.parse(request.COOKIES.get(conf.get("COOKIE_NAME")))


def _is_preview(request: HttpRequest) -> bool:
    """Whether a member of staff looks as somebody else, which changes nothing of either."""
    visitor = getattr(request, "visitor", None)
    return isinstance(visitor, Visitor) and visitor.preview is not None
