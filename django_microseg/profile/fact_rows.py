"""Facts as the evaluators read them: by profile and name, in the order of validity."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from ..collect.fields import to_ms
from .models import Fact
from .traits.state import FactRow

__all__ = ["fact_rows"]


def fact_rows(of: Q, names: Collection[str]) -> dict[int, dict[str, list[FactRow]]]:
    """All rows of the named facts of the profiles that match, in one statement."""
    found: dict[int, dict[str, list[FactRow]]] = {}
    rows = Fact.objects.filter(of, name__in=names).order_by("valid_from", "pk")
    for fact in rows.iterator(chunk_size=2000):
        start, end = to_ms(fact.valid_from), fact.valid_until
        row = (fact.text, fact.number, start, None if end is None else to_ms(end))
        found.setdefault(fact.profile_id, {}).setdefault(fact.name, []).append(row)
    return found
