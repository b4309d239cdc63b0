"""What a cart costs. Plain arithmetic on Decimals: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["DELIVERY_FEE", "FREE_DELIVERY_FROM", "Totals", "totals_of"]

FREE_DELIVERY_FROM = Decimal("60.00")
DELIVERY_FEE = Decimal("3.95")
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Totals:
    subtotal: Decimal
    discount: Decimal
    delivery: Decimal

    @property
    def revenue(self) -> Decimal:
        """What the goods bring in: after the discount, without delivery."""
        return self.subtotal - self.discount

    @property
    def total(self) -> Decimal:
        return self.revenue + self.delivery

    @property
    def is_delivery_free(self) -> bool:
        return self.delivery == 0

    @property
    def missing_for_free_delivery(self) -> Decimal:
        return max(FREE_DELIVERY_FROM - self.subtotal, _NOTHING)


def totals_of(lines: Iterable[tuple[Decimal, int]], *, discount: Decimal = _NOTHING) -> Totals:
    """Totals of (unit price, quantity) pairs. A discount takes off no more than the goods cost.

    Free delivery goes by the goods before the discount, so that a discount never makes delivery dearer.
    """
    subtotal = sum((price * quantity for price, quantity in lines), _NOTHING)
    is_free = subtotal == 0 or subtotal >= FREE_DELIVERY_FROM
    return Totals(subtotal, min(discount, subtotal), _NOTHING if is_free else DELIVERY_FEE)
