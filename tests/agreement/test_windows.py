"""Windows open and close on time: by the sweep that touches no one else, and on a page where no sweep ran."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest

from tests.effort import EFFORT, cases

from .clock import LateViews, Sweeps, with_birthdays
from .compare import compare
from .worlds import DATABASES, share_of

pytestmark = pytest.mark.django_db


def require(seen: Counter[str], **least: int) -> None:
    """In CI, that it happened often enough on this database; once is enough for those who wait."""
    wanted = {name.replace("_", " "): number // DATABASES if EFFORT == "ci" else 1 for name, number in least.items()}
    assert {name: seen[name] for name, number in wanted.items() if seen[name] < number} == {}


def test_sweep_flips_who_is_due_on_the_millisecond_and_touches_nobody_else() -> None:
    sweeps = Sweeps()
    compare(with_birthdays(share_of(4001, cases(quick=6, ci=180), rules=5)), sweeps)
    print(sweeps.seen)
    require(sweeps.seen, flips=500, birthdays=50, touched=500, flipped=300, untouched=1000)


def test_page_view_is_right_although_the_sweep_is_late() -> None:
    views = LateViews()
    worlds = chain(
        share_of(5001, cases(quick=4, ci=60)),
        share_of(6001, cases(quick=2, ci=15), rules=4, state_cap=4),
    )
    compare((replace(world, contexts=(*world.contexts, {})) for world in with_birthdays(worlds)), views)
    print(views.seen)
    require(views.seen, late_views=500, late_views_that_differ=100, views_over_the_cap=20)
