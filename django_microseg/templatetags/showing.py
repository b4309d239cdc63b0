"""Shows an experience on a page. Whatever fails is noted for staff, and the page goes on without it."""

from __future__ import annotations

from typing import Any

from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from django_microseg.decide.cart import cart_url
from django_microseg.decide.guard import Guard
from django_microseg.decide.offers.showing import shown_offer
from django_microseg.decide.slots import CART_REMINDER, OWN_TEMPLATES, Choice
from django_microseg.decide.visitor import Visitor

__all__ = ["show"]

_SHOWING = Guard("show an experience", breaker=None)


def show(choice: Choice, visitor: Visitor, context: Context) -> SafeString | None:
    """The content of an experience; None if it cannot be shown."""

    def attempt() -> SafeString:
        try:
            return _render(choice, context, {**_offer_of(choice, visitor), **_cart_of(choice, visitor)})
        except Exception as error:
            visitor.failures[choice.slug] = f"{type(error).__name__}: {error}"
            raise

    return _SHOWING.run(attempt, None, about=f"experience {choice.slug}")


def _offer_of(choice: Choice, visitor: Visitor) -> dict[str, object]:
    """The offer that the content speaks of, as ``offer``."""
    offer = visitor.live_offer(choice.offer) if choice.offer else None
    return {} if offer is None else {"offer": shown_offer(offer)}


def _cart_of(choice: Choice, visitor: Visitor) -> dict[str, object]:
    """What a reminder speaks of, as ``cart`` and ``cart_url``."""
    return {"cart": visitor.cart, "cart_url": cart_url()} if choice.slot == CART_REMINDER else {}


def _render(choice: Choice, context: Context, variables: dict[str, object]) -> SafeString:
    if choice.content_html:
        # Written by staff who may edit experiences, and meant as HTML; see Experience.content_html.
        return SafeString(choice.content_html)
    found: Any = get_template(choice.template_name or OWN_TEMPLATES[choice.slot])
    with context.push(**variables):
        shown: SafeString = found.template.render(context)
        return shown
