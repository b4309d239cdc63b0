"""What an answer costs the database, and that slots and segments add nothing to it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.browsers import consenting
from tests.rest.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _many(make_segment, make_experience) -> None:
    for number in range(30):
        make_segment(f"s-{number}", f'count("app_opened", days={number + 1}) >= 1')
        make_experience(f"e-{number}", f"s-{number}", slot=f"slot-{number}")


def cost(browser, method: str, address: str, body=None) -> int:
    ask(browser, method, address, body)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert ask(browser, method, address, body).status_code == 200
    return len(captured)


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("slots", [1, 30])
def test_deciding_takes_one_statement_whatever_is_asked(slots):
    browser = consenting()
    ask(browser, "POST", "events/", {"events": [{"name": "app_opened"}]})
    body = {"slots": [f"slot-{number}" for number in range(slots)], "page": {"path": "/"}}
    assert ask(browser, "POST", "decide/", body).json()["slots"]["slot-0"]["experience"] == "e-0"
    assert cost(browser, "POST", "decide/", body) == 1


@pytest.mark.usefixtures("_many")
def test_standing_takes_two_for_a_member_and_one_for_a_stranger(stranger):
    browser = consenting()
    ask(browser, "POST", "events/", {"events": [{"name": "app_opened"}]})
    assert (cost(browser, "GET", "me/"), cost(stranger, "GET", "me/")) == (2, 1)


@pytest.mark.usefixtures("_many")
def test_batch_of_a_hundred_takes_no_more_statements_than_one_of_ten():
    browser = consenting()
    browser.get("/")
    assert cost(browser, "POST", "events/", batch(100)) <= cost(browser, "POST", "events/", batch(10))


def batch(size: int) -> dict[str, list[dict[str, object]]]:
    return {"events": [{"name": "app_opened"} for _ in range(size)]}
