"""What a personalised page adds to a bare one: statements and CPU, until the response is sent."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.result import Result
from benchmarks.rules import many_rules
from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.privacy.consent import PURPOSES, dump
from django_microseg.segment import rulebook
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Publication, Segment, SegmentVersion
from django_microseg.segment.publish import go_live, save_definition

__all__ = ["AGENT", "OURS", "close", "handler_with", "put_in_force", "run"]

ROUNDS = 400
OURS = "django_microseg.middleware.MicrosegMiddleware"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"


def run(database: str) -> Iterator[Result]:
    with override_settings(ROOT_URLCONF="benchmarks.pages", DEBUG=False):
        one = _Measured(1)
        thousand = _Measured(1000)
        hundred = _Measured(100)
    note = f"{database}, no shared cache, one slot, in-process handler, until the response is sent"
    yield Result("request.queries_warm", hundred.warm, "queries", "lower", 1, f"100 segments, {note}")
    yield Result("request.queries_cold", hundred.cold, "queries", "lower", 1, f"100 segments, {note}")
    yield Result(
        "request.cpu_added_vs_bare_view_100_segments",
        (hundred.personalised - hundred.bare) / hundred.bare,
        "times a bare view",
        "lower",
        ROUNDS,
        f"{note}; {1e6 * hundred.bare:.0f} µs bare, {1e6 * (hundred.personalised - hundred.bare):.0f} µs added here",
    )
    yield Result(
        "request.cpu_added_with_tracking_vs_bare_view",
        (hundred.tracked - hundred.bare) / hundred.bare,
        "times a bare view",
        "lower",
        ROUNDS,
        f"{database}, 100 segments, one slot, the page view stored and evaluated once the response is sent; "
        f"{1e6 * hundred.bare:.0f} µs bare, {1e6 * (hundred.tracked - hundred.bare):.0f} µs added here",
    )
    added = [each.personalised - each.bare for each in (one, thousand)]
    yield Result(
        "request.growth_1_to_1000_segments",
        thousand.personalised / one.personalised,
        "times",
        "lower",
        ROUNDS,
        f"{note}; whole request; {1e6 * added[0]:.0f} and {1e6 * added[1]:.0f} µs added here",
    )


class _Measured:
    def __init__(self, segments: int) -> None:
        put_in_force(segments)
        ours, theirs = handler_with([OURS]), handler_with([])
        cookies = {"microseg_consent": dump(PURPOSES, text_version="1")}
        for _ in range(3):
            _request(ours, "/personalised/", cookies)
        rulebook.forget()
        self.cold = _queries(ours, cookies)
        self.warm = _queries(ours, cookies)
        pairs = [
            (_request(ours, "/personalised/", cookies), _request(theirs, "/bare/", dict(cookies)))
            for _ in range(ROUNDS)
        ]
        self.personalised = statistics.median(ours.until_sent for ours, _ in pairs)
        self.tracked = statistics.median(ours.until_stored for ours, _ in pairs)
        self.bare = statistics.median(theirs.until_sent for _, theirs in pairs)


def put_in_force(segments: int) -> None:
    """So many segments, the visitor in none or some of them, and one experience for the hero."""
    SegmentVersion.objects.all().delete()
    Segment.objects.all().delete()
    Experience.objects.all().delete()
    Publication.objects.all().delete()
    rulebook.forget()
    now = timezone.now()
    rules = many_rules(segments)
    versions = [
        save_definition(Segment.objects.create(slug=slug, name=slug), to_json(rule), now=now)
        for slug, rule in rules.items()
    ]
    go_live(versions, now=now)
    experience = Experience(
        slug="hero", name="Hero", slot="home-hero", state="live", segments=[next(iter(rules))],
        content_html="<b>ours</b>",
    )  # fmt: skip
    save_experience(experience, now=now)


def handler_with(middleware: list[str]) -> BaseHandler:
    with override_settings(MIDDLEWARE=middleware):
        handler = BaseHandler()
        handler.load_middleware()
    return handler


class _Spent(NamedTuple):
    """Seconds of CPU."""

    until_sent: float
    until_stored: float


def _request(handler: BaseHandler, path: str, cookies: dict[str, str]) -> _Spent:
    """One request and what it cost. Cookies are kept."""
    request = RequestFactory(headers={"user-agent": AGENT}).get(path)
    request.COOKIES = dict(cookies)
    start = time.process_time()
    response = handler.get_response(request)
    sent = time.process_time()
    cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
    taken_up = time.process_time()
    close(response)
    return _Spent(sent - start, sent - start + time.process_time() - taken_up)


def _queries(handler: BaseHandler, cookies: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        request = RequestFactory(headers={"user-agent": AGENT}).get("/personalised/")
        request.COOKIES = dict(cookies)
        response = handler.get_response(request)
        sent = len(captured)
    cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
    close(response)
    return sent


def close(response: Any) -> None:
    """What a server does once the response is sent, but for giving up the connection."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)
