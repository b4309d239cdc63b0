"""The command `microseg_write_key`: made, shown once, rotated, revoked, listed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.collect.write_keys import find_key
from tests.commands.console import refusal, say

pytestmark = pytest.mark.django_db


def test_key_is_the_only_thing_on_standard_output_and_works():
    key = say("microseg_write_key", "--name", "till").strip()
    found = find_key(key, now=timezone.now())
    assert found is not None
    assert (found.name, found.is_public) == ("till", False)


def test_browser_key_is_public():
    found = find_key(say("microseg_write_key", "--name", "page", "--browser").strip(), now=timezone.now())
    assert found is not None
    assert found.is_public


def test_rotated_key_is_another_and_both_work():
    old = say("microseg_write_key", "--name", "till").strip()
    new = say("microseg_write_key", "--name", "till", "--rotate").strip()
    assert old != new
    assert find_key(old, now=timezone.now()) == find_key(new, now=timezone.now()) is not None


def test_revoked_key_is_known_no_more_and_cannot_be_rotated():
    key = say("microseg_write_key", "--name", "till").strip()
    assert say("microseg_write_key", "--name", "till", "--revoke") == "The write key till is revoked.\n"
    assert find_key(key, now=timezone.now()) is None
    assert refusal("microseg_write_key", "--name", "till", "--rotate")[0] == 2


def test_list_names_keys_and_no_secrets():
    key = say("microseg_write_key", "--name", "till").strip()
    said = say("microseg_write_key", "--list")
    assert said == f"till  server  {key[:8]}…  in use  last used: never\n"


@pytest.mark.parametrize("arguments", [(), ("--name", "Not A Name"), ("--name", "gone", "--revoke")])
def test_nonsense_is_refused_with_a_sentence(arguments):
    code, sentence = refusal("microseg_write_key", *arguments)
    assert (code, sentence.endswith(".")) == (2, True)


def test_name_is_used_once():
    say("microseg_write_key", "--name", "till")
    assert refusal("microseg_write_key", "--name", "till")[0] == 2
