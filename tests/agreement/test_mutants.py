"""Planting a mistake reaches everyone who holds the function, and is undone afterwards."""

from __future__ import annotations

import pytest

from django_microseg.collect import record
from django_microseg.collect.record import EventRecord, label_text, order_key_of

from .mutants import Mutant, planted

TIES = Mutant("no hash", "django_microseg.collect.record:order_key_of", "record.message_hash, ", "")
EVENT = EventRecord(1, "web", "f", 0, "view")


def test_the_mutant_lives_inside_the_block_whoever_imported_the_function() -> None:
    with planted(TIES):
        assert order_key_of(EVENT) == record.order_key_of(EVENT) == (1, "web", 0)
    assert order_key_of(EVENT) == (1, "web", "f", 0)


def test_the_mutant_is_gone_even_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), planted(TIES):
        raise ZeroDivisionError
    assert order_key_of(EVENT) == (1, "web", "f", 0)


def test_a_generator_inside_a_function_can_be_mutated() -> None:
    with planted(Mutant("no name", "django_microseg.collect.record:label_text", "if value", "if not value")):
        assert label_text({"size": ["42"]}) == ""
    assert label_text({"size": ["42"]}) == "|size=42|"


def test_a_place_that_is_gone_is_said_so() -> None:
    gone = Mutant("gone", "django_microseg.collect.record:order_key_of", "record.gone", "")
    with pytest.raises(LookupError, match="0 times"), planted(gone):
        pass
