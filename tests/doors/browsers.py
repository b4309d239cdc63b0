"""Browsers for the door tests, and one request that stops where the response would be sent."""

from __future__ import annotations

from typing import Any

from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from django_microseg.collect.models import Event
from django_microseg.privacy.consent import PURPOSES, dump
from django_microseg.profile.visitor_id import VisitorCookie
from tests.doors.agents import BROWSER

__all__ = ["consenting", "cookie_of", "names_of_events", "send", "undecided"]


def undecided(*, agent: str = BROWSER, **extra: Any) -> Client:
    """A browser whose visitor has not answered the consent question."""
    return Client(headers={"user-agent": agent}, **extra)


def consenting(*, purposes: tuple[str, ...] = PURPOSES, agent: str = BROWSER, **extra: Any) -> Client:
    """A browser whose visitor has answered: yes to these purposes."""
    browser = undecided(agent=agent, **extra)
    browser.cookies["microseg_consent"] = dump(purposes, text_version="1")
    return browser


def cookie_of(browser: Client) -> VisitorCookie | None:
    """The visitor cookie that a browser carries, if it is a good one."""
    morsel = browser.cookies.get("microseg")
    return VisitorCookie.parse(morsel.value) if morsel else None


def send(browser: Client, path: str) -> tuple[HttpResponseBase, list[str]]:
    """Make a page up to the moment when the response is sent, and the statements that it took."""
    request = RequestFactory(**browser.defaults).get(path)
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    handler = BaseHandler()
    handler.load_middleware()
    with CaptureQueriesContext(connection) as captured:
        response = handler.get_response(request)
    browser.cookies.update(response.cookies)
    _close(response)
    return response, [query["sql"] for query in captured.captured_queries]


def _close(response: HttpResponseBase) -> None:
    """What the server does when the response is sent, but for giving up the test's connection."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


def names_of_events() -> list[str]:
    """What has been stored, in order."""
    return list(Event.objects.order_by("pk").values_list("name", flat=True))
