from __future__ import annotations

import io
import json
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from django_microseg.profile.models import Profile
from tests.privacy.lives import hits, live

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cache")]

JANE = {"customer_key": "jane-7711", "visitor_keys": ["jane-phone-8f2c"], "email": "jane@x.com"}


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_erase_prints_rows_by_table_and_leaves_nothing() -> None:
    live(**JANE)
    text = run("microseg_erase", "jane-7711", "--yes", "--word", "jane@x.com")
    assert "       2  django_microseg_event\n" in text
    assert text.endswith("rows of customer jane-7711 are gone.\n")
    assert hits("jane-7711", "jane-phone-8f2c", "jane@x.com") == []


def test_erase_prints_json_for_scripts() -> None:
    live(**JANE)
    counts = json.loads(run("microseg_erase", "jane-7711", "--yes", "--json"))
    assert (counts["django_microseg_event"], counts["django_microseg_profile"]) == (2, 1)


@pytest.mark.parametrize("answer", ["", "n", "nope"])
def test_erase_asks_and_takes_only_yes_for_yes(answer: str) -> None:
    live(**JANE)
    with patch("builtins.input", return_value=answer), pytest.raises(CommandError, match="Nothing was erased"):
        run("microseg_erase", "jane-7711")
    assert Profile.objects.count() == 1


def test_erase_after_a_yes() -> None:
    live(**JANE)
    with patch("builtins.input", return_value="y"):
        run("microseg_erase", "jane-7711")
    assert Profile.objects.count() == 0


def test_erase_without_a_terminal_erases_nothing() -> None:
    with patch("builtins.input", side_effect=EOFError), pytest.raises(CommandError):
        run("microseg_erase", "jane-7711")


def test_export_prints_everything_as_json() -> None:
    live(**JANE)
    everything = json.loads(run("microseg_export", "jane-7711"))
    assert everything["customer_keys"] == ["jane-7711"]
    assert len(everything["tables"]["django_microseg_event"]) == 2
