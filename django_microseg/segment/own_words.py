"""Words of this shop that a rule can be filled with: categories and brands of what happened last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..collect.models import Event

__all__ = ["OwnWords", "own_words"]

#: How many of the latest events are looked at: a catalogue is in sight within them, and a page does not wait.
_LATEST = 3_000
_MOST = 60


@dataclass(frozen=True, slots=True)
class OwnWords:
    """By how often they were seen, the most frequent first."""

    categories: tuple[str, ...]
    brands: tuple[str, ...]


def own_words() -> OwnWords:
    """In one small statement, whatever the number of events."""
    rows = list(Event.objects.order_by("-pk").values_list("category", "brand")[:_LATEST])
    return OwnWords(_frequent(category for category, _ in rows), _frequent(brand for _, brand in rows))


def _frequent(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word, _ in Counter(word for word in words if word).most_common(_MOST))
