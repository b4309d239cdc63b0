"""Fold, scan, live path and oracle give the same answers, and each planted mistake is noticed."""

from __future__ import annotations

import pytest

from tests.agreement.compare import Evaluator, compare
from tests.agreement.evaluators import by_fold, by_live_path, by_scan
from tests.agreement.worlds import worlds_from
from tests.effort import cases

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("evaluator", "quick", "ci"), [(by_fold, 40, 800), (by_scan, 20, 500), (by_live_path, 8, 250)])
def test_evaluator_agrees_with_the_oracle(evaluator: Evaluator, quick: int, ci: int) -> None:
    report = compare(worlds_from(1, cases(quick=quick, ci=ci)), evaluator)
    assert report.answers > 0
