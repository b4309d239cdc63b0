"""A person in figures: every trait that some rule in force asks for, as it is for them now.

Recomputed from the events, like an explanation; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from django_microseg.collect.read import records_of
from django_microseg.profile.models import Profile

from ..rule import TraitCondition
from ..rulebook import current
from ..text import render_trait
from .case import Case
from .figures import actual_of

__all__ = ["Figure", "figures_of"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A trait as rules write it, and its value in words."""

    text: str
    value: str


def figures_of(profile: Profile, now: int) -> list[Figure]:
    """The figures of a person at an instant, in the order of their texts."""
    book = current()
    ((_, events),) = records_of([profile.pk])
    case = Case(
        events=tuple(events),
        facts={},
        population=book.population,
        others=(),
        minor_exponent=book.ruleset.minor_exponent,
        zone=book.ruleset.zone,
    )
    figures = (
        Figure(render_trait(trait), actual_of(TraitCondition(trait, "known", ()), case, now))
        for trait in book.ruleset.traits
    )
    return sorted(figures, key=lambda figure: figure.text)
