"""Somebody holds a lock on our tables, as a migration does: no page waits for it, and no order is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client, RequestFactory

from django_microseg.collect.models import Event
from django_microseg.profile.models import Profile
from django_microseg.segment.models import Publication
from tests.doors.browsers import consenting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

#: After this long the lock is given up, so that a page that waits fails the test instead of hanging.
PATIENCE_SECONDS = 20


@contextmanager
def _locked(model: Any) -> Iterator[threading.Event]:
    """Another connection holds the table; the event says that it has let go of it."""
    is_held, shall_end, has_ended = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        other = connection.copy()
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN ACCESS EXCLUSIVE MODE')
            is_held.set()
            shall_end.wait(PATIENCE_SECONDS)
        other.rollback()
        has_ended.set()
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(PATIENCE_SECONDS)
    try:
        yield has_ended
    finally:
        shall_end.set()
        holder.join()


def _until_sent(browser: Client, path: str, method: str = "GET") -> tuple[Any, Any]:
    """The response as it is sent, and what is to be done after that."""
    request = RequestFactory(**browser.defaults).generic(method, path)
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    request._dont_enforce_csrf_checks = True
    handler = BaseHandler()
    handler.load_middleware()
    response = handler.get_response(request)
    return response, response._resource_closers


@pytest.fixture
def member(buyers) -> Client:
    browser = consenting()
    browser.get("/")
    browser.post("/add/")
    return browser


@pytest.fixture(params=[False, True], ids=["", "atomic"])
def _atomic_requests(request, monkeypatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", request.param)


@pytest.mark.parametrize("model", [Profile, Publication])
@pytest.mark.usefixtures("_atomic_requests")
def test_page_is_sent_with_its_default_while_the_table_is_locked(model, member, restart):
    restart()
    with _locked(model) as has_ended:
        response, _ = _until_sent(member, "/")
        is_still_locked = not has_ended.is_set()
    assert (response.status_code, is_still_locked) == (200, True)
    assert b"default hero" in response.content


@pytest.mark.usefixtures("_atomic_requests")
def test_shops_rows_around_a_slot_stand_while_the_table_is_locked(member, restart):
    restart()
    with _locked(Profile) as has_ended:
        response, _ = _until_sent(member, "/page-then-row/")
        is_still_locked = not has_ended.is_set()
    assert (response.status_code, is_still_locked) == (200, True)
    assert User.objects.filter(username__in=("before", "after")).count() == 2


@pytest.mark.usefixtures("_atomic_requests")
def test_order_stands_at_once_and_is_stored_when_the_lock_is_gone(member):
    with _locked(Event) as has_ended:
        response, closers = _until_sent(member, "/buy/", "POST")
        is_still_locked = not has_ended.is_set()
        assert (response.status_code, is_still_locked) == (200, True)
        assert User.objects.filter(username="order-row").exists()
    for close in closers:
        close()
    assert Event.objects.filter(name="order_completed").count() == 1


@pytest.mark.usefixtures("_atomic_requests")
def test_next_page_is_personal_again_and_the_connection_waits_as_before(member, restart):
    restart()
    with _locked(Profile):
        _until_sent(member, "/")
    restart()
    assert "<b>for-buyers</b>" in member.get("/").text
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
