"""How long a text may be in each column of the table. Pure, so it repeats the models' figures.

A test keeps both equal. Texts are cut to these lengths; ids that exceed them are refused.
"""

from __future__ import annotations

__all__ = ["COLUMN_LENGTHS", "MAX_LABEL", "fold"]

#: By attribute of the event's row.
COLUMN_LENGTHS = {
    "brand": 200,
    "campaign": 200,
    "category": 200,
    "channel": 100,
    "country": 2,
    "coupon": 100,
    "device": 20,
    "language": 16,
    "order_key": 100,
    "product_key": 100,
    "region": 100,
    "visit_key": 64,
    "visitor_key": 64,
}
MAX_LABEL = 200


def fold(text: str, column: str) -> str:
    """The text as it is compared: without case, without spaces around, cut to its column."""
    return text.casefold().strip()[: COLUMN_LENGTHS[column]].rstrip()
