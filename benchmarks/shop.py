"""Whole pages of the example shop, with its middleware and without ours: what personalisation adds to real ones.

Without our middleware nobody is known, and every tag shows its default. The visitor has consented, looked at trail
shoes and has a full cart, so that the home page has a hero, an order of tiles and a reminder to choose.
"""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from benchmarks.request import AGENT, OURS, close, handler_with
from benchmarks.result import Result
from django_microseg.privacy.consent import PURPOSES, dump

__all__ = ["run"]

ROUNDS = 120
PAGES = {
    "home": "/",
    "category": "/c/boots/",
    "product": "/p/tarnway-catbells/",
    "cart": "/cart/",
    "checkout": "/checkout/",
}
SHOES = ("tarnway-catbells", "tarnway-sharp-edge")


def run(database: str) -> Iterator[Result]:
    for command, options in (
        ("shop_demo", {"customers": 50}),
        ("microseg_presets", {"param": ["fans-of-one-kind.name=trail-shoes"]}),
        ("shop_personalise", {}),
        ("microseg_refresh", {}),
    ):
        call_command(command, stdout=StringIO(), **options)
    logging.disable(logging.CRITICAL)  # without us, views that say what happens are told that nobody hears it
    with override_settings(DEBUG=False):
        shopper = _Shopper()
        for name, path in PAGES.items():
            yield from _results(name, shopper.measure(path), database)


def _results(name: str, page: _Page, database: str) -> Iterator[Result]:
    added = page.ours - page.theirs
    note = f"{database}, the example shop's own page with 18 segments; {1e6 * page.theirs:.0f} µs without us, "
    yield Result(
        f"request.shop_{name}_cpu_vs_without_us_{database}", page.ours / page.theirs, "times", "lower", ROUNDS,
        note + f"{1e6 * added:.0f} µs added here, until the response is sent",
    )  # fmt: skip
    yield Result(
        f"request.shop_{name}_queries_added_{database}", page.added_queries, "queries", "lower", 1,
        f"{database}, known visitor, no shared cache, until the response is sent",
    )  # fmt: skip


class _Page(NamedTuple):
    """Median seconds of CPU, and statements."""

    ours: float
    theirs: float
    added_queries: int


class _Shopper:
    """A browser that two handlers serve in turn: the shop's, and the same without our middleware."""

    def __init__(self) -> None:
        self.ours = handler_with(settings.MIDDLEWARE)
        self.theirs = handler_with([path for path in settings.MIDDLEWARE if path != OURS])
        self.cookies = {"microseg_consent": dump(PURPOSES, text_version="1")}
        for product in SHOES:
            self._ask(self.ours, f"/p/{product}/")
        self._ask(self.ours, f"/cart/add/{SHOES[0]}/", {"size": "7", "quantity": "1"})
        self._ask(self.ours, "/")

    def measure(self, path: str) -> _Page:
        queries = [self._count(handler, path) for handler in (self.ours, self.theirs)]
        pairs = [(self._ask(self.ours, path), self._ask(self.theirs, path)) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(spent) for spent in zip(*pairs, strict=True))
        return _Page(ours, theirs, queries[0] - queries[1])

    def _count(self, handler: BaseHandler, path: str) -> int:
        self._ask(handler, path)
        with CaptureQueriesContext(connection) as captured:
            response = handler.get_response(self._request(path, None))
            sent = len(captured)
        close(response)
        return sent

    def _ask(self, handler: BaseHandler, path: str, form: dict[str, str] | None = None) -> float:
        request = self._request(path, form)
        start = time.process_time()
        response = handler.get_response(request)
        spent = time.process_time() - start
        if response.status_code not in (200, 302):
            raise RuntimeError(f"{path} answers with {response.status_code}.")
        self.cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
        close(response)
        return spent

    def _request(self, path: str, form: dict[str, str] | None) -> object:
        factory = RequestFactory(headers={"user-agent": AGENT, "host": "localhost"})
        request = factory.get(path, secure=True) if form is None else factory.post(path, form, secure=True)
        request._dont_enforce_csrf_checks = True
        request.COOKIES = dict(self.cookies)
        return request
