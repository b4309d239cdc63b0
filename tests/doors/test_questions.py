"""Progressive profiling: one question at a time, never one that is answered, and the answer holds on the next page."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from django_microseg.collect.models import Event
from django_microseg.decide.questions.models import Question
from django_microseg.profile.facts import set_fact
from django_microseg.profile.models import Fact, Profile
from tests.doors.browsers import consenting, send, undecided

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _questions(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "FACTS": {"shoe_size": {"kind": "number"}}}
    Question.objects.create(
        fact="interest", wording="What takes you outside?", choices="hiking = Walking\nrunning = Running", position=1
    )
    Question.objects.create(fact="shoe_size", wording="Which size do you wear?", position=2)
    Question.objects.create(fact="children", wording="How many children?", position=3, is_live=False)


def _asked(browser: Client) -> str:
    """The question on the page; empty if none is asked."""
    found = re.search(
        r"<legend>([^<]+)|<label>([^<]+) <input type=\"(?:text|number|date)\"", browser.get("/question/").text
    )
    return (found[1] or found[2]) if found else ""


def _answer(browser: Client, fact: str, answer: str = "", **more: str) -> Any:
    given = {"question": str(Question.objects.get(fact=fact).pk), "next": "/question/", **more}
    return browser.post("/microseg/answer/", {**given, **({"answer": answer} if answer else {})})


@pytest.fixture
def shopper() -> Client:
    browser = consenting()
    browser.get("/plain/")
    return browser


def test_one_question_after_the_other_and_none_twice(shopper: Client) -> None:
    assert _asked(shopper) == "What takes you outside?"
    assert _answer(shopper, "interest", "running").url == "/question/"
    assert _asked(shopper) == "Which size do you wear?"
    _answer(shopper, "shoe_size", "42.5")
    assert _asked(shopper) == ""
    rows = Fact.objects.order_by("name").values_list("name", "text", "number", "source", "confidence")
    assert list(rows) == [("interest", "running", None, "form", 100), ("shoe_size", None, 42_500, "form", 100)]
    told = [
        (event.properties["question"], event.properties["answer"])
        for event in Event.objects.filter(name="form_answered")
    ]
    assert told == [("interest", "running"), ("shoe_size", "42.5")]


def test_answer_holds_on_the_next_page_and_for_nobody_else(
    shopper: Client, make_segment: Any, make_experience: Any
) -> None:
    make_segment("runners", 'interest == "running"')
    make_experience("track", "runners")
    other = consenting()
    other.get("/plain/")
    _answer(shopper, "interest", "running")
    _answer(other, "interest", "hiking")
    assert "<b>track</b>" in shopper.get("/").text
    assert "<b>track</b>" not in other.get("/").text


def test_what_is_known_from_elsewhere_is_not_asked_again_until_it_ends(shopper: Client) -> None:
    profile, now = Profile.objects.get(), timezone.now()
    set_fact(profile, "interest", "climbing", source="crm", now=now, valid_until=now + dt.timedelta(hours=1))
    assert _asked(shopper) == "Which size do you wear?"
    Fact.objects.update(valid_until=now)
    assert _asked(shopper) == "What takes you outside?"


def test_who_would_rather_not_say_is_left_alone_with_it_for_a_while(shopper: Client) -> None:
    _answer(shopper, "interest", skip="1")
    assert _asked(shopper) == "Which size do you wear?"
    assert not Fact.objects.exists()
    Event.objects.filter(name="form_skipped").update(occurred_at=timezone.now() - dt.timedelta(days=91))
    assert _asked(shopper) == "What takes you outside?"


@pytest.mark.parametrize(("fact", "answer"), [("interest", "swimming"), ("shoe_size", "big"), ("shoe_size", "")])
def test_answer_that_cannot_be_changes_nothing_and_is_asked_again(shopper: Client, fact: str, answer: str) -> None:
    assert _answer(shopper, fact, answer).status_code == 302
    assert not Fact.objects.exists()
    assert _asked(shopper) == "What takes you outside?"


@pytest.mark.parametrize("question", ["", "0", "999999", "9" * 40, "9" * 5000, "x", "1; drop", "²"])
def test_question_that_is_none_is_answered_with_the_way_back(shopper: Client, question: str) -> None:
    answer = shopper.post("/microseg/answer/", {"question": question, "answer": "1", "next": "https://evil.example/"})
    assert (answer.status_code, answer.url) == (302, "/")
    assert not Fact.objects.exists()


def test_question_that_is_not_asked_takes_no_answer(shopper: Client) -> None:
    _answer(shopper, "children", "2")
    assert not Fact.objects.exists()


@pytest.mark.parametrize("browser", [undecided, lambda: consenting(purposes=("measurement",))])
def test_without_consent_nothing_is_asked_and_no_cookie_set(browser: Any) -> None:
    someone = browser()
    assert _asked(someone) == ""
    assert "csrftoken" not in someone.cookies


def test_without_consent_an_answer_leaves_nothing() -> None:
    _answer(undecided(), "interest", "running")
    assert (Fact.objects.count(), Event.objects.count(), Profile.objects.count()) == (0, 0, 0)


def test_form_needs_its_token() -> None:
    strict = consenting(enforce_csrf_checks=True)
    strict.get("/plain/")
    assert _answer(strict, "interest", "running").status_code == 403
    assert not Fact.objects.exists()


def test_question_costs_one_statement(shopper: Client) -> None:
    first, second = (send(shopper, "/question/")[1] for _ in range(2))
    assert [len([each for each in made if '"django_microseg_question"' in each]) for made in (first, second)] == [1, 0]
    assert len(second) == 2  # the other reads who the visitor is


def test_shop_that_asks_nothing_pays_nothing(shopper: Client) -> None:
    for question in Question.objects.all():
        question.is_live = False
        question.save()
    send(shopper, "/question/")
    assert len(send(shopper, "/question/")[1]) == 1


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"fact": "no_such_fact"}, "There is no fact"),
        ({"fact": "age"}, "follows from 'birthday'"),
        ({"fact": "health"}, "kept for audits alone"),
        ({"fact": "nps", "choices": "a lot"}, "takes a number"),
    ],
)
def test_question_that_no_rule_could_use_is_refused(fields: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Question(wording="?", **fields).full_clean()
