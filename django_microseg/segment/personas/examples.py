"""Stories to begin with, so that nobody begins with an empty page. Pure data, in the form of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """``name`` is what the persona would be called, ``title`` what the link to it says."""

    title: Any
    name: Any
    story: Mapping[str, Any]


def _story(*events: Mapping[str, Any], facts: Any = None, context: Any = None) -> dict[str, Any]:
    return {"format": 1, "events": list(events), "facts": facts or {}, "context": context or {}}


EXAMPLES: Mapping[str, Example] = {
    "new-visitor": Example(
        _("a new visitor"),
        _("New visitor"),
        _story(
            {"event": "session_started", "minutes_ago": 5},
            {"event": "page_viewed", "minutes_ago": 5, "times": 2, "path": "/"},
            {"event": "product_viewed", "minutes_ago": 2, "product_id": "boot-1", "category": "boots"},
            context={"device": "mobile", "visit_number": 1},
        ),
    ),
    "loyal-customer": Example(
        _("a loyal customer"),
        _("Loyal customer"),
        _story(
            {"event": "order_completed", "days_ago": 10, "times": 6, "days_between": 30, "revenue": 60},
            facts={"tier": "gold"},
        ),
    ),
    "abandoned-cart": Example(
        _("an abandoned cart"),
        _("Abandoned cart"),
        _story(
            {"event": "product_viewed", "hours_ago": 3, "product_id": "boot-1", "category": "boots"},
            {"event": "product_added", "hours_ago": 3, "product_id": "boot-1", "category": "boots", "value": 80},
            {"event": "cart_viewed", "hours_ago": 2},
        ),
    ),
    "coupon-buyer": Example(
        _("somebody who buys with coupons"),
        _("Coupon buyer"),
        _story(
            {
                "event": "order_completed",
                "days_ago": 20,
                "times": 3,
                "days_between": 40,
                "revenue": 35,
                "coupon": "SALE",
            }
        ),
    ),
    "gone-quiet": Example(
        _("somebody who stopped coming"),
        _("Gone quiet"),
        _story({"event": "order_completed", "days_ago": 150, "times": 2, "days_between": 30, "revenue": 45}),
    ),
}
