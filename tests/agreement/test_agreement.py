"""Fold, scan and live path give the oracle's answers, in ten thousand cases each, with every feature in them. What asks
a database has half of its cases on each.

A case is one rule for one history. In the quick profile there are some hundreds, and nothing is
demanded of their coverage.
"""

from __future__ import annotations

from itertools import chain

import pytest

from tests.effort import EFFORT, cases

from .compare import Report, compare
from .coverage import FEATURES
from .evaluators import by_fold, by_scan
from .live import LivePath
from .worlds import DATABASES, share_of, worlds_from

#: What CI demands over all databases: cases for each evaluator, and how many of them have each feature.
CASES, EACH = 10_000, 100
#: Fold and scan read what is there in the end. How it came to be, the live path answers for.
ARRIVALS = frozenset(
    f"history {name}"
    for name in ("duplicate", "fact ended", "fact midway", "late", "late tie", "merge", "un-merge", "void first")
)
#: Only a page has a context: the fold answers here, and the view in `test_windows`.
CONTEXT = frozenset({"asked in context"})
#: What the live path must have done, and how often.
DONE = {
    "in order": 1000,
    "late and folded in": 200,
    "late and read again": 200,
    "over the cap": 100,
    "facts": 100,
    "merges": 50,
    "promotions": 10,
    "un-merges": 25,
}


def require(report: Report, features: frozenset[str], *, databases: int) -> None:
    """In CI, this database's part of enough of everything."""
    if EFFORT == "ci":
        assert report.cases >= CASES // databases
        assert report.rare(features, EACH // databases) == {}


def test_fold_agrees_with_the_oracle() -> None:
    """It asks no database."""
    require(compare(worlds_from(1, cases(quick=25, ci=430)), by_fold), FEATURES - ARRIVALS, databases=1)


@pytest.mark.django_db
def test_scan_agrees_with_the_oracle() -> None:
    worlds = share_of(1, cases(quick=8, ci=220), histories=10, nows=2)
    require(compare(worlds, by_scan), FEATURES - ARRIVALS - CONTEXT, databases=DATABASES)


@pytest.mark.django_db
def test_live_path_agrees_with_the_oracle() -> None:
    """Late events are folded in where nobody asks what came before what; profiles outgrow their states.

    An arrival in order selects no event, and that is counted.
    """
    path, orderless = LivePath(), ("after", "after negated")
    worlds = chain(
        share_of(2001, cases(quick=2, ci=110), histories=3, rules=20, nows=2),
        share_of(2501, cases(quick=2, ci=100), histories=3, rules=20, nows=2, without=orderless),
        share_of(3001, cases(quick=2, ci=76), rules=4, nows=2, state_cap=6),
    )
    require(compare(worlds, path), FEATURES - CONTEXT | {"over the cap"}, databases=DATABASES)
    if EFFORT == "ci":
        assert {name: path.seen[name] for name, least in DONE.items() if path.seen[name] < least // DATABASES} == {}
