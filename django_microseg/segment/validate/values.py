"""Constants: is a value of the right kind, of a sensible size, and as exact as its kind can be?"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from ...profile.traits.definition import Number
from ..exact import decimals_of
from ..limits import (
    MAX_DECIMALS,
    MAX_FACTOR_DENOMINATOR,
    MAX_FACTOR_NUMERATOR,
    MAX_NUMBER,
    MAX_TEXT_LENGTH,
)
from ..names import is_clean_text
from ..rule import Value
from ..terms import Term
from .findings import Check

__all__ = ["check_factor", "check_number", "check_text", "is_number"]


def is_number(value: object) -> TypeGuard[Number]:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def check_text(value: Value, term: Term, check: Check) -> None:
    """A text that a value of the term could be equal to."""
    if not isinstance(value, str):
        check.add("wrong-value", f"`{term.name}` is a text and never equal to a number.", "Write it in quotes.")
    elif not value:
        check.add("wrong-value", "A text that is compared is not empty.", "Ask with known() or unknown().")
    elif len(value) > MAX_TEXT_LENGTH:
        check.add("too-long", f"The text has {len(value)} characters, more than {MAX_TEXT_LENGTH}.", "Shorten it.")
    elif value != value.strip() or not is_clean_text(value):
        check.add("wrong-value", "The text has blanks around it or control characters in it.", "Take them away.")


def check_number(value: Value, term: Term, check: Check) -> None:
    """A number that is as large and as exact as values of the term are."""
    if not is_number(value):
        check.add("wrong-value", f"`{term.name}` is a number and never equal to a text.", "Write it without quotes.")
        return
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        check.add("too-large", f"The number is beyond {MAX_NUMBER:,}.", "Use a smaller one.")
    elif not _check_exactness(value, term, check):
        _check_range(value, term, check)


def _check_exactness(value: Number, term: Term, check: Check) -> bool:
    """Whether a problem of too many decimals was found."""
    allowed = check.vocabulary.minor_exponent if term.kind == "money" else MAX_DECIMALS
    if term.kind == "count":
        allowed = 0
    decimals = decimals_of(value)
    if decimals is not None and decimals <= allowed:
        return False
    what = {"money": "An amount in the shop's currency", "count": "A number of things"}.get(term.kind, "A number")
    most = f"at most {allowed} decimals" if allowed else "no decimals"
    check.add("too-exact", f"{what} has {most}.", "Round it.")
    return True


def _check_range(value: Number, term: Term, check: Check) -> None:
    if term.kind == "ratio" and not 0 <= value <= 1:
        check.add("out-of-range", "A share lies between 0 and 1.", "Write 80 % as 0.8.")
    elif term.kind in ("count", "duration") and value < 0:
        check.add("out-of-range", f"`{term.name}` is never negative.", "Use 0 or more.")
    elif term.bounds is not None and not term.bounds[0] <= value <= term.bounds[1]:
        low, high = term.bounds
        check.add("out-of-range", f"`{term.name}` lies between {low} and {high}.", "Use a number from there.")


def check_factor(factor: Number, check: Check) -> None:
    """The number that a figure on the other side is multiplied with."""
    exact = Fraction(factor) if is_number(factor) else Fraction(0)
    if exact <= 0:
        check.add("bad-factor", "A factor is a number above 0.", "Use such a number, or turn the comparison round.")
        return
    decimals = decimals_of(exact)
    if decimals is None or decimals > MAX_DECIMALS or exact.denominator > MAX_FACTOR_DENOMINATOR:
        check.add("bad-factor", f"A factor has at most {MAX_DECIMALS} decimals.", "Round it.")
    elif exact.numerator > MAX_FACTOR_NUMERATOR:
        check.add("bad-factor", f"The factor is beyond {MAX_FACTOR_NUMERATOR:,} in its smallest part.", "Round it.")
