"""Short ways to ask the API, and to read what it answers."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

__all__ = ["LANDING", "PREFIX", "agree", "ask", "code_of", "decide", "me", "tell", "told"]

PREFIX = "/microseg/api/v1/"
LANDING = {"url": "http://shop.example/?utm_source=instagram&utm_campaign=june", "referrer": ""}


def ask(browser: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    """The response to a request of a script of the storefront."""
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = headers.pop("content_type", "application/json")
    return browser.generic(method, PREFIX + address, data, kind, headers=headers)


def me(browser: Client, **headers: str) -> dict[str, Any]:
    response = ask(browser, "GET", "me/", **headers)
    assert response.status_code == 200, response.content
    return response.json()


def decide(browser: Client, *slots: str, page: Any = None, **headers: str) -> dict[str, Any]:
    """What slots show, by name."""
    response = ask(browser, "POST", "decide/", {"slots": list(slots), "page": page}, **headers)
    assert response.status_code == 200, response.content
    return response.json()["slots"]


def tell(browser: Client, *events: Any, page: Any = None, **headers: str) -> Any:
    """The response to a batch of events; a text stands for the event of that name."""
    items = [{"name": event} if isinstance(event, str) else event for event in events]
    return ask(browser, "POST", "events/", {"events": items, "page": page}, **headers)


def told(browser: Client, *events: Any, **more: Any) -> list[tuple[str, str]]:
    """What became of each event: its status, and the reason if it was rejected."""
    return [(result["status"], result.get("reason", "")) for result in tell(browser, *events, **more).json()["results"]]


def agree(browser: Client, *purposes: str, **headers: str) -> Any:
    """Answer the consent question; with no purposes it is a refusal."""
    return ask(browser, "PUT", "consent/", {"purposes": list(purposes)}, **headers)


def code_of(response: Any) -> tuple[int, str]:
    """The status and the machine-readable code of a problem document."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    document = response.json()
    assert document["status"] == response.status_code
    return response.status_code, document["code"]
