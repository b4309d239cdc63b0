"""How much we hold of a person, table by table, before it is handed out or erased. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ..profile.models import Profile
from .registry import caches, tables
from .subject import subject_of

__all__ = ["Held", "count_held"]


@dataclass(frozen=True, slots=True)
class Held:
    """Some rows of a table (``name`` is its words for people) or entries of a cache; ``stays``: without the name."""

    name: str
    number: int
    stays: bool = False


def count_held(profile: Profile) -> list[Held]:
    """Only what there is any of, the most first."""
    subject = subject_of(profile)
    found = [
        Held(str(entry.model._meta.verbose_name_plural), sum(1 for _ in entry.export(subject)), entry.stays)
        for entry in tables()
    ]
    found += [Held(entry.name, len(entry.find(subject))) for entry in caches()]
    return sorted((each for each in found if each.number), key=lambda each: (-each.number, each.name))
