"""What a shop is told: the lines that are taken off its bill, or why a code takes off nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django_microseg.shop.values import Money

from .refusal import Refusal

__all__ = ["Discount", "Discounts"]


@dataclass(frozen=True, slots=True)
class Discount:
    """One line. ``offer`` is the offer's slug, ``label`` what the bill says, ``code`` the offer's code."""

    offer: str
    label: str
    amount: Money
    code: str = ""


@dataclass(frozen=True, slots=True)
class Discounts:
    """All lines, in the order in which they are to be shown. ``reason`` says to the shopper why the code
    that they gave takes off nothing, ``refusal`` says it to a program; both are empty if it does."""

    currency: str
    lines: tuple[Discount, ...] = ()
    refusal: Refusal = Refusal.NONE
    reason: str = ""

    @property
    def total(self) -> Money:
        """What is taken off in all; never more than the goods cost."""
        return Money(sum((line.amount.amount for line in self.lines), Decimal(0)), self.currency)

    @property
    def code(self) -> str:
        """The code of the first line that has one; empty for none."""
        return next((line.code for line in self.lines if line.code), "")

    def __iter__(self) -> Iterator[Discount]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)
