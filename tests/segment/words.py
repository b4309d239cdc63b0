"""What rules of these tests may name: the standard catalogues, and two segments."""

from __future__ import annotations

from functools import cache

from django_microseg.segment.terms import Vocabulary
from django_microseg.segment.vocabulary import build_vocabulary

__all__ = ["vocabulary"]


@cache
def vocabulary() -> Vocabulary:
    return build_vocabulary(segments={"vip": frozenset(), "lost": frozenset({"vip"})})
