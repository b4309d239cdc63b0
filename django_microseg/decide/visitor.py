"""What a visitor gets: segments, slots, offers, each decided once for one request.

Made by the middleware at the start of a request and lazy in every part. While a member of staff
previews the shop, or a test names segments, it answers as for somebody in these. Whatever fails is
caught here, so that code of the shop may use a visitor without fear.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from django_microseg.collect.customer import loaded_customer_key
from django_microseg.collect.fields import to_ms
from django_microseg.shop.values import CartInfo

from .assumed import Assumed
from .caller import READING, Caller
from .cart import read_cart, sample_cart
from .guard import Guard
from .known import Known, read_known
from .offers import published
from .offers.first_order import seems_to_have_ordered
from .offers.published import PublishedOffer
from .preview.values import Preview
from .segments import Segments
from .slots import (
    CART_REMINDER,
    Choice,
    Decision,
    Reason,
    choose,
    default_for,
    promoted_products,
    segments_asked,
    with_choice,
    without_choice,
)
from .stock import Stock
from .undisturbed import undisturbed

__all__ = ["DECIDING", "Visitor"]

DECIDING = Guard("decide what a slot shows", breaker=None)


class Visitor(Caller):
    """The visitor of one request."""

    def __init__(self, request: HttpRequest, **how: Any) -> None:
        """Takes what `Caller` takes."""
        super().__init__(request, **how)
        self._assumed = Assumed(request, self._read_published)
        self._stock = Stock(self._promoted)
        self._decisions: dict[tuple[str, frozenset[str] | None], Decision] = {}
        self.failures: dict[str, str] = {}
        """What went wrong while content was shown, by the experience's slug; for staff to read."""

    def _forget(self, *parts: str) -> None:
        super()._forget(*parts, "_is_buyer", "_cart")
        self._decisions.clear()

    def load(self) -> None:
        """Read ahead what pages may need, for code that may not ask the database later."""
        DECIDING.run(self._load, None, about=self.label)

    def _load(self) -> None:
        _ = self.surroundings
        self._stock.has_any(self._promoted())
        self.decide_as_usual(CART_REMINDER)  # looks into the cart, if it must
        if any(offer.is_first_order for offer in self.shown.offers):
            _ = self._is_buyer

    @property
    def is_stopped(self) -> bool:
        """Whether personalisation is stopped for everybody. Previews go on."""
        return self.known.is_stopped

    @property
    def profile_key(self) -> str:
        """The public key of the visitor's profile; empty if there is none."""
        self._note_asked()
        return self.shown.profile_key

    # -- segments

    @cached_property
    def segments(self) -> Segments:
        return Segments(self.segments_among)

    def segments_among(self, slugs: Collection[str] | None) -> frozenset[str]:
        """Which of these segments the visitor is in; of all segments for None."""
        self._note_asked()
        return READING.run(lambda: self._members(slugs), frozenset(), about=self.label)

    def _members(self, slugs: Collection[str] | None) -> frozenset[str]:
        assumed = self._assumed.segments
        if assumed is None:
            return frozenset() if self.is_stopped else self.known.segments_among(slugs, self.context)
        return assumed if slugs is None else assumed.intersection(slugs)

    # -- slots

    def decide(self, slot: str) -> Decision:
        """What a slot shows this visitor; the same answer all through the request."""
        self._note_asked()
        key = (slot, self._assumed.segments)
        if key not in self._decisions:
            self._decisions[key] = DECIDING.run(
                lambda: self._decide(slot), default_for(slot, Reason.ERROR), about=self.label
            )
        return self._decisions[key]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots for which anything is live, whoever may see it; by name."""
        self._note_asked()
        return READING.run(lambda: tuple(sorted(self._slots)), (), about=self.label)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided so far in this request."""
        assumed = self._assumed.segments
        return tuple(decision for (_, basis), decision in self._decisions.items() if basis == assumed)

    def choices(self, slot: str) -> tuple[Choice, ...]:
        """The experiences that are tried for a slot, in order."""
        found = self.shown.choices.get(slot, ())
        forced = self._assumed.forced(slot)
        return found if forced is None else with_choice(found, forced)

    def _decide(self, slot: str) -> Decision:
        forced = self._assumed.forced(slot)
        found = self.decide_as_usual(slot)
        return found if forced is None else Decision(slot, forced, Reason.PREVIEW, found.rejected)

    def decide_as_usual(self, slot: str) -> Decision:
        """What a slot would show if no experience were forced into it by a preview."""
        refusal = self._refusal
        if refusal is not None:
            return default_for(slot, refusal)
        choices = self.choices(slot)
        asked = segments_asked(choices)
        segments = self._members(asked) if asked else frozenset[str]()
        found = choose(
            slot,
            choices,
            segments,
            now=to_ms(self.now),
            stock_of=self._stock.has_any,
            offer_is_on=lambda slug: self.open_offer(slug) is not None,
        )
        if slot == CART_REMINDER and found.choice is not None and self._cart is None:
            return without_choice(found, Reason.EMPTY_CART)
        return found

    @property
    def _refusal(self) -> Reason | None:
        """Why this visitor is shown nothing but defaults, if so."""
        if self._assumed.segments is None:
            if self.is_machine:
                return Reason.BOT
            if not self.may_be_personal:
                return Reason.NO_CONSENT
            if self.is_stopped:
                return Reason.STOPPED
        return Reason.ERROR if self.shown.is_unread else None

    # -- offers

    @property
    def offers(self) -> tuple[PublishedOffer, ...]:
        """The offers that are on and meant for this visitor; whether they have ordered is not asked."""
        self._note_asked()
        return DECIDING.run(self._offers, (), about=self.label)

    def _offers(self) -> tuple[PublishedOffer, ...]:
        if self._refusal is not None:
            return ()
        offers = self.shown.offers
        asked = published.segments_asked(offers)
        segments = self._members(asked) if asked else frozenset[str]()
        return published.for_visitor(offers, segments, now=to_ms(self.now))

    def live_offer(self, slug: str) -> PublishedOffer | None:
        """A live offer, whether it is for this visitor or not."""
        return next((offer for offer in self.shown.offers if offer.slug == slug), None)

    def open_offer(self, slug: str) -> PublishedOffer | None:
        """An offer that this visitor would get, by itself or with its code; None if they would not."""
        offer = self.live_offer(slug)
        if offer is None or not offer.is_open_to(self._members(offer.segments), to_ms(self.now)):
            return None
        return None if offer.is_first_order and self._is_buyer else offer

    @property
    def has_ordered(self) -> bool:
        """Whether an order of theirs stands, as far as we know: one query, for a stranger none.

        If that cannot be found out they count as somebody who has, and no first order is spoken of.
        """
        self._note_asked()
        return self._is_buyer

    @cached_property
    def _is_buyer(self) -> bool:
        return DECIDING.run(lambda: undisturbed(self._has_ordered), True, about=self.label)

    def _has_ordered(self) -> bool:
        if self.preview is not None:
            return False
        customer_key = loaded_customer_key(self._request)
        return seems_to_have_ordered(customer_key=customer_key, profile_id=self.profile_id)

    # -- what the shop says of it at this moment

    @property
    def cart(self) -> CartInfo | None:
        """What lies in the visitor's cart and can be bought; None if that is nothing."""
        self._note_asked()
        return self._cart

    @cached_property
    def _cart(self) -> CartInfo | None:
        own = read_cart(self._request)
        return sample_cart() if own is None and self._assumed.forced(CART_REMINDER) is not None else own

    def _promoted(self) -> frozenset[str]:
        """The products of everything that some slot may show this visitor."""
        if self._refusal is not None:
            return frozenset()
        choices = [choice for slot in self._slots for choice in self.choices(slot) if choice.product_keys]
        asked = segments_asked(choices)
        segments = self._members(asked) if asked else frozenset[str]()
        return promoted_products(choices, segments, now=to_ms(self.now))

    @property
    def _slots(self) -> frozenset[str]:
        """Every slot that something is live for, or forced into."""
        forced = None if self.preview is None else self.preview.forced
        return frozenset(self.shown.choices) | ({forced.slot} if forced is not None else set())

    # -- as somebody else

    @property
    def preview(self) -> Preview | None:
        """What a member of staff previews with this request; None for everybody else."""
        return self._assumed.preview

    @property
    def shown(self) -> Known:
        """What pages are made from: what is known of the visitor, or of nobody if segments are assumed."""
        return self.known if self._assumed.segments is None else self.published

    @property
    def published(self) -> Known:
        """What is in force, whoever looks."""
        return self._assumed.published

    def _read_published(self) -> Known:
        return READING.run(lambda: read_known("", at_least=0, now=self.now), Known.nothing())
