"""A list with nothing in it says what that means and offers what may be done; a search that finds nothing does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from django_microseg.collect.surroundings.models import LocalEvent
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

ROOT = "/admin/django_microseg"
SAID = {
    "account": "No company or household is known yet",
    "currencyrate": "No rate is known",
    "experience": "There is no experience yet, so everybody sees the same shop.",
    "holiday": "No holiday is known",
    "localevent": "No local event is known",
    "offer": "There is no offer yet",
    "placeweather": "No weather is known",
    "profile": "Nobody is known yet",
    "quarantinedevent": "Nothing was refused.",
    "question": "Visitors are asked nothing yet",
    "redemption": "No order has used an offer yet.",
    "upload": "Nothing was imported here yet",
    "writekey": "Nobody may send events from outside yet",
}


@pytest.mark.parametrize("model", SAID)
def test_an_empty_list_says_so(owner: Client, model: str) -> None:
    assert SAID[model] in read(owner.get(f"{ROOT}/{model}/").content.decode()).words


@pytest.mark.parametrize("model", ["offer", "localevent"])
def test_the_button_is_for_who_may_add(staff: Callable[..., Client], owner: Client, model: str) -> None:
    link = f'class="button" href="{ROOT}/{model}/add/"'
    assert link in owner.get(f"{ROOT}/{model}/").content.decode()
    assert link not in staff(f"view_{model}").get(f"{ROOT}/{model}/").content.decode()


def test_a_search_that_finds_nothing_is_no_empty_list(owner: Client) -> None:
    assert SAID["localevent"] not in read(owner.get(f"{ROOT}/localevent/?q=fair").content.decode()).words


def test_a_list_with_something_in_it_is_shown(owner: Client) -> None:
    LocalEvent.objects.create(
        name="Fell fair", country="GB", starts_at="2026-11-28T10:00Z", ends_at="2026-11-29T10:00Z"
    )
    shown = read(owner.get(f"{ROOT}/localevent/").content.decode()).words
    assert "Fell fair" in shown
    assert SAID["localevent"] not in shown
