from __future__ import annotations

import datetime as dt
import json
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from django_microseg.privacy.consent import PURPOSES, dump, parse
from django_microseg.privacy.ledger import record_choice
from django_microseg.privacy.models import ConsentRecord
from django_microseg.privacy.views import gpc
from django_microseg.profile.lock import visitor_name
from django_microseg.profile.tombstone import remember_erased
from django_microseg.profile.visitor_id import VisitorCookie, new_visitor_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.privacy.urls")]
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def post(client: Client, **form: str) -> Any:
    return client.post(reverse("django_microseg:consent"), form)


def ledger() -> list[tuple[list[str], bool]]:
    """What each row allows, and whether it still stands."""
    return [(row.purposes, row.ended_at is None) for row in ConsentRecord.objects.order_by("pk")]


def rows_of_ours() -> int:
    models = apps.get_app_config("django_microseg").get_models()
    return sum(model._default_manager.count() for model in models)


def test_consent_sets_the_choice_and_an_id_and_is_on_record(client: Client) -> None:
    response = post(client, all="yes", next="/cart/")
    assert (response.status_code, response["Location"]) == (302, "/cart/")
    visitor = VisitorCookie.parse(client.cookies["microseg"].value)
    record = ConsentRecord.objects.get()
    assert visitor is not None
    assert (record.visitor_key, record.purposes, record.text_version, record.ended_at) == (
        visitor.visitor_key,
        ["measurement", "personalisation", "advertising"],
        "1",
        None,
    )
    assert parse(client.cookies["microseg_consent"].value).purposes == set(PURPOSES)


def test_refusal_sets_the_choice_alone_and_leaves_no_row(client: Client) -> None:
    response = post(client, all="no")
    assert parse(client.cookies["microseg_consent"].value).is_asked
    assert response.cookies["microseg"]["max-age"] == 0
    assert rows_of_ours() == 0


def test_choice_cookie_identifies_nobody(client: Client) -> None:
    post(client, all="yes")
    other = Client()
    post(other, all="yes")
    assert client.cookies["microseg_consent"].value == other.cookies["microseg_consent"].value


def test_withdrawal_takes_one_click_ends_the_record_and_deletes_the_id(client: Client) -> None:
    post(client, all="yes")
    before = rows_of_ours()
    response = post(client, all="no")
    assert ledger() == [(["measurement", "personalisation", "advertising"], False)]
    assert response.cookies["microseg"]["max-age"] == 0
    assert rows_of_ours() == before


def test_narrower_choice_keeps_the_id_and_is_a_new_record(client: Client) -> None:
    post(client, all="yes")
    visitor_key = ConsentRecord.objects.get().visitor_key
    post(client, measurement="yes", personalisation="no", advertising="no")
    assert ledger() == [
        (["measurement", "personalisation", "advertising"], False),
        (["measurement"], True),
    ]
    assert set(ConsentRecord.objects.values_list("visitor_key", flat=True)) == {visitor_key}


def test_same_choice_again_is_no_new_record(client: Client) -> None:
    post(client, all="yes")
    post(client, all="yes")
    assert len(ledger()) == 1


def test_advertising_alone_gets_no_id(client: Client) -> None:
    response = post(client, advertising="yes")
    assert parse(client.cookies["microseg_consent"].value).purposes == {"advertising"}
    assert response.cookies["microseg"]["max-age"] == 0
    assert rows_of_ours() == 0


def test_id_that_came_without_consent_is_not_taken_up(client: Client) -> None:
    stray = VisitorCookie(new_visitor_key())
    client.cookies["microseg"] = stray.dump()
    post(client, all="yes")
    assert ConsentRecord.objects.get().visitor_key != stray.visitor_key


def test_erased_id_gets_no_row_again_but_a_new_id_does(client: Client) -> None:
    old = VisitorCookie(new_visitor_key())
    client.cookies["microseg"] = old.dump()
    client.cookies["microseg_consent"] = dump(PURPOSES, text_version="1")
    remember_erased([visitor_name(old.visitor_key)], now=timezone.now())
    post(client, all="yes")
    assert ConsentRecord.objects.get().visitor_key != old.visitor_key


@pytest.mark.parametrize("form", [{}, {"all": "perhaps"}])
def test_form_without_an_answer_is_refused(client: Client, form: dict[str, str]) -> None:
    response = post(client, **form)
    assert response.status_code == 400
    assert (dict(client.cookies), rows_of_ours()) == ({}, 0)


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///evil", "\\\\evil", ""],
)
def test_redirect_stays_in_the_shop(client: Client, address: str) -> None:
    assert post(client, all="no", next=address)["Location"] == "/"


def test_only_a_post_chooses(client: Client) -> None:
    assert client.get(reverse("django_microseg:consent"), {"all": "yes"}).status_code == 405


def test_another_site_cannot_choose_for_the_visitor(settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = "tests.doors.site.refused"
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, all="yes").status_code == 403
    assert rows_of_ours() == 0


def test_consent_that_cannot_be_recorded_is_none(client: Client) -> None:
    with patch("django_microseg.privacy.answer.record_choice", side_effect=DatabaseError):
        response = post(client, all="yes")
    assert response.status_code == 302
    assert dict(response.cookies) == {}


def test_refusal_holds_even_if_the_ledger_fails(client: Client) -> None:
    post(client, all="yes")
    with patch("django_microseg.privacy.answer.record_choice", side_effect=DatabaseError):
        response = post(client, all="no")
    assert not parse(client.cookies["microseg_consent"].value).may_be_remembered
    assert response.cookies["microseg"]["max-age"] == 0


def test_new_text_version_makes_a_new_record() -> None:
    record_choice("v1", PURPOSES, text_version="1", now=NOW)
    record_choice("v1", PURPOSES, text_version="2", now=NOW)
    assert [standing for _, standing in ledger()] == [False, True]


def test_ending_what_nobody_consented_to_writes_nothing() -> None:
    assert record_choice("v1", (), text_version="1", now=NOW)
    assert ledger() == []


@pytest.mark.parametrize(("said", "answer"), [({}, {"gpc": True}), ({"last_update": "2026-11-25"}, None)])
def test_support_page_of_global_privacy_control(rf: Any, said: dict[str, str], answer: Any) -> None:
    response = gpc(rf.get("/.well-known/gpc.json"), **said)
    assert json.loads(response.content) == (answer or {"gpc": True, "lastUpdate": "2026-11-25"})
    assert gpc(rf.post("/.well-known/gpc.json")).status_code == 405
