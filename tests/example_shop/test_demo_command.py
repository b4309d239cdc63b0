"""`shop_demo` writes the story into the shop's books and hands it to the app, and does so once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.profile.models import Fact
from django_microseg.segment import rulebook
from django_microseg.segment.models import MembershipChange
from django_microseg.segment.refresh import refresh_all
from example_shop.shop.demo.story import generate
from example_shop.shop.management.commands.shop_demo import PASSWORD, _instant
from example_shop.shop.models import CustomerProfile, Order, OrderLine

NOW = "2026-11-20T12:00:00+00:00"
STORY = {"customers": 50, "days": 365, "seed": 7, "now": NOW}


def _run() -> str:
    said = StringIO()
    call_command("shop_demo", stdout=said, **STORY)
    return said.getvalue()


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """A process keeps the rules in force, also of a test that is undone."""
    rulebook.forget()
    yield
    rulebook.forget()


@pytest.fixture
def said(db: None) -> str:
    return _run()


def test_orders_in_the_books_are_those_of_the_story(said: str) -> None:
    told = {
        event["properties"]["order_id"]: event["properties"]["total"]
        for event in generate(50, 365, 7, _instant(NOW))
        if event["name"] == "order_completed"
    }
    assert dict(Order.objects.values_list("number", "total")) == told
    assert len(told) >= 40


def test_every_order_adds_up_to_its_lines(said: str) -> None:
    for order in Order.objects.prefetch_related("lines"):
        assert sum((line.total for line in order.lines.all()), Decimal(0)) == order.subtotal


def test_what_was_bought_has_a_size_and_a_colour_that_the_shop_sells(said: str) -> None:
    for line in OrderLine.objects.select_related("product"):
        assert line.size in (line.product.sizes or [""])
        assert line.colour in line.product.colours


def test_the_app_takes_every_event(said: str) -> None:
    assert QuarantinedEvent.objects.count() == 0
    assert Event.objects.filter(name="order_completed").count() == Order.objects.count()
    assert f"{len(list(generate(50, 365, 7, _instant(NOW)))):,} stored, 0 refused, 0 known already" in said


def test_customers_tell_the_app_what_they_told_the_shop(said: str) -> None:
    assert Fact.objects.filter(name="birthday").count() == CustomerProfile.objects.exclude(birthday=None).count()


def test_a_second_run_changes_nothing(said: str) -> None:
    before = [model.objects.count() for model in (User, Order, Event, Fact, CustomerProfile)]
    again = _run()
    assert [model.objects.count() for model in (User, Order, Event, Fact, CustomerProfile)] == before
    assert "0 stored, 0 refused" in again


def test_nobody_can_sign_in_outside_of_debug(said: str) -> None:
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_in_debug_one_of_each_kind_can(db: None, settings: Any) -> None:
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    said = _run()
    assert said.count("demo-0") == 11
    assert sum(user.check_password(PASSWORD) for user in User.objects.exclude(password__startswith="!")) == 11


def test_a_now_that_is_no_instant_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="Write it like"):
        call_command("shop_demo", now="yesterday")


def test_last_days_can_be_lived_through_with_segments_in_force(db: None) -> None:
    call_command("shop_demo", lived=14, stdout=StringIO(), **STORY)
    now = _instant(NOW)
    number = len(list(generate(50, 365, 7, now)))
    moved = MembershipChange.objects.exclude(cause="definition")
    assert Event.objects.count() >= number
    assert moved.filter(changed_at__gt=now - timedelta(days=13), is_entry=True).exists()
    assert moved.filter(changed_at__gt=now - timedelta(days=13), is_entry=False).exists()
    again = refresh_all(now)
    assert (again.entered, again.left) == (0, 0)


def test_without_being_told_nobody_is_put_into_a_segment(said: str) -> None:
    assert not MembershipChange.objects.exists()
