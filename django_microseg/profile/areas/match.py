"""Which area a postcode lies in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

__all__ = ["LONGEST", "beginnings", "best_match", "normal_postcode"]

LONGEST = 12

_A = TypeVar("_A")


def normal_postcode(text: str) -> str:
    """Capitals and digits alone: ``ex4 1aa`` and ``EX4-1AA`` are one."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def beginnings(postcode: str) -> tuple[str, ...]:
    """Every beginning of a postcode, the longest first."""
    plain = normal_postcode(postcode)[:LONGEST]
    return tuple(plain[:length] for length in range(len(plain), 0, -1))


def best_match(postcode: str, country: str, areas: Mapping[tuple[str, str], _A]) -> _A | None:
    """The area of the longest beginning, by country and prefix. One of another country is none; of two that are equally
    long the one that names the country counts."""
    countries = (country.upper(), "") if country else ("",)
    found = (areas.get((each, prefix)) for prefix in beginnings(postcode) for each in countries)
    return next((area for area in found if area is not None), None)
