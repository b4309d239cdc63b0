"""Segments by decree in a shop's own tests: every way to ask, nesting, threads and tasks, and that nothing stays."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.test import AsyncClient, Client, RequestFactory, SimpleTestCase

from django_microseg.api import decide, segments_for
from django_microseg.context_processors import segments
from django_microseg.decorators import require_segment
from django_microseg.testing import override_segments
from tests.doors.agents import GOOGLEBOT

pytestmark = pytest.mark.django_db(transaction=True)

TAGS = '{% load microseg %}{% segment "vip" %}in{% else %}out{% endsegment %}'


@require_segment("vip")
def _lounge(request: HttpRequest) -> HttpResponse:
    return HttpResponse("lounge")


def _asked() -> frozenset[str]:
    """What a request of this thread or task is in."""
    return segments_for(RequestFactory().get("/"))


def test_client_is_in_exactly_these(make_experience):
    make_experience("for-vips", "vip", "new", match="all")
    with override_segments("vip", "new"):
        both = Client().get("/").text
    with override_segments("vip"):
        one = Client().get("/").text
    assert (both, one) == ("<main><b>for-vips</b>for all</main>", "<main>default herofor all</main>")


def test_own_history_does_not_count_within(shopper, buyers):
    shopper.post("/add/")
    with override_segments():
        within = shopper.get("/").text
    assert (within, shopper.get("/").text) == (
        "<main>default herofor all</main>",
        "<main><b>for-buyers</b>for buyers</main>",
    )


def test_consent_and_machines_do_not_matter_within(buyers):
    with override_segments("buyers"):
        assert "for-buyers" in Client(headers={"user-agent": GOOGLEBOT}).get("/").text


def test_async_client_is_in_exactly_these(buyers):
    async def ask() -> str:
        with override_segments("buyers"):
            return (await AsyncClient().get("/async/")).text

    assert async_to_sync(ask)() == "<main><b>for-buyers</b>for buyers</main>"


def test_request_that_no_middleware_has_seen_is_in_exactly_these(rf):
    request = rf.get("/")
    with override_segments("vip"):
        found = (
            segments_for(request),
            "vip" in segments(request)["segments"],
            engines["django"].from_string(TAGS).render({}, request),
            _lounge(request).text,
        )
    assert found == ({"vip"}, True, "in", "lounge")


def test_slot_of_such_a_request_is_decided(rf, make_experience):
    make_experience("for-vips", "vip")
    with override_segments("vip"):
        assert decide(rf.get("/"), "home-hero").choice.slug == "for-vips"


def test_same_request_is_asked_anew_in_another_override(rf, make_experience):
    make_experience("for-vips", "vip")
    request = rf.get("/")
    with override_segments("vip"):
        first = decide(request, "home-hero").is_default
    with override_segments():
        assert (first, decide(request, "home-hero").is_default) == (False, True)


def test_nothing_stays_behind(rf):
    request = rf.get("/")
    with override_segments("vip"):
        segments_for(request)
    with pytest.raises(Http404):
        _lounge(rf.get("/"))
    assert segments_for(rf.get("/")) == frozenset()


def test_inner_one_replaces_the_outer_and_gives_it_back():
    seen = []
    with override_segments("a", "b"):
        seen.append(_asked())
        with override_segments("c"):
            seen.append(_asked())
        seen.append(_asked())
    assert seen == [{"a", "b"}, {"c"}, {"a", "b"}]
    assert _asked() == frozenset()


def test_what_was_before_comes_back_after_an_error():
    with pytest.raises(RuntimeError), override_segments("a"):
        raise RuntimeError
    assert _asked() == frozenset()


def test_one_override_may_be_entered_twice():
    again = override_segments("a")
    with again, override_segments("b"), again:
        inside = _asked()
    assert (inside, _asked()) == ({"a"}, frozenset())


def test_other_threads_are_not_affected():
    with override_segments("a"), ThreadPoolExecutor(1) as pool:
        assert (pool.submit(_asked).result(), _asked()) == (frozenset(), {"a"})


def test_tasks_do_not_affect_each_other():
    async def ask(slug: str) -> frozenset[str]:
        with override_segments(slug):
            await asyncio.sleep(0.01)
            return _asked()

    async def both() -> list[frozenset[str]]:
        return await asyncio.gather(ask("a"), ask("b"))

    assert async_to_sync(both)() == [{"a"}, {"b"}]


@override_segments("a")
def _decorated(first: int, *, second: int) -> tuple[int, int, frozenset[str]]:
    """Words."""
    return first, second, _asked()


@override_segments("a")
async def _decorated_async() -> frozenset[str]:
    await asyncio.sleep(0)
    return _asked()


def test_function_is_decorated_with_its_arguments_and_words():
    assert _decorated(1, second=2) == (1, 2, {"a"})
    assert (_decorated.__name__, _decorated.__doc__, _asked()) == ("_decorated", "Words.", frozenset())


def test_async_function_is_decorated():
    assert (async_to_sync(_decorated_async)(), _asked()) == ({"a"}, frozenset())


class Inherited:
    def test_inherited(self) -> None:
        assert _asked() == {"a"}


@override_segments("a")
class TestPlainClass(Inherited):
    def test_own(self) -> None:
        assert (_asked(), self.helper()) == ({"a"}, {"a"})

    def helper(self) -> frozenset[str]:
        return _asked()


@override_segments("a")
class TestCaseOfDjango(Inherited, SimpleTestCase):
    def setUp(self) -> None:
        self.at_the_start = _asked()

    def test_own(self) -> None:
        assert (self.at_the_start, _asked()) == ({"a"}, {"a"})

    @override_segments("b")
    def test_nearer_one_wins(self) -> None:
        assert _asked() == {"b"}

    async def test_async(self) -> None:
        assert _asked() == {"a"}


def test_class_that_is_inherited_from_and_helpers_stay_as_they_are():
    assert TestPlainClass().helper() == frozenset()
    with pytest.raises(AssertionError):
        Inherited().test_inherited()


@pytest.mark.parametrize("wrong", [["vip"], 7, "", None, len])
def test_what_is_no_slug_is_refused(wrong: Any):
    with pytest.raises(TypeError, match="takes the slugs of segments"):
        override_segments(wrong)
