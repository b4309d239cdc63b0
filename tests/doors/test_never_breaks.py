"""Whatever fails in us, the shop's page is served with its default, and the shop's rows stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, connections
from django.test import AsyncClient, Client, override_settings

from django_microseg.collect import ingest
from django_microseg.collect.models import Event, EventKey
from django_microseg.collect.signals import events_stored
from django_microseg.decide import caller, visitor
from django_microseg.privacy import choice
from django_microseg.profile.models import Identity, Profile
from django_microseg.segment import reader
from django_microseg.segment.models import Publication
from tests.doors import site
from tests.doors.agents import BROWSER
from tests.doors.browsers import consenting, undecided
from tests.doors.conftest import forget_process

pytestmark = pytest.mark.django_db(transaction=True)

Get = Callable[[str], str]


@contextmanager
def _without_table(model: Any) -> Iterator[None]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_away"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}_away" RENAME TO "{table}"')


def _fail(*args: Any, **kwargs: Any) -> Any:
    raise DatabaseError("injected")


@contextmanager
def _replaced(module: Any, name: str) -> Iterator[None]:
    real = getattr(module, name)
    setattr(module, name, _fail)
    try:
        yield
    finally:
        setattr(module, name, real)


@contextmanager
def _raising_receiver() -> Iterator[None]:
    events_stored.connect(_fail)
    try:
        yield
    finally:
        events_stored.disconnect(_fail)


FAULTS = {
    "no profiles": lambda: _without_table(Profile),
    "no identities": lambda: _without_table(Identity),
    "no publication": lambda: _without_table(Publication),
    "no events": lambda: _without_table(Event),
    "no event keys": lambda: _without_table(EventKey),
    "receiver raises": _raising_receiver,
    "ingest raises": lambda: _replaced(ingest, "ingest"),
    "reader raises": lambda: _replaced(reader, "read"),
    "consent raises": lambda: _replaced(choice, "parse"),
    "moment raises": lambda: _replaced(caller, "moment_of"),
    "choice raises": lambda: _replaced(visitor, "choose"),
    "cookie raises": lambda: _replaced(caller.VisitorCookie, "parse"),
    "settings are wrong": lambda: override_settings(MICROSEG={"NO_SUCH_KEY": 1}),
}
#: Faults in spite of which the visitor can be recognised and so sees their own content.
HARMLESS = {"no events", "no event keys", "receiver raises", "ingest raises"}


@pytest.fixture(params=[False, True], ids=["", "atomic"])
def _atomic_requests(request, monkeypatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", request.param)
    # Django refuses async views there.
    monkeypatch.setattr(site.async_home, "_non_atomic_requests", {"default"}, raising=False)


@pytest.fixture
def member(buyers) -> Client:
    browser = consenting()
    browser.get("/")
    browser.post("/add/")
    return browser


def _get_sync(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return b"".join(response).decode()


def _get_async(browser: Client, path: str) -> str:
    client = AsyncClient(headers={"user-agent": BROWSER})
    client.cookies = browser.cookies
    response = async_to_sync(client.get)(path)
    assert response.status_code == 200
    if getattr(response, "is_async", False):
        return b"".join(async_to_sync(_collect)(response)).decode()
    return b"".join(response).decode()


async def _collect(response: Any) -> list[bytes]:
    return [part async for part in response]


WAYS = {
    "sync": (_get_sync, "/"),
    "streamed": (_get_sync, "/streamed/"),
    "async view on WSGI": (_get_sync, "/async/"),
    "ASGI": (_get_async, "/"),
    "async view on ASGI": (_get_async, "/async/"),
    "streamed on ASGI": (_get_async, "/streamed/"),
}


@pytest.fixture(params=sorted(WAYS))
def get(request) -> Callable[[Client], str]:
    how, path = WAYS[request.param]
    return lambda browser: how(browser, path)


@pytest.mark.usefixtures("_atomic_requests")
def test_page_shows_its_own_content_when_all_is_well(get, member):
    page = get(member)
    assert ("<b>for-buyers</b>" in page, "for buyers" in page) == (True, True)


def _with_each_fault(member: Client, look: Callable[[Client], Any]) -> dict[str, Any]:
    """What ``look`` gives under each fault, each time as in a new process and with the same cookies."""
    seen = {}
    for name, fault in FAULTS.items():
        forget_process()
        browser = undecided()
        browser.cookies = copy(member.cookies)
        with fault():
            seen[name] = look(browser)
    return seen


@pytest.mark.usefixtures("_atomic_requests")
def test_page_is_served_with_its_default_when_something_fails(get, member):
    shows_default = _with_each_fault(member, lambda browser: "default hero" in get(browser))
    assert shows_default == {name: name not in HARMLESS for name in FAULTS}


@pytest.mark.usefixtures("_atomic_requests")
def test_order_survives_whatever_fails(member):
    def buy(browser: Client) -> tuple[int, int]:
        status = browser.post("/buy/").status_code
        return (status, User.objects.filter(username="order-row").delete()[0])

    assert _with_each_fault(member, buy) == dict.fromkeys(FAULTS, (200, 1))


@pytest.mark.usefixtures("_atomic_requests")
def test_shops_transaction_survives_a_slot_that_fails(member):
    def write(browser: Client) -> tuple[int, int]:
        status = browser.get("/page-then-row/").status_code
        return (status, User.objects.all().delete()[0])

    assert _with_each_fault(member, write) == dict.fromkeys(FAULTS, (200, 2))


def test_thousand_faults_in_a_row_break_no_page(member, monkeypatch):
    monkeypatch.setattr(reader, "read", _fail)
    monkeypatch.setattr(ingest, "ingest", _fail)
    pages = {member.get("/").status_code for _ in range(300)}
    assert pages == {200}


def test_error_is_logged_once_and_names_no_person(member, monkeypatch, caplog):
    monkeypatch.setattr(reader, "read", _fail)
    for _ in range(20):
        member.get("/")
    messages = [record.getMessage() for record in caplog.records if record.name == "django_microseg"]
    assert len(messages) == 1
    assert messages[0].startswith("Could not read who the visitor is (visitor ")


def test_page_comes_back_to_itself_after_the_fault(member, restart):
    with _without_table(Profile):
        assert "default hero" in member.get("/").text
    restart()
    assert "<b>for-buyers</b>" in member.get("/").text
