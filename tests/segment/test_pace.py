"""How many profiles a step takes: from small to as many as fit, and down again where they are heavy."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from django_microseg.segment.pace import Pace, pace_for


def test_first_step_of_a_slice_is_small() -> None:
    assert pace_for(1.0, smallest=25, largest=500) == Pace(size=100, smallest=25, largest=500, step_seconds=0.25)


def test_long_slice_takes_steps_of_two_seconds() -> None:
    assert pace_for(60.0, smallest=25, largest=500).step_seconds == 2.0


def test_quick_step_is_followed_by_one_twice_as_large_up_to_the_largest() -> None:
    sizes = [pace_for(1.0, smallest=25, largest=300)]
    for _ in range(3):
        sizes.append(sizes[-1].after(0.01))
    assert [pace.size for pace in sizes] == [100, 200, 300, 300]


def test_slow_step_is_followed_by_one_half_as_large_down_to_the_smallest() -> None:
    sizes = [pace_for(1.0, smallest=25, largest=300)]
    for _ in range(3):
        sizes.append(sizes[-1].after(0.26))
    assert [pace.size for pace in sizes] == [100, 50, 25, 25]


def test_step_that_fits_is_followed_by_its_like() -> None:
    assert pace_for(1.0, smallest=25, largest=500).after(0.2).size == 100


@given(
    largest=st.integers(1, 1000),
    smallest=st.integers(1, 1000),
    times=st.lists(st.floats(0, 100, allow_nan=False), max_size=30),
)
def test_size_stays_within_bounds(largest: int, smallest: int, times: list[float]) -> None:
    pace = pace_for(1.0, smallest=smallest, largest=largest)
    for seconds in times:
        pace = pace.after(seconds)
        assert 1 <= pace.smallest <= pace.size <= largest
