"""Exact numbers and lengths of time as people write them: ``12.50``, ``180 days``.

A number of a rule is an int or a Fraction, never a float; here it becomes decimal text and back. A
length of time is milliseconds; here it becomes a whole number of the largest unit that fits.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ..profile.traits.definition import DAY, HOUR, MINUTE, Number

__all__ = ["UNITS", "decimal_text", "decimals_of", "read_decimal", "tidy", "to_units"]

#: Units of time that a rule may be written in; it is read back in days, hours or minutes.
UNITS = {"weeks": 7 * DAY, "days": DAY, "hours": HOUR, "minutes": MINUTE}

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_LONGEST = 40


def tidy(number: Number) -> Number:
    """The number as an int where it is whole."""
    return number.numerator if number.denominator == 1 else number


def read_decimal(text: str) -> Number | None:
    """The exact number that decimal text such as ``-12.50`` stands for; None if it is none."""
    if len(text) > _LONGEST or not _DECIMAL.fullmatch(text):
        return None
    return tidy(Fraction(text))


def decimals_of(number: Number) -> int | None:
    """How many decimals it takes to write the number; None if none suffice, as for one third."""
    return next((places for places in range(_LONGEST) if 10**places % number.denominator == 0), None)


def decimal_text(number: Number) -> str:
    """The shortest exact decimal text of a number."""
    decimals = decimals_of(number)
    if decimals is None:
        raise ValueError(f"{number} cannot be written as a decimal. Use a number with finitely many decimals.")
    if decimals == 0:
        return str(int(number))
    digits = str(abs(number.numerator) * 10**decimals // number.denominator).rjust(decimals + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def to_units(*lengths: int) -> tuple[str, tuple[int, ...]]:
    """The largest unit, up to days, in which all lengths (milliseconds) are whole, and their numbers."""
    for unit in ("days", "hours", "minutes"):
        if all(length % UNITS[unit] == 0 for length in lengths):
            return unit, tuple(length // UNITS[unit] for length in lengths)
    raise ValueError(f"{lengths} milliseconds are no whole minutes. Windows are at least that coarse.")
