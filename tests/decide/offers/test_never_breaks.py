"""Whatever fails in us at the checkout, the order is saved; there is just nothing off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, connections
from django.test import override_settings

from django_microseg.decide.offers import checkout
from django_microseg.decide.offers import quote as quoting
from django_microseg.decide.offers.models import Offer, Redemption, RedemptionKey
from django_microseg.segment.models import Publication
from tests.decide.offers.conftest import buy, quote
from tests.decide.offers.shop import ListShop
from tests.doors.browsers import undecided
from tests.doors.conftest import forget_process

pytestmark = pytest.mark.django_db(transaction=True)

HANNAH = {"email": "hannah@example.com", "code": "WELCOME10"}


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
def _replaced(owner: Any, name: str) -> Iterator[None]:
    real = owner.__dict__[name]
    setattr(owner, name, _fail)
    try:
        yield
    finally:
        setattr(owner, name, real)


FAULTS: dict[str, Callable[[], Any]] = {
    "no offers": lambda: _without_table(Offer),
    "no redemptions": lambda: _without_table(Redemption),
    "no redemption keys": lambda: _without_table(RedemptionKey),
    "no publication": lambda: _without_table(Publication),
    "arithmetic raises": lambda: _replaced(quoting, "best_of"),
    "shop's cart raises": lambda: _replaced(ListShop, "cart"),
    "shop's orders raise": lambda: _replaced(ListShop, "orders"),
    "writing raises": lambda: _replaced(checkout, "_write"),
    "settings are wrong": lambda: override_settings(MICROSEG={"NO_SUCH_KEY": 1}),
    "no such shop": lambda: override_settings(MICROSEG={"SHOP": "no.such.Shop"}),
}
#: Faults that a quote, which writes nothing and holds no offer, does not meet.
UNSEEN_BY_QUOTES = {"no offers", "no redemptions", "writing raises"}


@pytest.fixture(params=[False, True], ids=["", "atomic"])
def _atomic_requests(request, monkeypatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", request.param)


@pytest.mark.usefixtures("_atomic_requests")
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_order_is_saved_without_a_discount(welcome, fault):
    browser = undecided()
    with FAULTS[fault]():
        forget_process()
        claimed = buy(browser, "A-1", **HANNAH)
    assert (claimed["lines"], claimed["refusal"], User.objects.get().username) == ({}, "unavailable", "A-1")
    assert claimed["reason"] == "The code WELCOME10 cannot be used at the moment. Please try again."
    assert not Redemption.objects.exists()


@pytest.mark.usefixtures("_atomic_requests")
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_cart_is_shown_without_a_discount(welcome, fault):
    with FAULTS[fault]():
        forget_process()
        refusal = quote(undecided(), **HANNAH)["refusal"]
    assert refusal == ("" if fault in UNSEEN_BY_QUOTES else "unavailable")


@pytest.mark.parametrize("model", [Redemption, RedemptionKey])
def test_giving_back_without_a_table_gives_nothing_back_and_raises_nothing(welcome, model):
    browser = undecided()
    buy(browser, "A-1", **HANNAH)
    with _without_table(model):
        assert browser.post("/give-back/A-1/").json() == {"given_back": 0}
    assert browser.post("/give-back/A-1/").json() == {"given_back": 1}


@pytest.mark.postgres
def test_order_does_not_wait_for_a_locked_table_longer_than_it_says(welcome, monkeypatch):
    monkeypatch.setattr(checkout, "LOCK_MS", 100)
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        other.cursor().execute(f'LOCK TABLE "{RedemptionKey._meta.db_table}" IN ACCESS EXCLUSIVE MODE')
        claimed = buy(undecided(), "A-1", **HANNAH)
    finally:
        other.rollback()
        other.close()
    assert (claimed["refusal"], User.objects.count()) == ("unavailable", 1)
