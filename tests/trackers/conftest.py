"""What the tests of the tracking endpoints share: write keys, and a client that sends with them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from django_microseg.collect.models import WriteKey
from django_microseg.collect.shared_cache import clear_own
from django_microseg.collect.write_keys import make_key
from django_microseg.http import limit
from django_microseg.profile.visitor_id import VisitorCookie, new_visitor_key
from django_microseg.segment import rulebook
from django_microseg.trackers.beacon import BEACON
from django_microseg.trackers.segment_api import TAKING
from tests.doors.browsers import consenting


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    rulebook.forget()
    clear_own()
    for guard in (TAKING, BEACON, limit.COUNTING):
        guard.reset()


@pytest.fixture
def page_of_shop(db: None) -> Client:
    """A browser on one of the shop's pages, whose visitor has consented and carries our cookie."""
    browser = consenting()
    browser.cookies["microseg"] = VisitorCookie(new_visitor_key()).dump()
    return browser


@pytest.fixture
def server_key(db: None) -> str:
    return make_key("backend", now=timezone.now())[1]


@pytest.fixture
def browser_key(db: None) -> str:
    return make_key("page", scope=WriteKey.Scope.BROWSER, now=timezone.now())[1]


Sends = Callable[..., HttpResponse]


@pytest.fixture
def sends() -> Sends:
    """Posts a body to one of the addresses, with a key as a Basic user's name."""

    def post(key: str, body: Any, call: str = "batch", content_type: str = "application/json", **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if key:
            headers["authorization"] = f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"
        return Client().post(f"/microseg/v1/{call}", raw, content_type=content_type, headers=headers)

    return post


@pytest.fixture
def said(sends: Sends) -> Callable[..., dict[str, Any]]:
    """Sends messages as a batch and gives the report."""

    def report(key: str, *messages: Any, **envelope: Any) -> dict[str, Any]:
        response = sends(key, {"batch": list(messages), **envelope})
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = json.loads(response.content)
        return answer

    return report
