"""Every command of docs/api.md for staff is answered, one after the other, as the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from django_microseg.rest.staff.urls import urlpatterns
from django_microseg.segment.models import RefreshRun, Segment
from tests.rest.staff.asking import with_password

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
PART = PAGE[PAGE.index("## For staff") :]
COMMANDS = re.findall(r"```bash\n(.*?)```", PART, flags=re.S)
HOST = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _somebody(happen):
    User.objects.create_superuser("grace", password="secret")
    for number in range(5):
        happen("order_completed", customer="C-1024", order_id=f"A-{number}", revenue="20", currency="GBP")


def test_commands_go_as_they_are_described():
    answers = run_all()
    assert [answer.status_code for answer in answers] == [200, 201, 200, 200, 200, 200, 200, 200, 201]
    preview, made, shown, live, changed, back, members, told, run = (answer.json() for answer in answers)
    assert (preview["size"], made["state"], live["state"]) == (1, "draft", "active")
    assert (shown["difference"]["came"]["people"], shown["objections"], shown["live"]) == (1, [], None)
    assert (changed["live"]["number"], changed["newest"]["number"], changed["newest"]["note"]) == (
        1, 2, "five were too many",
    )  # fmt: skip
    assert (back["newest"]["number"], back["newest"]["text"]) == (3, made["newest"]["text"])
    assert [each["customer"] for each in members["results"]] == ["C-1024"]
    assert (told["is_member"], run["state"]) == (True, "running")
    assert (Segment.objects.count(), RefreshRun.objects.filter(kind="full").count()) == (1, 1)


def test_every_address_stands_in_the_table():
    table = PART[PART.index("| Address |") : PART.index("Whoever may change")]
    named = set(re.findall(r"[a-z]+/(?=`)", table))
    assert {str(each.pattern).rstrip("/").rpartition("/")[2] + "/" for each in urlpatterns} - {
        "<slug:slug>/", "<int:number>/",
    } == named  # fmt: skip


def run_all() -> list[Any]:
    """The answers, each request with the ETag of the last answer that had one."""
    browser, etag, answers = Client(enforce_csrf_checks=True), "", []
    for command in COMMANDS:
        answers.append(run(browser, command.replace("$ETAG", etag.replace('"', '\\"'))))
        etag = answers[-1].headers.get("ETag", etag)
    return answers


def run(browser: Client, command: str) -> Any:
    """What curl would send."""
    program, *words = shlex.split(command.replace("\\\n", " "))
    assert program == "curl"
    given: dict[str, list[str]] = {"-X": [], "-H": [], "-d": [], "-u": [], "": []}
    while words:
        word = words.pop(0)
        given[word if word.startswith("-") else ""].append(words.pop(0) if word.startswith("-") else word)
    (address,), body = given[""], "".join(given["-d"])
    headers = dict(each.split(": ", 1) for each in given["-H"])
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded" if body else "")
    method = (given["-X"] or ["POST" if body else "GET"])[0]
    sent = {**headers, **with_password(*given["-u"][0].split(":"))}
    return browser.generic(method, address.removeprefix(HOST), body, kind, headers=sent)
