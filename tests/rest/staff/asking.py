"""Short ways to ask the staff's part of the API."""

from __future__ import annotations

import base64
from typing import Any

from django.test import Client

from tests.rest.asking import ask

__all__ = ["BOUGHT", "BOUGHT_TREE", "LOOKED", "call", "create", "done", "etag_of", "slugs", "with_password"]

BOUGHT = 'count("order_completed") >= 1'
LOOKED = 'count("product_viewed") >= 1'
BOUGHT_TREE = {
    "version": 1,
    "rule": {"trait": {"aggregate": "count", "event": "order_completed"}, "operator": ">=", "value": 1},
}


def call(browser: Client, method: str, address: str, body: Any = None, *, seen: str = "", **headers: str) -> Any:
    """The response; ``seen`` is what stands in If-Match."""
    return ask(browser, method, f"staff/{address}", body, **({"if-match": seen} if seen else {}), **headers)


def done(browser: Client, method: str, address: str, body: Any = None, *, seen: str = "", **headers: str) -> Any:
    """What a request that must work is answered."""
    response = call(browser, method, address, body, seen=seen, **headers)
    assert response.status_code in (200, 201), response.content
    return response.json()


def create(browser: Client, slug: str, rule: Any = BOUGHT, **more: str) -> dict[str, Any]:
    return done(browser, "POST", "segments/", {"slug": slug, "name": slug.title(), "rule": rule, **more})


def etag_of(browser: Client, slug: str) -> str:
    return call(browser, "GET", f"segments/{slug}/").headers["ETag"]


def slugs(browser: Client, query: str = "") -> list[str]:
    return [each["slug"] for each in done(browser, "GET", f"segments/{query}")["results"]]


def with_password(name: str, password: str) -> dict[str, str]:
    """The header of HTTP's basic authentication."""
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}
