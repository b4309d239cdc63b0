"""How large the parts of a rule may be, and how exact its numbers.

The bounds keep a rule readable, its compiled form small, and its arithmetic within 64 bits.
"""

from __future__ import annotations

from ..profile.traits.definition import DAY

__all__ = [
    "MAX_DECIMALS",
    "MAX_FACTOR_DENOMINATOR",
    "MAX_FACTOR_NUMERATOR",
    "MAX_LIST",
    "MAX_NAME",
    "MAX_NUMBER",
    "MAX_TEXT",
    "MAX_TEXT_LENGTH",
    "MAX_WINDOW",
]

#: Characters of a rule's whole text.
MAX_TEXT = 20_000
#: Characters of one text inside a rule, the longest column a rule compares with.
MAX_TEXT_LENGTH = 200
#: Characters of a name: of an event, a field, a fact, a segment.
MAX_NAME = 64
#: Values of one list, tests of one filter, parameters of one custom condition.
MAX_LIST = 100
#: The largest number, either sign.
MAX_NUMBER = 10**12
#: Decimals of a number; money may have as many as its currency.
MAX_DECIMALS = 3
MAX_FACTOR_NUMERATOR = 10**6
MAX_FACTOR_DENOMINATOR = 1000
#: The longest window: ten years of days, three leap days included.
MAX_WINDOW = 3653 * DAY
