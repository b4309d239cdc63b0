"""How far groups of people overlap, from how many people are in each combination of them. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Overlap", "overlap_of"]


@dataclass(frozen=True, slots=True)
class Overlap:
    """``both[row][column]`` people are in both; on the diagonal, in the group itself."""

    both: tuple[tuple[int, ...], ...]

    def share(self, row: int, column: int) -> float | None:
        """The part of the row's people who are in the column too; None of nobody."""
        whole = self.both[row][row]
        return self.both[row][column] / whole if whole else None

    def jaccard(self, row: int, column: int) -> float | None:
        """Those in both as a part of those in either: 1 if both are the same people; None of nobody (Jaccard 1901)."""
        both = self.both[row][column]
        either = self.both[row][row] + self.both[column][column] - both
        return both / either if either else None


def overlap_of(groups: int, combinations: Mapping[int, int]) -> Overlap:
    """``combinations``: bits of the groups that somebody is in, with how many people are in exactly these."""
    both = [[0] * groups for _ in range(groups)]
    for bits, people in combinations.items():
        inside = [at for at in range(groups) if bits >> at & 1]
        for row in inside:
            for column in inside:
                both[row][column] += people
    return Overlap(tuple(map(tuple, both)))
