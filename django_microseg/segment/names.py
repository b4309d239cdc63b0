"""Names that a rule may write without quotes, and hints for names that are nearly right."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Collection

from .aggregates import AGGREGATES
from .limits import MAX_NAME

__all__ = ["CONDITION_FUNCTIONS", "FUNCTIONS", "did_you_mean", "is_clean_text", "is_name"]

#: Functions of the text form that are conditions by themselves.
CONDITION_FUNCTIONS = frozenset({"everyone", "nobody", "segment", "known", "unknown"})
#: Every function of the text form; a condition type of the shop may not be called like one.
FUNCTIONS = (
    CONDITION_FUNCTIONS
    | frozenset(AGGREGATES)
    | {"shop", "where", "event", "ne", "one_of", "none_of", "between", "at_least", "at_most"}
)

_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*_?")
_UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MANY = 8


def is_name(text: str) -> bool:
    """Whether a fact, context, field, parameter or custom condition may be called so.

    Small letters, digits and single underscores, beginning with a letter, and no word of the
    language: what passes can be written in a rule without quotes.
    """
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None and not keyword.iskeyword(text)


def is_clean_text(text: str) -> bool:
    """Whether a text has no control characters and can be stored as UTF-8."""
    return _UNCLEAN.search(text) is None


def did_you_mean(name: str, known: Collection[str], *, quote: str = '"') -> str:
    """The hint after an unknown name: the nearest known one, or the known ones if they are few."""
    folded = {each.casefold(): each for each in sorted(known)}
    near = difflib.get_close_matches(name.casefold()[:MAX_NAME], folded, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {quote}{folded[near[0]]}{quote}?"
    if not known:
        return "None are known here."
    shown = ", ".join(sorted(known)[:_MANY])
    return f"Known are: {shown}{', …' if len(known) > _MANY else '.'}"
