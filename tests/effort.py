"""How hard the tests try. `MICROSEG_PROFILE=quick` is for the one who waits; `ci` runs every generated case.

`cases(quick=…, ci=…)` gives a generated test its number; hypothesis gets the profile of the same name.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

PROFILES: Final = ("quick", "ci")
EFFORT: Final = os.environ.get("MICROSEG_PROFILE") or "quick"

if EFFORT not in PROFILES:
    raise ValueError(f"MICROSEG_PROFILE is {EFFORT!r}: set one of {', '.join(PROFILES)}.")

# A busy machine is no failure, so nothing has a deadline. CI repeats itself exactly: what fails there fails here too.
settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def cases(*, quick: int, ci: int) -> int:
    """The number of cases a test shall run under the effort chosen."""
    return ci if EFFORT == "ci" else quick
