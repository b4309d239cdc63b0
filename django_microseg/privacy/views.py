"""Door: where a visitor's choice is posted. A refusal takes as many clicks as a consent.

Comes in: `measurement`, `personalisation` and `advertising` as yes or no, or `all`, and `next`.
Goes out: a redirect within the shop with the choice cookie; after a refusal or a withdrawal, our
visitor cookie is deleted.
"""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from .. import conf
from ..decide.guard import Guard
from ..decide.visitor import Visitor
from ..decide.way_back import way_back
from ..profile.visitor_id import (
    VisitorCookie,
    clear_visitor_cookie,
    new_visitor_key,
    set_visitor_cookie,
)
from .choice import read_consent, set_choice_cookie
from .consent import Consent, choice_of
from .ledger import record_choice

__all__ = ["consent"]

_RECORDING = Guard("record a consent", breaker=None)


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
    if Consent(is_asked=True, purposes=purposes).may_be_remembered:
        _allow(request, response, purposes)
    else:
        _refuse(request, response, purposes)
    return response


def _is_preview(request: HttpRequest) -> bool:
    """Whether a member of staff looks as somebody else, which changes nothing of either."""
    visitor = getattr(request, "visitor", None)
    return isinstance(visitor, Visitor) and visitor.preview is not None


def _allow(request: HttpRequest, response: HttpResponse, purposes: Collection[str]) -> None:
    """Consent that cannot be proven is none: without a row in the ledger no cookie is set."""
    cookie = _cookie_of(request) or VisitorCookie(new_visitor_key())
    is_recorded = _record(cookie, purposes)
    if is_recorded is False:  # an id that was erased; this is a new consent, so a new id
        cookie = VisitorCookie(new_visitor_key())
        is_recorded = _record(cookie, purposes)
    if is_recorded:
        set_choice_cookie(response, purposes, is_secure=request.is_secure())
        set_visitor_cookie(response, cookie, is_secure=request.is_secure())


def _refuse(request: HttpRequest, response: HttpResponse, purposes: Collection[str]) -> None:
    """Whatever happens to the ledger, a refusal holds."""
    set_choice_cookie(response, purposes, is_secure=request.is_secure())
    clear_visitor_cookie(response)
    cookie = _cookie_of(request)
    if cookie is not None:
        _record(cookie, ())


def _record(cookie: VisitorCookie, purposes: Collection[str]) -> bool | None:
    """Whether the ledger took it; None if it could not be asked."""
    return _RECORDING.run(
        lambda: record_choice(
            cookie.visitor_key,
            purposes,
            text_version=conf.get("CONSENT_TEXT_VERSION"),
            now=timezone.now(),
        ),
        None,
        about=f"visitor {cookie.visitor_key[:8]}",
    )


def _cookie_of(request: HttpRequest) -> VisitorCookie | None:
    """The cookie of a visitor who had consented; one without consent is not looked at."""
    if not read_consent(request).may_be_remembered:
        return None
    return VisitorCookie.parse(request.COOKIES.get(conf.get("COOKIE_NAME")))
