"""What each letter counts: how recently and how often something was done, and what was worth how much.

By words as they stand in addresses; what is none of them counts orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...profile.traits.definition import Stream, Trait

__all__ = ["EVENTS", "VALUES", "Letters", "read_letters"]

ORDERS = "orders"
#: For R and F: the event, and the field whose different values count; "": each event.
EVENTS: Mapping[str, tuple[str, str]] = {
    ORDERS: ("order_completed", ""),
    "visits": ("page_viewed", "visit"),
    "app": ("app_opened", ""),
    "views": ("product_viewed", ""),
    "carts": ("product_added", ""),
    "mails": ("email_opened", ""),
    "logins": ("logged_in", ""),
}
#: For M: the event whose values are added up.
VALUES: Mapping[str, str] = {
    ORDERS: "order_completed",
    "carts": "product_added",
    "checkouts": "checkout_started",
}


@dataclass(frozen=True, slots=True)
class Letters:
    """The word of `EVENTS` for R and F, of `VALUES` for M."""

    r: str = ORDERS
    f: str = ORDERS
    m: str = ORDERS

    @property
    def traits(self) -> tuple[Trait, Trait, Trait]:
        """How long ago, how often, how much."""
        name, field = EVENTS[self.f]
        stream = Stream(name)
        often = Trait("distinct", stream, field=field) if field else Trait("count", stream)
        return (
            Trait("days_since", Stream(EVENTS[self.r][0])),
            often,
            Trait("sum", Stream(VALUES[self.m]), field="value"),
        )

    @property
    def since_text(self) -> str:
        """How long ago, as rules write it."""
        return f'days_since("{EVENTS[self.r][0]}")'

    @property
    def often_text(self) -> str:
        name, field = EVENTS[self.f]
        return f'distinct("{name}", "{field}")' if field else f'count("{name}")'


def read_letters(r: str, f: str, m: str) -> Letters:
    """Letters by the words of an address."""
    return Letters(
        r if r in EVENTS else ORDERS,
        f if f in EVENTS else ORDERS,
        m if m in VALUES else ORDERS,
    )
