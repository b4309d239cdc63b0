"""Explain tells the truth of generated rules and lives, and what it promises happens."""

from __future__ import annotations

import pytest

from tests.effort import EFFORT, cases

from .compare import compare
from .explained import Explained
from .worlds import DATABASES, share_of

pytestmark = pytest.mark.django_db

#: What nobody can explain, because nobody could save such a rule.
NONSENSE = ("custom", "segment unknown", "test of an empty list")
LEAST = {
    "explanations": 1000,
    "conditions": 1500,
    "met since": 500,
    "foretold": 150,
    "events": 100,
    "fact": 50,
    "context": 50,
    "wait": 10,
}


def test_explanations_agree_with_the_oracle_and_their_promises_are_kept() -> None:
    explained = Explained()
    worlds = share_of(8001, cases(quick=3, ci=60), histories=3, rules=4, without=NONSENSE)
    compare(worlds, explained, tries=300)
    print(explained.seen)
    if EFFORT == "ci":
        assert {
            name: explained.seen[name] for name, least in LEAST.items() if explained.seen[name] < least // DATABASES
        } == {}
