"""What a response takes along: the visitor's cookie, and who else may be given the response.

Comes in: the visitor of the request and the response that the shop made. The cookie is set only
with consent, and taken away without; a response that depends on the visitor is marked private.
Never reads or changes the content, so streams are as good as pages.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from django_microseg import conf
from django_microseg.collect.customer import loaded_customer_key
from django_microseg.collect.page_view import is_page_view
from django_microseg.collect.visit import with_page_view
from django_microseg.profile.visitor_id import (
    VisitorCookie,
    clear_visitor_cookie,
    set_visitor_cookie,
)

from . import hand_over
from .visitor import Visitor

__all__ = ["part"]


def part(visitor: Visitor, request: HttpRequest, response: HttpResponseBase) -> None:
    """Everything that is left to do when the shop's response is made."""
    is_seen = False
    if conf.get("COOKIE_NAME") in response.cookies:
        _take_over(visitor, response)
    if visitor.cookie is not None:
        is_seen = is_page_view(request, response)
        _note_person(visitor, request, is_active=is_seen)
    if visitor.happenings.are_urgent:
        hand_over.store_urgent(visitor)
    if is_seen:
        hand_over.note_event(visitor, "page_viewed", _page_of(visitor, request))
    _give_cookie(visitor, request, response, is_seen=is_seen)
    _mark_private(visitor, response)
    if visitor.may_be_remembered or visitor.happenings.are_waiting:
        response._resource_closers.append(partial(hand_over.store_later, visitor))


def _note_person(visitor: Visitor, request: HttpRequest, *, is_active: bool) -> None:
    """A new id goes on record. A customer whom this browser's id does not lead to yet is joined."""
    is_active = is_active or visitor.happenings.are_waiting
    if not is_active:
        return
    if visitor.is_new:
        hand_over.note_new_id(visitor)
    customer_key = loaded_customer_key(request)
    if customer_key and visitor.is_stranger:
        hand_over.note_customer(visitor, customer_key)


def _page_of(visitor: Visitor, request: HttpRequest) -> dict[str, object]:
    """Without the query part: searches and links of mails hold personal data there."""
    page: dict[str, object] = {"path": request.path}
    if visitor.moment.arrival.referrer:
        page["referrer"] = visitor.moment.arrival.referrer
    return page


def _give_cookie(
    visitor: Visitor, request: HttpRequest, response: HttpResponseBase, *, is_seen: bool
) -> None:
    if visitor.cookie is None:
        if conf.get("COOKIE_NAME") in request.COOKIES and not visitor.is_machine:
            clear_visitor_cookie(response)
        return
    cookie = _cookie_after(visitor, visitor.cookie, is_seen=is_seen)
    if is_seen or visitor.is_active or cookie.sequence != visitor.caused:
        set_visitor_cookie(response, cookie, is_secure=request.is_secure())
        patch_cache_control(response, private=True)


def _cookie_after(visitor: Visitor, cookie: VisitorCookie, *, is_seen: bool) -> VisitorCookie:
    visit = visitor.visit
    if visit is not None:
        cookie = cookie.with_visit(with_page_view(visit) if is_seen else visit)
    return replace(cookie, sequence=_sequence_after(visitor))


def _sequence_after(visitor: Visitor) -> int:
    """The revision that the next page must see: what is stored now, and what is about to be.

    A profile's revision rises with each batch of events. Where that cannot be relied on, nothing
    is promised, so that no page waits in vain.
    """
    known = visitor.known_so_far
    stored = visitor.caused if known is None else known.revision
    is_relied_on = known.has_profile if known is not None else stored > 0
    return stored + 1 if is_relied_on and visitor.happenings.are_waiting else stored


def _mark_private(visitor: Visitor, response: HttpResponseBase) -> None:
    """A stream may still ask for the visitor when this is over, so pages that stream count too."""
    may_still_ask = response.streaming and response.headers.get("Content-Type", "").startswith(
        "text/html"
    )
    if visitor.has_been_asked or may_still_ask:
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, private=True)
