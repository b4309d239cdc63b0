"""The segments of a visitor as a set that looks only at what it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Set
from typing import Any

__all__ = ["Segments"]


class Segments(Set[str]):
    """``ask`` answers which of some slugs the visitor is in; of all for None."""

    def __init__(self, ask: Callable[[Collection[str] | None], frozenset[str]]) -> None:
        self._ask = ask

    def __contains__(self, slug: object) -> bool:
        return isinstance(slug, str) and bool(self._ask({slug}))

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._ask(None)))

    def __len__(self) -> int:
        return len(self._ask(None))

    def __str__(self) -> str:
        return ", ".join(self)

    @classmethod
    def _from_iterable(cls, it: Any) -> Any:
        return frozenset(it)
