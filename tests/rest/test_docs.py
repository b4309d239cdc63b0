"""Every request of docs/api.md is answered as the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from django_microseg.http.problem import KINDS
from tests.doors.browsers import undecided

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()


def test_one_visit_goes_as_it_is_described():
    browser = undecided()
    requests = re.findall(r"```http\n(\w+) (\S+)\n(.*?)```", PAGE, flags=re.S)
    assert [method for method, _, _ in requests] == ["PUT", "POST", "POST", "GET"]
    answers = [browser.generic(method, path, body, "application/json") for method, path, body in requests]
    assert [answer.status_code for answer in answers] == [200] * 4
    decided, shown = answers[1].json(), json.loads(re.findall(r"```json\n(.*?)```", PAGE, flags=re.S)[0])
    assert decided.keys() == shown.keys()
    assert {name: slot.keys() for name, slot in decided["slots"].items()} == {
        name: slot.keys() for name, slot in shown["slots"].items()
    }
    assert answers[2].json()["stored"] == 2
    assert answers[3].json()["recognised"] is True


def test_every_code_of_a_refusal_is_named():
    table = PAGE[PAGE.index("| Status |") :]
    assert {code for code in re.findall(r"`(\w+)`", table[: table.index("\n\n")]) if code in KINDS} == set(KINDS)
