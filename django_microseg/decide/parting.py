"""What a response takes along: the visitor's cookie, and who else may be given the response.

Comes in: the visitor of the request and the response that the shop made. The cookie is set only
with consent, and taken away without; a response that depends on the visitor is marked private.
Never reads or changes the content, so streams are as good as pages.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from django_microseg import conf
from django_microseg.collect.counts import COUNTS
from django_microseg.collect.customer import loaded_customer_key
from django_microseg.collect.fields import to_ms
from django_microseg.collect.moment import arrival_before
from django_microseg.collect.page_view import is_page_view, is_shop_page
from django_microseg.collect.visit import begin_visit, with_page_views
from django_microseg.profile.visitor_id import (
    VisitorCookie,
    new_visitor_key,
    set_visitor_cookie,
)

from . import hand_over
from .happening import TooManyHappenings
from .preview import ticket
from .preview.mark import renew_mark
from .visitor import Visitor

__all__ = ["part"]


def part(visitor: Visitor, request: HttpRequest, response: HttpResponseBase) -> None:
    """Everything that is left to do when the shop's response is made."""
    _mark_private(visitor, response)  # first: whatever fails below, no page goes to the wrong person
    if visitor.preview is not None:
        _part_previewing(visitor, request, response)
        return
    _end_preview(request, response)
    renew_mark(request, response, has_logged_in=visitor.has_logged_in)
    if conf.get("COOKIE_NAME") in response.cookies:
        _follow_choice(visitor, request, response)
        return
    if visitor.is_machine and is_shop_page(request, response):
        COUNTS.note_machines(hand_over.SOURCE, visitor.now.date())
    is_seen = visitor.cookie is not None and is_page_view(request, response)
    if visitor.happenings.are_urgent:
        hand_over.store_urgent(visitor)
    with suppress(TooManyHappenings):  # whoever noted so much has been told
        if is_seen or visitor.is_active:
            _note_person(visitor, request)
        if is_seen:
            hand_over.note_event(visitor, "page_viewed", _page_of(visitor, request))
    _give_cookie(visitor, response, is_seen=is_seen)
    if transaction.get_connection().in_atomic_block:
        # A test case wraps the whole request in a transaction, and an async test closes the response
        # in another thread, which would wait for that transaction in vain.
        hand_over.store_later(visitor)
    if visitor.cookie is not None or visitor.happenings.are_waiting:
        is_own_thread = isinstance(request, ASGIRequest)
        store = hand_over.store_alone if is_own_thread else hand_over.store_later
        response._resource_closers.append(partial(store, visitor))  # type: ignore[attr-defined]


def _part_previewing(visitor: Visitor, request: HttpRequest, response: HttpResponseBase) -> None:
    """Nothing of a preview is kept: not by us, and not by any cache on the way."""
    visitor.happenings.clear()
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, private=True, no_store=True)
    renew_mark(request, response, has_logged_in=False)


def _end_preview(request: HttpRequest, response: HttpResponseBase) -> None:
    """A ticket that no longer holds is taken away, unless this response has just brought it.

    Where the shop's own middleware has not said who is logged in, as in an early redirect, nobody
    can tell yet.
    """
    name = ticket.cookie_name()
    if name in request.COOKIES and name not in response.cookies and hasattr(request, "user"):
        ticket.clear_ticket(response)
        patch_cache_control(response, private=True)


def _follow_choice(visitor: Visitor, request: HttpRequest, response: HttpResponseBase) -> None:
    """The visitor has just answered the consent question, and got or lost a cookie by it.

    Whoever has just consented came to the shop before that: the page where they answered still
    says how, so this is where their first visit begins.
    """
    name = conf.get("COOKIE_NAME")
    cookie = VisitorCookie.parse(response.cookies[name].value)
    if cookie is None:
        visitor.happenings.clear()
    elif cookie.visit is None:
        visit = begin_visit(arrival_before(request), now=to_ms(visitor.now), key=new_visitor_key())
        set_visitor_cookie(response, cookie.with_visit(visit), is_secure=request.is_secure())
    patch_cache_control(response, private=True)


def _note_person(visitor: Visitor, request: HttpRequest) -> None:
    """A new id goes on record. A customer whom this browser's id does not lead to yet is joined."""
    if visitor.is_new:
        hand_over.note_new_id(visitor)
    customer_key = loaded_customer_key(request)
    if customer_key and visitor.key and visitor.is_stranger:
        hand_over.note_customer(visitor, customer_key)


def _page_of(visitor: Visitor, request: HttpRequest) -> dict[str, object]:
    """Without the query part: searches and links of mails hold personal data there."""
    page: dict[str, object] = {"path": request.path}
    if visitor.moment.arrival.referrer:
        page["referrer"] = visitor.moment.arrival.referrer
    return page


def _give_cookie(visitor: Visitor, response: HttpResponseBase, *, is_seen: bool) -> None:
    if visitor.cookie is None:
        if visitor.carrier.brought is not None and not visitor.is_machine:
            visitor.carrier.take_away(response)
        return
    cookie = _cookie_after(visitor, visitor.cookie, is_seen=is_seen)
    if is_seen or visitor.is_active or cookie.sequence != visitor.caused:
        visitor.carrier.give(response, cookie)
        patch_cache_control(response, private=True)


def _cookie_after(visitor: Visitor, cookie: VisitorCookie, *, is_seen: bool) -> VisitorCookie:
    visit = visitor.visit
    if visit is not None:
        cookie = cookie.with_visit(with_page_views(visit, visitor.views_told + is_seen))
    return replace(cookie, sequence=_sequence_after(visitor))


def _sequence_after(visitor: Visitor) -> int:
    """The revision that the next page must see: what is stored now, and what is about to be.

    A profile's revision rises with each batch of events. Where a promise has just been broken (the
    visitor was erased, nothing can be stored), no new one is made, so that pages do not wait in vain.
    """
    known = visitor.known_so_far
    stored = visitor.caused if known is None else known.revision
    is_broken = known is not None and not known.has_profile and visitor.caused > 0
    return stored + 1 if hand_over.will_raise_revision(visitor) and not is_broken else stored


def _mark_private(visitor: Visitor, response: HttpResponseBase) -> None:
    """A stream may still ask for the visitor when this is over, so pages that stream count too."""
    may_still_ask = response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
    if visitor.has_been_asked or may_still_ask:
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, private=True)
