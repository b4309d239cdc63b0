"""The command `microseg_doctor`: each illness is told with what to do, and health is told too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from django_microseg.collect.ingest import IncomingEvent, ingest
from django_microseg.collect.models import ImportMark
from django_microseg.management import probes
from django_microseg.management.probes import run, waiting
from django_microseg.management.probes.shop import probe_shop
from django_microseg.profile.models import Profile
from django_microseg.segment.heartbeat import BEAT, WORKER, note_seen
from django_microseg.segment.models import Membership, MembershipChange, Publication, RefreshRun
from django_microseg.segment.sweep import sweep
from django_microseg.testing import MemoryShop, use_shop
from tests.commands.console import refusal, say, say_json
from tests.commands.shop import fill, segment
from tests.example_shop.factories import ProductFactory
from tests.segment.shop import being_prepared, redefine

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def healthy(now: dt.datetime) -> None:
    """A shop in which everything is as it should be."""
    fill()
    segment("buyers", 'count("order_completed") >= 1')
    sweep(now)


def ills() -> dict[str, str]:
    """What is ill, and how."""
    return {found.name: found.text for found in probes.examine(timezone.now()) if not found.is_well}


@pytest.mark.usefixtures("healthy")
def test_health_ends_well() -> None:
    lines = say("microseg_doctor").splitlines()
    assert len(lines) == len(run._PROBES)
    assert all(line.startswith("OK") for line in lines)


@pytest.mark.usefixtures("healthy")
def test_silence_is_health_with_verbosity_0() -> None:
    assert say("microseg_doctor", "-v0") == ""


@pytest.mark.usefixtures("healthy")
def test_as_json() -> None:
    found = {each["name"]: each for each in say_json("microseg_doctor")}
    assert found["publication"] == {
        "name": "publication", "is_well": True, "text": "1 segments in force, as published", "hint": "",
    }  # fmt: skip


def break_publication(now: dt.datetime) -> None:
    Publication.objects.update(ruleset={"definitions": [], "population": {}})


def break_memberships(now: dt.datetime) -> None:
    Membership.objects.filter(profile__customer_key="bert").delete()


def leave_dirty(now: dt.datetime) -> None:
    Profile.objects.filter(customer_key="bert").update(dirty_since=now - HOUR)


def leave_due(now: dt.datetime) -> None:
    Profile.objects.filter(customer_key="bert").update(next_flip=now - HOUR)


def stop_sweeping(now: dt.datetime) -> None:
    RefreshRun.objects.update(started_at=now - 2 * HOUR)


def never_sweep(now: dt.datetime) -> None:
    RefreshRun.objects.all().delete()


def fail_sweep(now: dt.datetime) -> None:
    RefreshRun.objects.update(state="failed", error="OperationalError: disk full")


def lose_the_worker(now: dt.datetime) -> None:
    note_seen(BEAT, now=now)
    note_seen(WORKER, now=now - HOUR)


def lose_beat(now: dt.datetime) -> None:
    note_seen(BEAT, now=now - HOUR)


def fail_everybody(now: dt.datetime) -> None:
    RefreshRun.objects.create(kind="full", state="failed", started_at=now, as_of=now, total=3, error="disk full")


def hang_everybody(now: dt.datetime) -> None:
    RefreshRun.objects.create(kind="full", started_at=now - 25 * HOUR, as_of=now, total=3)


def leave_preparing(now: dt.datetime) -> None:
    being_prepared(redefine("buyers", "everyone()", now), worked_at=now - 2 * HOUR)


def quarantine(now: dt.datetime) -> None:
    ingest([IncomingEvent("no such event", customer_key="bert")], source="shop", received_at=now)


def interrupt_import(now: dt.datetime) -> None:
    ImportMark.objects.create(fingerprint="x", row=1234, moved_at=now - 2 * HOUR)


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("harm", "name", "words"),
    [
        (break_publication, "publication", "differs from the segments' table in buyers"),
        (break_memberships, "snapshots", "1 of 3 looked at differ from the memberships"),
        (leave_dirty, "backlog", "1 profiles dirty, 0 due, the first since"),
        (leave_due, "backlog", "0 profiles dirty, 1 due, the first since"),
        (stop_sweeping, "sweep", "the last one was at"),
        (never_sweep, "sweep", "never ran"),
        (fail_sweep, "sweep", "failed: OperationalError: disk full"),
        (lose_the_worker, "celery", "no sign of life of its worker since"),
        (lose_beat, "celery", "no sign of life of its beat since"),
        (fail_everybody, "full refresh", "failed, 0 of 3 profiles, started"),
        (hang_everybody, "full refresh", "running, 0 of 3 profiles, started"),
        (leave_preparing, "versions", "in preparation: buyers"),
        (quarantine, "quarantine", "1 events in the last day could not be stored"),
        (interrupt_import, "imports", "1 interrupted, the first at row 1,234"),
    ],
)
def test_an_illness_is_told(harm: Callable[[dt.datetime], None], name: str, words: str, now: dt.datetime) -> None:
    harm(now)
    assert words in ills()[name]
    assert refusal("microseg_doctor")[0] == 1


@pytest.mark.usefixtures("healthy")
def test_old_draft_that_somebody_is_preparing_now_is_no_illness(now: dt.datetime) -> None:
    being_prepared(redefine("buyers", "everyone()", now - 2 * HOUR), worked_at=now)
    assert "versions" not in ills()


@pytest.mark.usefixtures("healthy")
def test_signals_that_were_not_delivered_are_told_if_somebody_listens(
    monkeypatch: pytest.MonkeyPatch, now: dt.datetime
) -> None:
    MembershipChange.objects.update(delivered_at=None, changed_at=now - HOUR)
    assert "signals" not in ills()
    monkeypatch.setattr(waiting, "has_listeners", lambda: True)
    assert ills()["signals"] == "3 not delivered"


@pytest.mark.usefixtures("healthy")
def test_wrong_settings_are_told(settings: Any) -> None:
    settings.MIDDLEWARE = []
    assert ills()["settings"] == "system checks find django_microseg.E001"


@pytest.mark.usefixtures("healthy")
def test_a_shared_cache_that_forgets_is_told(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.MICROSEG = {**settings.MICROSEG, "CACHE": "default"}
    assert ills()["cache"] == "'default' forgets at once what it is given"


def test_an_empty_shop_is_told_where_to_begin() -> None:
    assert ills()["publication"] == "no segment is in force"


def test_a_database_that_refuses_makes_one_finding_ill_and_not_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def probe_tables(now: dt.datetime) -> Any:
        raise run.DatabaseError("no such table: x")

    monkeypatch.setattr(run, "_PROBES", (probe_tables,))
    assert ills() == {"tables": "the database refused: no such table: x"}


@pytest.mark.usefixtures("healthy")
def test_memberships_that_a_paused_segment_left_in_snapshots_are_no_illness(now: dt.datetime) -> None:
    call_command("microseg_presets", "--only", "vip", "-v0")
    call_command("microseg_presets", "--only", "vip", "--param", "vip.orders=2", "-v0")
    assert "snapshots" not in ills()


def look_at(*products: str) -> None:
    """Events of somebody who looked at products."""
    ingest(
        [
            IncomingEvent(
                name="product_viewed", occurred_at=timezone.now(), customer_key="anna", properties={"product_id": key}
            )
            for key in products
        ],
        source="shop",
        received_at=timezone.now(),
        basis="contract",
    )


def test_shop_is_asked_for_a_product_that_events_name(now: dt.datetime) -> None:
    look_at("boot", "gone")
    shop = MemoryShop(currency="GBP")
    shop.add_category("boots")
    shop.add_product("boot", title="Moor Boot", price="129.50", stock=0)
    with use_shop(shop):
        found = probe_shop(now)
    assert found.is_well
    assert found.text == (
        "a product is 'Moor Boot' at 129.50 GBP, sold out; 1 categories; "
        "it knows 1 of the last 2 products that events name"
    )


def test_shop_that_calls_products_by_other_names_is_ill(now: dt.datetime) -> None:
    look_at("17", "18")
    shop = MemoryShop()
    shop.add_product("boot")
    with use_shop(shop):
        found = probe_shop(now)
    assert not found.is_well
    assert found.text == "knows none of the last 2 products that events name, such as '18'"


def test_shop_before_its_first_event_shows_any_product(now: dt.datetime) -> None:
    assert probe_shop(now).text == "no product was seen yet; 0 categories"
    ProductFactory(name="Moor Boot")
    assert probe_shop(now).text == "a product is 'Moor Boot' at 40.00 GBP; 1 categories"


def test_shop_that_is_not_named_is_well(now: dt.datetime, settings: Any) -> None:
    settings.MICROSEG = {}
    assert probe_shop(now).text == "none is named; nobody knows of stock, carts and orders"


def test_shop_whose_adapter_fails_is_ill(now: dt.datetime, settings: Any) -> None:
    settings.MICROSEG = {"SHOP": {"product": {"model": "shop.Prodct"}}}
    found = probe_shop(now)
    assert not found.is_well
    assert found.text.startswith("its adapter cannot be asked: ImproperlyConfigured: The mapping of the shop cannot")
