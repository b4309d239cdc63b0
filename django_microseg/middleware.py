"""Door: knows the visitor of each request, and stores what happened when the response is made.

Put it first in ``MIDDLEWARE``. It gives each request a lazy ``request.visitor``, never touches the
session, and works for sync and async views alike. Whatever goes wrong, the page is served.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from . import conf
from .collect.device import read_agent
from .decide.backstage import backstage_of
from .decide.guard import Guard
from .decide.parting import part
from .decide.preview.page import isolate
from .decide.visitor import Visitor
from .privacy.choice import read_consent
from .privacy.ledger import record_choice
from .privacy.models import ConsentRecord

__all__ = ["MicrosegMiddleware"]

_PARTING = Guard("finish a response", breaker=None)
_LOADING = Guard("read ahead for an async view", breaker=None)

GetResponse = Callable[[HttpRequest], Any]


class MicrosegMiddleware:
    """The outermost middleware of the shop."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
            self.process_view: Callable[..., Any] = _load_for_async_view
        else:
            self.process_view = _load_for_view
        read_agent("Mozilla/5.0")  # loads ua-parser's patterns before the first visitor waits

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._call_async(request)
        visitor = _meet(request)
        return _let_go(visitor, request, self.get_response(request))

    async def _call_async(self, request: HttpRequest) -> HttpResponseBase:
        visitor = _meet(request)
        response = await self.get_response(request)
        return await sync_to_async(_let_go)(visitor, request, response)


def _meet(request: HttpRequest) -> Visitor:
    visitor = Visitor(request, read_consent=read_consent, record_new_id=_record_new_id)
    request.visitor = visitor  # type: ignore[attr-defined]
    return visitor


def _let_go(visitor: Visitor, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    _PARTING.run(lambda: part(visitor, request, response), None)
    return response


def _load_for_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
    """An async view cannot ask the database from its template, so it is asked before."""
    isolate(request)
    if iscoroutinefunction(view):
        _LOADING.run(lambda: _load(request), None)


def _load(request: HttpRequest) -> None:
    visitor = _visitor_of(request)
    visitor.load()
    backstage_of(request, visitor).load()


async def _load_for_async_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
    if iscoroutinefunction(view):
        await sync_to_async(_load_for_view)(request, view, args, kwargs)


def _visitor_of(request: HttpRequest) -> Visitor:
    return cast("Visitor", request.visitor)  # type: ignore[attr-defined]


def _record_new_id(visitor_key: str, purposes: Collection[str]) -> None:
    record_choice(
        visitor_key,
        purposes,
        text_version=conf.get("CONSENT_TEXT_VERSION"),
        now=timezone.now(),
        cause=ConsentRecord.Cause.NEW_ID,
    )
