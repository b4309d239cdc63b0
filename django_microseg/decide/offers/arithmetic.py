"""Which of some offers are given, and how much each takes off: plain arithmetic in minor units.

Pure. An offer that does not stack is given alone, those that do stack are given together; of these
bundles the one that takes off most wins, then the one with the higher priority, then the lower slug.
Nothing ever takes off more than the goods cost, or less than nothing. Halves are rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Share", "Terms", "amount_of", "best_of", "is_reckoned_in"]

#: Hundredths of a percent in the whole.
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer gives. Either ``percent_hundredths`` (1250 is 12.5 %) or ``amount_minor`` is set;
    amounts are minor units of ``currency``."""

    slug: str
    currency: str
    percent_hundredths: int | None = None
    amount_minor: int | None = None
    minimum_minor: int | None = None
    maximum_minor: int | None = None
    stacks: bool = False
    priority: int = 0


class Share(NamedTuple):
    """What one offer takes off."""

    slug: str
    amount_minor: int


def is_reckoned_in(terms: Terms, currency: str) -> bool:
    """Whether the offer can be reckoned in a currency: a percentage without bounds can in any."""
    amounts = (terms.amount_minor, terms.minimum_minor, terms.maximum_minor)
    return terms.currency == currency or all(amount is None for amount in amounts)


def amount_of(terms: Terms, subtotal: int, currency: str) -> int:
    """What one offer alone takes off goods that cost ``subtotal``."""
    if subtotal <= 0 or not is_reckoned_in(terms, currency) or subtotal < (terms.minimum_minor or 0):
        return 0
    wanted = terms.amount_minor or 0
    if terms.percent_hundredths is not None:
        wanted = _percentage(subtotal, terms.percent_hundredths)
    bounds = [subtotal] if terms.maximum_minor is None else [subtotal, terms.maximum_minor]
    return max(0, min(wanted, *bounds))


def best_of(offers: Iterable[Terms], subtotal: int, currency: str) -> tuple[Share, ...]:
    """The offers that are given, and what each takes off; none that would take off nothing."""
    worth = [(terms, amount) for terms in offers if (amount := amount_of(terms, subtotal, currency))]
    bundles = [[pair] for pair in worth if not pair[0].stacks]
    bundles.append(_within(subtotal, [pair for pair in worth if pair[0].stacks]))
    best = min((bundle for bundle in bundles if bundle), key=_rank, default=[])
    return tuple(Share(terms.slug, amount) for terms, amount in best)


_Pair = tuple[Terms, int]


def _percentage(subtotal: int, hundredths: int) -> int:
    return (subtotal * hundredths * 2 + _WHOLE) // (_WHOLE * 2)


def _within(subtotal: int, pairs: list[_Pair]) -> list[_Pair]:
    """Offers that are given together, by priority; what no longer fits into the subtotal is cut."""
    kept: list[_Pair] = []
    for terms, amount in sorted(pairs, key=lambda pair: (-pair[0].priority, pair[0].slug)):
        given = min(amount, subtotal)
        if given:
            kept.append((terms, given))
            subtotal -= given
    return kept


def _rank(bundle: list[_Pair]) -> tuple[int, int, str]:
    return (
        -sum(amount for _, amount in bundle),
        -max(terms.priority for terms, _ in bundle),
        min(terms.slug for terms, _ in bundle),
    )
