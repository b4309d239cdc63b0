"""Takes areas from a file: one row each, judged whole; a row that says what is known already changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction

from ...collect.importing.areas import AreaRow
from ...collect.importing.batches import Outcome
from ...collect.importing.line import RowError
from .facts import areas_changed
from .models import Area

__all__ = ["rehearse_areas", "take_areas"]

_FIGURES = ("population", "density", "growth")
_FIELDS = ("name", *_FIGURES)


def take_areas(rows: Sequence[AreaRow]) -> Outcome:
    """Write what the rows say, in one transaction. What a file has no column for stays as it is."""
    judged, errors = _judge(rows)
    with transaction.atomic():
        known = {_key(area): area for area in Area.objects.filter(prefix__in={area.prefix for area, _ in judged})}
        changed = [_key(area) for area, told in judged if _take(known, area, told)]
        moved = [known[key] for key in dict.fromkeys(changed)]
        new, old = ([area for area in moved if area._state.adding is is_new] for is_new in (True, False))
        Area.objects.bulk_update(old, _FIELDS)
        Area.objects.bulk_create(new)
        if moved:
            areas_changed()
    return Outcome(len(changed), len(judged) - len(changed), tuple(errors))


def rehearse_areas(rows: Sequence[AreaRow]) -> Outcome:
    """Judge the rows and write nothing; every good one counts as bringing something new."""
    judged, errors = _judge(rows)
    return Outcome(len(judged), 0, tuple(errors))


def _judge(rows: Sequence[AreaRow]) -> tuple[list[tuple[Area, tuple[str, ...]]], list[RowError]]:
    judged, errors = [], []
    for row in rows:
        try:
            told = tuple(name for name in _FIELDS if name in row.texts)
            area = Area(country=row.texts.get("country", ""), prefix=row.texts["postcode"], **_values(row))
            area.full_clean(validate_unique=False, validate_constraints=False)
            judged.append((area, told))
        except ValidationError as error:
            errors.append(RowError(row.row, "bad_value", " ".join(error.messages)))
    return judged, errors


def _values(row: AreaRow) -> dict[str, str | Decimal]:
    values: dict[str, str | Decimal] = {"name": row.texts["name"]} if "name" in row.texts else {}
    for name in _FIGURES:
        if name in row.texts:
            try:
                values[name] = Decimal(row.texts[name].replace("\N{MINUS SIGN}", "-"))
            except InvalidOperation:
                raise ValidationError(f"{name} is no number: write it like 1234.5.") from None
    return values


def _key(area: Area) -> tuple[str, str]:
    return area.country, area.prefix


def _take(known: dict[tuple[str, str], Area], new: Area, told: Sequence[str]) -> bool:
    """Add it, or change the one that is known; the last row of an area counts. False if it says nothing new."""
    old = known.setdefault(_key(new), new)
    if old is new:
        return True
    differing = [name for name in told if getattr(old, name) != getattr(new, name)]
    for name in differing:
        setattr(old, name, getattr(new, name))
    return bool(differing)
