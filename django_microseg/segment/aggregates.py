"""The aggregates that a rule may ask for: how each is written, and of what kind its value is.

One table for the text, the JSON, the validator, the sentences and the docs. What an aggregate
means is stated in `profile.traits.definition`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AGGREGATES", "NUMBER_OPERATORS", "OPERATORS", "OPPOSITE", "TEXT_OPERATORS", "Aggregate"]

#: What a mirrored comparison becomes: ``5 <= x`` is ``x >= 5``.
OPPOSITE = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
NUMBER_OPERATORS = tuple(OPPOSITE)
TEXT_OPERATORS = ("==", "!=", "in", "not_in")
OPERATORS = frozenset((*NUMBER_OPERATORS, *TEXT_OPERATORS, "known", "unknown"))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How an aggregate is written and what comes out.

    ``kind`` of the value: ``count`` (a whole number), ``field`` (what its field is), ``text``,
    ``duration`` or ``ratio``. ``unit`` is the unit of a duration. ``field`` tells which fields it takes:
    ``number``, ``text`` or, empty, none.
    """

    name: str
    kind: str
    summary: str
    example: str
    field: str = ""
    unit: str = ""

    @property
    def takes_part(self) -> bool:
        """Whether it has a part of the whole: ``of=where(…)``."""
        return self.name == "share"

    @property
    def takes_after(self) -> bool:
        """Whether it asks what came before: ``after=…, within_days=…``."""
        return "follows" in self.name

    @property
    def is_negated(self) -> bool:
        return self.name.startswith("not_")

    @property
    def is_always_known(self) -> bool:
        """Whether even nothing has a value, which is 0."""
        return self.kind == "count" or self.name == "sum"


AGGREGATES: dict[str, Aggregate] = {
    each.name: each
    for each in (
        Aggregate("count", "count", "How many events.", 'count("order_completed", days=180) >= 5'),
        Aggregate(
            "sum", "field", "The sum of a number; 0 if there is none.",
            'sum("order_completed", "value", days=180) >= 200', "number",
        ),
        Aggregate(
            "avg", "field", "The average of a number; unknown if there is none.",
            'avg("order_completed", "value") > shop("average_order_value")', "number",
        ),
        Aggregate(
            "min", "field", "The least of a number; unknown if there is none.",
            'min("order_completed", "value") >= 25.50', "number",
        ),
        Aggregate(
            "max", "field", "The greatest of a number; unknown if there is none.",
            'max("product_added", "quantity") >= 10', "number",
        ),
        Aggregate(
            "distinct", "count", "How many different values of a text.",
            'distinct("product_viewed", "category", days=30) >= 4', "text",
        ),
        Aggregate(
            "active_days", "count", "On how many different days of the visitor's calendar.",
            'active_days("any", weeks=4) >= 8',
        ),
        Aggregate(
            "active_weeks", "count", "In how many different ISO weeks of the visitor's calendar.",
            'active_weeks("order_completed", days=365) >= 20',
        ),
        Aggregate(
            "first", "text", "The value of a text at the first event that has it; unknown if there is none.",
            'first("any", "channel") == "social"', "text",
        ),
        Aggregate(
            "last", "text", "The value of a text at the last event that has it; unknown if there is none.",
            'last("product_viewed", "brand") in ("tarnway", "karstwell")', "text",
        ),
        Aggregate(
            "top", "text", "The most frequent value of a text; unknown if there is none.",
            'top("product_viewed", "category", days=90) == "footwear"', "text",
        ),
        Aggregate(
            "days_since", "duration", "Days from the last event to now; unknown if there is none.",
            'days_since("order_completed") >= 90', unit="days",
        ),
        Aggregate(
            "hours_since", "duration", "Hours from the last event to now; unknown if there is none.",
            'hours_since("email_opened") < 48', unit="hours",
        ),
        Aggregate(
            "minutes_since", "duration", "Minutes from the last event to now; unknown if there is none.",
            'minutes_since("cart_changed") >= 60', unit="minutes",
        ),
        Aggregate(
            "mean_gap", "duration", "Average days between events; unknown of fewer than two.",
            'mean_gap("order_completed") <= 14', unit="days",
        ),
        Aggregate(
            "share", "ratio",
            "The part of the events that also pass `of=where(…)`, from 0 to 1; unknown if there are none.",
            'share("order_completed", of=where(coupon=known())) == 1',
        ),
        Aggregate(
            "follows", "count", "How many events had another event at most so long before.",
            'follows("order_completed", after="price_drop_alert_clicked", within_days=7) >= 2',
        ),
        Aggregate(
            "not_follows", "count", "How many events had no other event so long before.",
            'not_follows("order_completed", after="email_opened", within_days=3, days=365) >= 3',
        ),
        Aggregate(
            "follows_share", "ratio",
            "The part of the events that had another event at most so long before; unknown if there are none.",
            'follows_share("order_completed", after=event("video_review_viewed", where(category="boots")), '
            "within_hours=24) >= 0.5",
        ),
        Aggregate(
            "not_follows_share", "ratio",
            "The part of the events that had no other event so long before; unknown if there are none.",
            'not_follows_share("order_completed", after="coupon_applied", within_days=1) > 0.8',
        ),
    )
}  # fmt: skip
