"""A storefront on another host carries the visitor in headers, and its cookies say nothing."""

from __future__ import annotations

import pytest

from django_microseg.collect.models import Event
from django_microseg.privacy.consent import PURPOSES
from django_microseg.profile.models import Profile
from tests.doors.browsers import undecided
from tests.rest.asking import agree, ask, code_of, me, tell

pytestmark = pytest.mark.django_db(transaction=True)


class App:
    """A client that sends what the last answer told it to."""

    def __init__(self) -> None:
        self.browser = undecided()
        self.sent = {"x-microseg-visitor": "new"}

    def keep(self, response) -> None:
        for name in ("X-Microseg-Visitor", "X-Microseg-Consent"):
            if name in response.headers:
                self.sent[name.lower()] = response.headers[name]

    def agree(self, *purposes: str):
        response = agree(self.browser, *purposes, **self.sent)
        self.keep(response)
        return response

    def tell(self, *events):
        response = tell(self.browser, *events, **self.sent)
        self.keep(response)
        return response


@pytest.fixture
def app() -> App:
    app = App()
    app.agree(*PURPOSES)
    return app


def test_visitor_is_carried_from_answer_to_question_without_any_cookie(app):
    assert app.tell("app_opened").json()["stored"] == 1
    assert app.tell("app_opened").json()["stored"] == 1
    assert me(app.browser, **app.sent)["recognised"] is True
    assert (Profile.objects.count(), not app.browser.cookies) == (1, True)


def test_new_is_nobody_until_the_question_is_answered():
    assert code_of(App().tell("app_opened")) == (403, "no_consent")
    assert Event.objects.count() == 0


def test_withdrawal_makes_them_new_again(app):
    app.agree()
    assert app.sent["x-microseg-visitor"] == "new"
    assert code_of(app.tell("app_opened")) == (403, "no_consent")


@pytest.mark.parametrize("forge", [lambda value: value[:-1] + "x", lambda value: "a" * 30, lambda value: "\x7f"])
def test_what_was_not_signed_by_us_is_somebody_new(app, forge):
    app.tell("app_opened")
    known = Profile.objects.get()
    app.sent["x-microseg-visitor"] = forge(app.sent["x-microseg-visitor"])
    assert app.tell("app_opened").status_code == 200
    assert Profile.objects.count() == 2
    assert Event.objects.filter(profile=known, name="app_opened").count() == 1


def test_cookies_are_not_looked_at_beside_the_header(shopper):
    shopper.get("/")
    assert me(shopper)["recognised"] is True
    assert me(shopper, **{"x-microseg-visitor": "new"})["recognised"] is False


def test_two_apps_are_two_people(app):
    other = App()
    other.agree(*PURPOSES)
    app.tell("app_opened")
    other.tell("app_opened")
    assert Profile.objects.count() == 2
    assert ask(app.browser, "GET", "me/", **app.sent).headers["X-Microseg-Visitor"] != other.sent["x-microseg-visitor"]
