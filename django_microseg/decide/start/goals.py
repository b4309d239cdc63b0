"""What a shop wants to begin with, and what fits each: segments, words for the slot, and what to look at. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..slots import CART_REMINDER

__all__ = ["GOALS", "LOOK_AFTER_DAYS", "Goal"]

#: Shoppers come back within days, not hours: after two weeks there is something to see.
LOOK_AFTER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Goal:
    """``presets`` are ready-made segments, the best first; ``content`` is a text to begin with, in plain HTML."""

    title: Any
    summary: Any
    presets: tuple[str, ...]
    content: Any
    look_at: tuple[Any, ...]
    #: Where it belongs, if the shop's templates have such a place.
    slot: str = "home-hero"


GOALS: Mapping[str, Goal] = {
    "first-orders": Goal(
        _("Win first orders"),
        _("Help people who look around and have not bought yet."),
        ("browsers", "long-lookers", "new-visitor-from-social-campaign"),
        _("<p>New here? Delivery is free with your first order, and you may send anything back.</p>"),
        (
            _("How many of the segment's members have ordered since: Growth on its page shows who left it by buying."),
            _("Whether the segment is large enough: fewer than a hundred people say little."),
        ),
    ),
    "bring-back": Goal(
        _("Bring back who stopped coming"),
        _("Remind people who used to buy, before they have forgotten you."),
        ("lapsing-buyers", "lost", "one-visit-one-order"),
        _("<p>Good to see you again. Here is what is new since your last order.</p>"),
        (
            _("How many left the segment: whoever orders again is no longer lapsing."),
            _("Whether they came back to the shop at all: only then can they have seen it."),
        ),
    ),
    "left-carts": Goal(
        _("Save left carts"),
        _("Help people who put something into the cart and went away."),
        ("abandoned-cart", "long-lookers"),
        _("<p>Your cart is still here, just as you left it.</p>"),
        (
            _("How many left “Abandoned carts”, and how soon: an order takes them out of it."),
            _("Whether the cart's page loads and the delivery costs are said early: often that is the reason."),
        ),
        slot=CART_REMINDER,
    ),
    "more-per-order": Goal(
        _("Sell more per order"),
        _("Show people who buy anyway what goes with it."),
        ("frequent-buyers", "returning-customer", "coupon-only-buyers"),
        _("<p>Goes well with what you bought last: have a look at our bundles.</p>"),
        (
            _("What an order of its members is worth against everybody's: the preview beside its rule says it."),
            _("Whether discounts eat what was won."),
        ),
    ),
    "thank-best": Goal(
        _("Thank the best"),
        _("Give those who buy often something that is not a discount."),
        ("vip", "regular-buyers", "big-spenders"),
        _("<p>Thank you for coming back so often. You see new things first.</p>"),
        (
            _("Whether the segment keeps its size: thanks should keep people, not win new ones."),
            _("How often its members come by now, on the pages of some of them."),
        ),
    ),
}
