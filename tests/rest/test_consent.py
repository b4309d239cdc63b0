"""The consent question is answered over the API as it is on a page, and proven the same way."""

from __future__ import annotations

import pytest

from django_microseg.collect.models import Event
from django_microseg.privacy import answer
from django_microseg.privacy.consent import PURPOSES
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.models import Profile
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import undecided
from tests.rest.asking import agree, ask, code_of, me, told

pytestmark = pytest.mark.django_db(transaction=True)


def test_yes_gives_an_id_and_goes_on_record(stranger):
    response = agree(stranger, *PURPOSES)
    assert response.json() == {"asked": True, "purposes": sorted(PURPOSES), "version": "1"}
    assert set(response.cookies) == {"microseg_consent", "microseg"}
    assert ConsentRecord.objects.count() == 1
    assert me(stranger)["recognised"] is True
    assert told(stranger, "app_opened") == [("stored", "")]


def test_no_is_remembered_and_leaves_nothing_else(stranger):
    response = agree(stranger)
    assert set(response.cookies) == {"microseg_consent"}
    assert me(stranger)["consent"] == {"asked": True, "purposes": [], "version": "1"}
    assert (ConsentRecord.objects.count(), Profile.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_withdrawal_takes_the_id_away(stranger):
    agree(stranger, *PURPOSES)
    response = agree(stranger)
    assert response.cookies["microseg"].value == ""
    assert me(stranger)["recognised"] is False
    assert code_of(ask(stranger, "POST", "events/", {"events": [{"name": "app_opened"}]})) == (403, "no_consent")


def test_browser_that_objects_to_advertising_is_not_taken_to_allow_it(stranger):
    response = agree(stranger, *PURPOSES, **{"sec-gpc": "1"})
    assert "advertising" not in response.json()["purposes"]


def test_machine_cannot_consent():
    assert code_of(agree(undecided(agent=GOOGLEBOT), *PURPOSES)) == (403, "machine")


def test_consent_that_cannot_be_put_on_record_does_not_hold(stranger, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("gone")

    monkeypatch.setattr(answer, "record_choice", fail)
    assert code_of(agree(stranger, *PURPOSES)) == (503, "unavailable")
    assert me(stranger)["consent"]["asked"] is False


@pytest.mark.parametrize("body", [{}, {"purposes": "all"}, {"purposes": ["selling"]}, {"purposes": [None]}, []])
def test_answer_that_cannot_be_used_changes_nothing(stranger, body):
    assert code_of(ask(stranger, "PUT", "consent/", body)) == (422, "invalid")
    assert not stranger.cookies
