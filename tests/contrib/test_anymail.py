"""Mails: what mailing services tell, by anymail's own webhooks with the signatures of real services."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, modify_settings, override_settings

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event
from django_microseg.profile.identify import identify
from django_microseg.profile.links import email_link
from django_microseg.profile.models import Fact, Profile
from tests.segment.shop import NOW, members, put_in_force

pytestmark = pytest.mark.django_db

KEY = "mailgun-signing-key"
WHEN = NOW.timestamp() - 3600


@pytest.fixture(autouse=True)
def _mail() -> Iterator[None]:
    """Anymail and our listener as a shop has them."""
    apps = ["anymail", "django_microseg.contrib.anymail"]
    with (
        modify_settings(INSTALLED_APPS={"append": apps}),
        override_settings(ROOT_URLCONF="tests.contrib.mail_urls", ANYMAIL={"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}),
    ):
        yield


@pytest.fixture
def ada() -> Profile:
    return identify(PersonKey("", "ada"), [email_link("Ada@Example.org")], now=NOW).profile


def _tell(
    event: str, *, number: str = "", to: str = "ada@example.org", at: float = WHEN, key: str = KEY, **more: Any
) -> int:
    """Call as Mailgun does: a JSON body that is signed with its key."""
    token = hashlib.sha256(f"{event}{number}{at}".encode()).hexdigest()
    stamp = str(int(at))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "id": number or token[:20],
            "timestamp": at,
            "recipient": to,
            "tags": ["spring"],
            "message": {"headers": {"message-id": "m-1@example.org"}},
            **more,
        },
    }
    return Client().post("/mail/mailgun/tracking/", json.dumps(body), content_type="application/json").status_code


def test_open_and_click_are_on_the_right_profile_and_count_in_rules(ada: Profile) -> None:
    put_in_force(NOW, readers='count("email_opened") >= 1', clickers='count("email_link_clicked") >= 1')
    assert _tell("opened") == 200
    (event,) = Event.objects.all()
    assert (event.name, event.profile_id, event.source, event.channel) == (
        "email_opened",
        ada.pk,
        "mail:mailgun",
        "email",
    )
    assert (event.properties["email_id"], event.campaign, event.basis) == ("<m-1@example.org>", "spring", "consent")
    assert (members("readers"), members("clickers")) == (["ada"], [])
    assert _tell("clicked", url="https://shop.example/boots?token=secret") == 200
    assert members("clickers") == ["ada"]
    assert "secret" not in str(Event.objects.get(name="email_link_clicked").properties)


def test_same_call_again_counts_once(ada: Profile) -> None:
    assert [_tell("opened", number="one"), _tell("opened", number="one"), _tell("opened", number="two")] == [200] * 3
    assert Event.objects.count() == 2


def test_address_that_leads_to_nobody_leaves_nothing(ada: Profile) -> None:
    assert _tell("opened", to="someone@example.org") == 200
    assert (Event.objects.count(), Profile.objects.count()) == (0, 1)


def test_wrong_signature_is_refused_and_changes_nothing(ada: Profile) -> None:
    assert _tell("unsubscribed", key="guessed") == 400
    assert not Event.objects.exists()
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("told", "name"), [("unsubscribed", "email_unsubscribed"), ("complained", "email_marked_as_spam")]
)
def test_wish_for_no_more_mail_is_a_fact_for_rules(ada: Profile, told: str, name: str) -> None:
    put_in_force(NOW, unsubscribed='newsletter == "no"')
    assert _tell(told) == 200
    assert Event.objects.get().name == name
    assert Event.objects.get().basis == "contract"
    assert members("unsubscribed") == ["ada"]


def test_wishes_told_in_the_wrong_order_leave_the_last_one(ada: Profile) -> None:
    put_in_force(NOW, unsubscribed='newsletter == "no"')
    assert _tell("unsubscribed", at=WHEN + 60) == 200
    assert _tell("opened", at=WHEN) == 200
    assert members("unsubscribed") == ["ada"]


def test_bounce_is_kept_and_what_concerns_nobody_is_not(ada: Profile) -> None:
    assert _tell("failed", severity="permanent") == 200
    assert _tell("accepted") == 200
    assert [event.name for event in Event.objects.all()] == ["email_bounced"]


def test_address_is_stored_nowhere(ada: Profile) -> None:
    _tell("opened")
    _tell("unsubscribed")
    rows = [str(row) for model in (Event, Fact) for row in model.objects.values()]
    assert not [row for row in rows if "@example.org" in row.replace("m-1@example.org", "")]
