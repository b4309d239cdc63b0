"""Tests and intervals for shares of two groups. Plain functions of plain numbers.

Sources: the pooled two-proportion z test is the chi-squared test of a 2x2 table without continuity correction (Agresti,
Categorical Data Analysis, 3rd ed., 3.2); the interval of a ratio of proportions is Katz, Baptista, Azen and Pike,
Biometrics 34 (1978) 469; the false discovery rate is Benjamini and Hochberg, JRSS B 57 (1995) 289; the entropy of a
sample is corrected after Miller (1955) as in Paninski, Neural Computation 15 (2003) 1191.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, log, sqrt

__all__ = ["Z95", "adjusted", "entropy", "entropy_error", "is_testable", "p_of_shares", "ratio_interval"]

#: 95 of 100 such intervals hold the truth.
Z95 = 1.959964
#: Cochran's rule for a table of two by two: less is too few to say.
_LEAST_EXPECTED = 5


def is_testable(a: int, n: int, b: int, m: int) -> bool:
    """Whether each of the four cells is expected to hold five people if both groups were alike."""
    total = n + m
    if not n or not m:
        return False
    return min(a + b, total - a - b) * min(n, m) >= _LEAST_EXPECTED * total


def p_of_shares(a: int, n: int, b: int, m: int) -> float:
    """How likely so large a difference between a of n and b of m is if both groups are alike, two-sided."""
    pooled = (a + b) / (n + m)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    if not error:
        return 1.0
    return erfc(abs(a / n - b / m) / error / sqrt(2))


def ratio_interval(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    """Between which values (a of n) / (b of m) lies, by its logarithm; half a person is added to a cell of nobody."""
    x, y = a or 0.5, b or 0.5
    centre, error = log(x / n) - log(y / m), sqrt(max(0.0, 1 / x - 1 / n + 1 / y - 1 / m))
    low = exp(centre - Z95 * error) if a else 0.0
    return low, exp(centre + Z95 * error)


def adjusted(values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p values, in the order given: of those below 0.05, one in twenty is chance."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    found, least = [1.0] * len(values), 1.0
    for rank in range(len(values), 0, -1):
        at = order[rank - 1]
        least = min(least, values[at] * len(values) / rank)
        found[at] = least
    return found


def entropy(counts: Sequence[int]) -> float:
    """How mixed a group is, in nats: 0 where all are the same. Corrected, for a small sample looks too uniform."""
    total, seen = sum(counts), [count for count in counts if count]
    if len(seen) < 2:
        return 0.0
    plain = -sum(count / total * log(count / total) for count in seen)
    return plain + (len(seen) - 1) / (2 * total)


def entropy_error(counts: Sequence[int]) -> float:
    """The standard error of the entropy of a sample, by the delta method."""
    total, seen = sum(counts), [count for count in counts if count]
    if len(seen) < 2:
        return 0.0
    logs = [(count / total, log(count / total)) for count in seen]
    mean = sum(p * value for p, value in logs)
    return sqrt(max(0.0, sum(p * value**2 for p, value in logs) - mean**2) / total)
