"""How alike the people of a group are: one score from 0 (as mixed as can be) to 1 (all the same). Pure.

For each variable the entropy of its values over the largest that they could have, so that 1 means every value equally
often; numbers in fifths of the others. Who has no value is left out of a variable: missing is unknown. The score is one
less the mean over all variables. Compared with the same score of others, it says whether a segment is one group of
people or several.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import fmean, quantiles

from .contrast import People, Value
from .statistics import Z95, entropy, entropy_error

__all__ = ["FEWEST_TO_ACT", "FEWEST_TO_MEASURE", "Alike", "measure"]

#: Fewer people look alike by chance.
FEWEST_TO_MEASURE = 30
#: Of fewer people no test will ever tell whether what they are shown helps.
FEWEST_TO_ACT = 100
_FIFTHS = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Both scores over the same variables; ``margin`` is how far their difference may be off (95 %, cautious)."""

    here: float
    there: float
    margin: float
    variables: int

    @property
    def difference(self) -> float:
        return self.here - self.there

    @property
    def is_more(self) -> bool:
        return self.difference > self.margin

    @property
    def is_less(self) -> bool:
        return -self.difference > self.margin


def measure(here: People, there: People) -> Alike | None:
    """None where either group is too small to measure, or nothing differs between any two people."""
    if min(_size(here), _size(there)) < FEWEST_TO_MEASURE:
        return None
    scores = [each for each in (_mixed(here[name], there[name]) for name in here) if each is not None]
    if not scores:
        return None
    ours, theirs, errors = zip(*scores, strict=True)
    # Variables go together, so their errors are added as if they all erred the same way.
    return Alike(1 - fmean(ours), 1 - fmean(theirs), Z95 * fmean(errors), len(scores))


def _size(people: People) -> int:
    return len(next(iter(people.values()), ()))


def _mixed(here: Sequence[Value], there: Sequence[Value]) -> tuple[float, float, float] | None:
    """Both normalised entropies of a variable, and the standard error of their difference.

    None where the values of too few are known, or where all are the same.
    """
    edges = _edges(there)
    ours, theirs = (Counter(_kind(each, edges) for each in group if each is not None) for group in (here, there))
    kinds = len({*ours, *theirs})
    if kinds < 2 or min(ours.total(), theirs.total()) < FEWEST_TO_MEASURE:
        return None
    counts = [list(group.values()) for group in (ours, theirs)]
    most = log(kinds)
    first, second = (min(1.0, entropy(group) / most) for group in counts)
    return first, second, sum(entropy_error(group) ** 2 for group in counts) ** 0.5 / most


def _edges(values: Sequence[Value]) -> list[float]:
    """Where the fifths of numbers end; empty for texts."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return sorted(set(quantiles(numbers, n=_FIFTHS, method="inclusive"))) if len(numbers) > 1 else []


def _kind(value: str | float, edges: Sequence[float]) -> str | int:
    return value if isinstance(value, str) else bisect_left(edges, value)
