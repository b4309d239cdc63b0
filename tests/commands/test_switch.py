"""The commands `microseg_stop` and `microseg_start`, and what the doctor says in between."""

from __future__ import annotations

import pytest

from django_microseg.decide.switch import current_stop
from django_microseg.management.probes.switch import probe_switch
from tests.commands.console import say
from tests.commands.shop import NOW

pytestmark = pytest.mark.django_db


def test_stop_and_start():
    said = say("microseg_stop", "--note", "wrong prices", "--by", "ada")
    assert said == "Personalisation is stopped for everybody. Start it again: manage.py microseg_start.\n"
    stopped = current_stop()
    assert (stopped.by, stopped.note) == ("ada", "wrong prices")
    assert say("microseg_start") == "Personalisation runs again.\n"
    assert current_stop() is None


def test_start_of_what_runs_says_so():
    assert say("microseg_start") == "Personalisation was not stopped.\n"


def test_both_are_silent_with_verbosity_0():
    assert (say("microseg_stop", verbosity=0), say("microseg_start", verbosity=0)) == ("", "")


def test_doctor_names_a_stop_that_somebody_forgot():
    assert probe_switch(NOW).is_well
    say("microseg_stop", "--note", "wrong prices")
    found = probe_switch(NOW)
    assert (found.is_well, found.hint) == (False, "Run manage.py microseg_start.")
    assert found.text.startswith("personalisation is stopped for everybody since ")
    assert found.text.endswith(" by manage.py (wrong prices)")
