"""The command `microseg_init`: the very lines that the settings lack."""

from __future__ import annotations

import ast
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from django_microseg.checks.findings import finding
from django_microseg.management import advice
from django_microseg.management.advice import advise
from django_microseg.shop.mapping.judge import judge
from tests.commands.console import say, say_json

pytestmark = pytest.mark.django_db

#: An URL configuration without ours: this module.
urlpatterns: list[Any] = []

OURS = "django_microseg.middleware.MicrosegMiddleware"
SEGMENTS = "django_microseg.context_processors.segments"


@pytest.fixture
def complete(settings: Any) -> Any:
    """Settings that lack nothing."""
    template = settings.TEMPLATES[0]
    processors = [*template["OPTIONS"]["context_processors"], SEGMENTS]
    settings.TEMPLATES = [{**template, "OPTIONS": {**template["OPTIONS"], "context_processors": processors}}]
    return settings


def printed() -> str:
    """What it prints before it ends with 1."""
    said = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("microseg_init", stdout=said)
    assert caught.value.returncode == 1
    return said.getvalue()


@pytest.mark.usefixtures("complete")
def test_complete_settings_are_told_so() -> None:
    assert say_json("microseg_init") == {"settings": [], "migrations": []}
    assert say("microseg_init").splitlines() == [
        "django_microseg is in INSTALLED_APPS.",
        "Everything is in its place. Next: manage.py microseg_presets",
    ]


def test_a_missing_context_processor_is_no_error(settings: Any) -> None:
    template = settings.TEMPLATES[0]
    processors = [path for path in template["OPTIONS"]["context_processors"] if path != SEGMENTS]
    settings.TEMPLATES = [{**template, "OPTIONS": {"context_processors": processors}}]
    (found,) = say_json("microseg_init")["settings"]
    assert (found["id"], found["is_error"], found["lines"]) == ("django_microseg.I006", False, f'"{SEGMENTS}",')


def test_a_missing_middleware_is_told_with_its_place(complete: Any) -> None:
    rest = [path for path in complete.MIDDLEWARE if path != OURS]
    complete.MIDDLEWARE = rest
    said = printed()
    wanted = "\n".join(f'        "{path}",' for path in (OURS, *rest))
    assert f"Put into example_shop.settings:\n\n    MIDDLEWARE = [\n{wanted}\n    ]\n" in said


def test_addresses_that_are_missing(complete: Any) -> None:
    complete.ROOT_URLCONF = __name__
    said = printed()
    assert 'urlpatterns += [path("microseg/", include("django_microseg.urls"))]' in said
    assert f"Put into {__name__} (at its end):" in said


def test_a_missing_setting(complete: Any) -> None:
    del complete.MICROSEG
    assert '    MICROSEG = {\n        "CURRENCY": "EUR",\n    }' in printed()


def test_options_of_sqlite_are_told_once_for_all_that_they_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"timeout": 1, "uri": True})
    messages = [finding(each).message(alias="default", seconds=1) for each in ("W040", "W041", "W043")]
    (told,) = advise(messages)
    assert told.lines.startswith('DATABASES["default"]["OPTIONS"] = {')
    assert ast.literal_eval(told.lines.partition(" = ")[2]) == {
        "timeout": 20,
        "uri": True,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    }


def test_atomic_requests_on_sqlite_have_a_line_of_their_own() -> None:
    (told,) = advise([finding("W042").message(alias="default")])
    assert told.lines == 'DATABASES["default"]["ATOMIC_REQUESTS"] = False'


def test_a_shop_that_is_not_described_gets_a_guess_and_no_error(complete: Any) -> None:
    complete.MICROSEG = {"CURRENCY": "GBP"}
    (found,) = say_json("microseg_init")["settings"]
    assert (found["id"], found["is_error"]) == ("django_microseg.shop", False)
    assert found["text"].endswith("Guessed from your models; look it over:")
    described: dict[str, Any] = {}
    exec(found["lines"], {"MICROSEG": described})
    assert described["SHOP"]["product"]["model"] == "shop.Product"
    assert judge(described["SHOP"]) == []


def test_a_shop_in_which_nothing_is_recognised_is_sent_to_the_docs(complete: Any, monkeypatch: Any) -> None:
    complete.MICROSEG = {}
    monkeypatch.setattr(advice, "guess_mapping", lambda models: {})
    (found,) = say_json("microseg_init")["settings"]
    assert (found["lines"], found["hint"]) == ("", "docs/shop.md says how.")
