"""Which experience a slot shows: the choice itself, from plain values to a plain value.

In come the live experiences of a slot, the visitor's segments and the time; out goes a `Decision`
with its reason. Whether promoted products are in stock, and an offer is on, is asked by callables that
are handed in.
Experiences are tried by priority (highest first), then the newest, then by slug.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = [
    "CART_REMINDER",
    "CATEGORY_ORDER",
    "CONTENT",
    "FORMAT",
    "ORDER",
    "OWN_TEMPLATES",
    "Choice",
    "Decision",
    "OfferIsOn",
    "Reason",
    "Rejection",
    "StockOf",
    "choose",
    "default_for",
    "promoted_products",
    "read_choices",
    "segments_asked",
    "with_choice",
    "without_choice",
]

#: The version of one published experience. A process that meets a newer one shows the default.
FORMAT = 1

#: The kinds of an experience: it brings content, or it puts things of the shop in order.
CONTENT, ORDER = "content", "order"

#: The slots of `{% order_for_visitor %}` and `{% cart_reminder %}`.
CATEGORY_ORDER, CART_REMINDER = "category-order", "cart-reminder"

#: Slots whose tag brings a template: an experience there needs no content of its own.
OWN_TEMPLATES = {CART_REMINDER: "django_microseg/cart_reminder.html"}


class Reason(StrEnum):
    """Why a slot shows what it shows, or why an experience was passed over."""

    FITS = "fits"
    PREVIEW = "preview"
    NOTHING_LIVE = "nothing_live"
    NOTHING_FITS = "nothing_fits"
    NOT_YET = "not_yet"
    OVER = "over"
    SEGMENTS = "segments"
    OUT_OF_STOCK = "out_of_stock"
    STOCK_UNKNOWN = "stock_unknown"
    EMPTY_CART = "empty_cart"
    OFFER_OVER = "offer_over"
    BOT = "bot"
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Choice:
    """A live experience as pages see it. Instants are milliseconds since 1970.

    ``order_keys`` are what an order puts first; ``product_keys`` are the products that are promoted;
    ``offer`` is the slug of the offer that is spoken of.
    """

    slug: str
    slot: str
    segments: tuple[str, ...]
    needs_all: bool
    content_html: str
    template_name: str
    priority: int
    starts_at: int | None
    ends_at: int | None
    created_at: int
    kind: str = CONTENT
    order_keys: tuple[str, ...] = ()
    product_keys: tuple[str, ...] = ()
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """An experience that was tried and passed over, and why."""

    slug: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What a slot shows. ``choice`` None is the default content."""

    slot: str
    choice: Choice | None
    reason: Reason
    rejected: tuple[Rejection, ...] = ()

    @property
    def is_default(self) -> bool:
        return self.choice is None


def default_for(slot: str, reason: Reason) -> Decision:
    """The decision to show the slot's default."""
    return Decision(slot, None, reason)


def read_choices(published: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Choice, ...]]:
    """Published experiences by slot, in the order in which they are tried."""
    by_slot: dict[str, list[Choice]] = {}
    for row in published:
        if row.get("format") == FORMAT:
            choice = _choice(row)
            by_slot.setdefault(choice.slot, []).append(choice)
    return {slot: tuple(sorted(choices, key=_rank)) for slot, choices in by_slot.items()}


def _choice(row: Mapping[str, Any]) -> Choice:
    return Choice(
        slug=row["slug"],
        slot=row["slot"],
        segments=tuple(row["segments"]),
        needs_all=row["match"] == "all",
        content_html=row["content_html"],
        template_name=row["template_name"],
        priority=row["priority"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        created_at=row["created_at"],
        # Rows that were published before there were these are of the first kind and name nothing.
        kind=row.get("kind", CONTENT),
        order_keys=tuple(row.get("order_keys", ())),
        product_keys=tuple(row.get("product_keys", ())),
        offer=row.get("offer", ""),
    )


def _rank(choice: Choice) -> tuple[int, int, str]:
    return (-choice.priority, -choice.created_at, choice.slug)


def with_choice(choices: Iterable[Choice], choice: Choice) -> tuple[Choice, ...]:
    """The choices of a slot as they would be with this one, in the place of its former self if it has one."""
    others = [each for each in choices if each.slug != choice.slug]
    return tuple(sorted([*others, choice], key=_rank))


def segments_asked(choices: Iterable[Choice]) -> frozenset[str]:
    """The segments that must be known to choose among these."""
    return frozenset(slug for choice in choices for slug in choice.segments)


def without_choice(decision: Decision, reason: Reason) -> Decision:
    """The decision to show the default after all, for this reason."""
    if decision.choice is None:
        return decision
    return Decision(decision.slot, None, reason, (*decision.rejected, Rejection(decision.choice.slug, reason)))


def promoted_products(choices: Iterable[Choice], segments: frozenset[str], *, now: int) -> frozenset[str]:
    """The products of every experience that the visitor may be shown at ``now``."""
    fitting = (choice for choice in choices if choice.product_keys and _objection(choice, segments, now) is None)
    return frozenset(key for choice in fitting for key in choice.product_keys)


#: Whether any of some products can be bought; None if nobody can say.
StockOf = Callable[[Collection[str]], bool | None]
#: Whether the visitor would get an offer, by its slug.
OfferIsOn = Callable[[str], bool]


def choose(
    slot: str,
    choices: Iterable[Choice],
    segments: frozenset[str],
    *,
    now: int,
    stock_of: StockOf = lambda keys: None,
    offer_is_on: OfferIsOn = lambda slug: False,
) -> Decision:
    """The first experience that is on at ``now``, whose segments the visitor fits, whose offer is on and whose
    products are in stock.

    Offer and stock are asked about only where everything else fits.
    """
    rejected: list[Rejection] = []
    for choice in choices:
        reason = _objection(choice, segments, now) or _lost(choice, offer_is_on) or _lack(choice, stock_of)
        if reason is None:
            return Decision(slot, choice, Reason.FITS, tuple(rejected))
        rejected.append(Rejection(choice.slug, reason))
    return Decision(slot, None, Reason.NOTHING_FITS if rejected else Reason.NOTHING_LIVE, tuple(rejected))


def _objection(choice: Choice, segments: frozenset[str], now: int) -> Reason | None:
    if choice.starts_at is not None and now < choice.starts_at:
        return Reason.NOT_YET
    if choice.ends_at is not None and now >= choice.ends_at:
        return Reason.OVER
    return None if _fits(choice, segments) else Reason.SEGMENTS


def _lost(choice: Choice, offer_is_on: OfferIsOn) -> Reason | None:
    return Reason.OFFER_OVER if choice.offer and not offer_is_on(choice.offer) else None


def _lack(choice: Choice, stock_of: StockOf) -> Reason | None:
    """Why the promoted products stand in the way: what cannot be bought is not promoted."""
    is_stocked = stock_of(choice.product_keys) if choice.product_keys else True
    if is_stocked is None:
        return Reason.STOCK_UNKNOWN
    return None if is_stocked else Reason.OUT_OF_STOCK


def _fits(choice: Choice, segments: frozenset[str]) -> bool:
    if not choice.segments:
        return True
    among = (slug in segments for slug in choice.segments)
    return all(among) if choice.needs_all else any(among)
