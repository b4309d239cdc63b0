"""Fold, scan and live path give the oracle's answers, in ten thousand cases each, with every feature in them.

A case is one rule for one history. In the quick profile there are some hundreds, and nothing is
demanded of their coverage.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import pytest

from tests.effort import EFFORT, cases

from .compare import Evaluator, Report, compare
from .coverage import FEATURES
from .evaluators import by_fold, by_scan
from .live import LivePath
from .worlds import worlds_from

#: What CI demands: cases for each evaluator, and how many of them have each feature.
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


def require(report: Report, features: frozenset[str]) -> None:
    """In CI, enough of everything."""
    if EFFORT == "ci":
        assert report.cases >= CASES
        assert report.rare(features, EACH) == {}


@pytest.mark.parametrize(
    ("evaluator", "number", "sizes", "owed"),
    [
        pytest.param(by_fold, cases(quick=25, ci=430), {}, FEATURES - ARRIVALS, id="fold"),
        pytest.param(
            by_scan,
            cases(quick=8, ci=180),
            {"histories": 10, "nows": 2},
            FEATURES - ARRIVALS - CONTEXT,
            marks=pytest.mark.django_db,
            id="scan",
        ),
    ],
)
def test_evaluator_agrees_with_the_oracle(
    evaluator: Evaluator, number: int, sizes: Mapping[str, int], owed: frozenset[str]
) -> None:
    require(compare(worlds_from(1, number, **sizes), evaluator), owed)


@pytest.mark.django_db
def test_live_path_agrees_with_the_oracle() -> None:
    """Late events are folded in where nobody asks what came before what; profiles outgrow their states.

    An arrival in order selects no event, and that is counted.
    """
    path, orderless = LivePath(), ("after", "after negated")
    worlds = chain(
        worlds_from(2001, cases(quick=2, ci=90), histories=3, rules=20, nows=2),
        worlds_from(2501, cases(quick=2, ci=80), histories=3, rules=20, nows=2, without=orderless),
        worlds_from(3001, cases(quick=2, ci=60), rules=4, nows=2, state_cap=6),
    )
    require(compare(worlds, path), FEATURES - CONTEXT | {"over the cap"})
    if EFFORT == "ci":
        assert {name: path.seen[name] for name, least in DONE.items() if path.seen[name] < least} == {}
