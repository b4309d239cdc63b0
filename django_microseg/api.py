"""Door: what the shop's own code calls. None of it ever raises.

``track`` notes what a visitor did and ``identify`` who they are, ``segments_for`` says which segments they are
in, ``decide`` what a slot shows them, ``order_for`` in which order they see things of the shop, ``discounts_for`` what
they get off.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest

from .collect.customer import loaded_customer_key
from .decide import ordering
from .decide.guard import Guard
from .decide.hand_over import note_event
from .decide.introduce import introduce
from .decide.of_request import visitor_of
from .decide.offers import checkout
from .decide.offers.discounts import Discount, Discounts
from .decide.offers.quote import nothing
from .decide.offers.refusal import Refusal
from .decide.slots import CATEGORY_ORDER, Decision, Reason, default_for
from .decide.visitor import Visitor
from .installed import is_installed
from .profile.fact_catalogue import FactValue
from .profile.links import Link, email_link, loyalty_link
from .shop.values import Money

__all__ = [
    "Discount",
    "Discounts",
    "Money",
    "Refusal",
    "claim_discounts",
    "decide",
    "discounts_for",
    "identify",
    "order_for",
    "release_discounts",
    "segments_for",
    "track",
]

_TRACKING = Guard("note an event", breaker=None)
_IDENTIFYING = Guard("note who a visitor is", breaker=None)


class MiddlewareMissing(RuntimeError):
    """A request came by without `MicrosegMiddleware`, so nobody knows whose it is."""

    def __init__(self) -> None:
        super().__init__(
            "This request has no visitor, because MicrosegMiddleware has not seen it. Put "
            "'django_microseg.middleware.MicrosegMiddleware' first in MIDDLEWARE."
        )


def track(request: HttpRequest, name: str, /, **properties: Any) -> None:
    """Note that the visitor did something: ``track(request, "product_added", product_id="7")``.

    Stored after the response, or just before it if the event is one that shoppers must feel at
    once. Without the visitor's consent nothing is noted, but for orders of a known customer.
    Inside a transaction it counts only if that transaction commits.
    """
    _TRACKING.run(lambda: _track(request, name, properties), None, about=str(name)[:64])


def identify(
    request: HttpRequest,
    *,
    email: str = "",
    is_verified: bool = False,
    loyalty_number: str = "",
    facts: Mapping[str, FactValue | None] | None = None,
) -> bool:
    """Say who the visitor is: an e-mail address, a loyalty number, and facts that they told.

    ``is_verified`` is for an address that they have shown to be theirs, as by a link in a mail; then the visitor
    becomes whoever it leads to. A loyalty number counts as shown. Facts are those of ``docs/conditions.md``; None ends
    one. Returns whether it was kept: not without consent, unless a signed-in customer tells it, nor for what leads to
    nobody. Segments follow at once.
    """
    said = _Said(email, loyalty_number, is_verified=is_verified)
    return _IDENTIFYING.run(lambda: _identify(request, said, facts or {}), False)


def segments_for(request: HttpRequest) -> frozenset[str]:
    """The slugs of the segments that the visitor is in at this moment."""
    visitor = visitor_of(request)
    return frozenset() if visitor is None else visitor.segments_among(None)


def decide(request: HttpRequest, slot: str) -> Decision:
    """What a slot shows the visitor."""
    visitor = visitor_of(request)
    return default_for(slot, Reason.ERROR) if visitor is None else visitor.decide(slot)


def order_for(request: HttpRequest, things: Any, *, slot: str = CATEGORY_ORDER, key: str = "") -> Any:
    """Things of the shop in the order that fits the visitor: ``order_for(request, Category.objects.all())``.

    What an experience names comes first, the rest stays as it was, and nothing is lost. Whoever no order fits gets
    back what was given, a queryset unread. ``key`` is the path from a thing to its key, such as ``category.slug``.
    """
    return ordering.order_for(visitor_of(request), things, slot=slot, key=key)


def discounts_for(
    request: HttpRequest, *, email: str = "", code: str = "", subtotal: Money | Decimal | None = None
) -> Discounts:
    """What the visitor gets off their cart at this moment, and why a code that they gave takes off nothing.

    Reads the cart of your `ShopAdapter`, or takes what the goods cost as ``subtotal``. Nothing is used up.
    """
    if not is_installed():
        return nothing(code)
    return checkout.discounts_of(request, email=email, code=code, subtotal=subtotal)


def claim_discounts(
    request: HttpRequest,
    *,
    order_key: Any,
    email: str = "",
    code: str = "",
    subtotal: Money | Decimal | None = None,
) -> Discounts:
    """What an order gets off, used up by it: call it inside the transaction that writes the order.

    ``order_key`` is the order, or the key by which your events and your `ShopAdapter` name it. If another
    order of the same person was quicker, there is less than `discounts_for` had said: compare the totals.
    Give ``subtotal`` if the cart has been emptied by then.
    """
    if not is_installed():
        return nothing(code)
    return checkout.claim(request, order=order_key, email=email, code=code, subtotal=subtotal)


def release_discounts(order_key: Any) -> int:
    """Give back what an order had used; returns how many offers. A second call gives back nothing more.

    Cancellations and full refunds that come in as events do the same by themselves.
    """
    return checkout.release(order_key) if is_installed() else 0


class _Said(NamedTuple):
    email: str
    loyalty_number: str
    is_verified: bool

    def links(self) -> list[Link]:
        links = [email_link(self.email, is_proven=self.is_verified)] if self.email else []
        return [*links, loyalty_link(self.loyalty_number)] if self.loyalty_number else links


def _identify(request: HttpRequest, said: _Said, facts: Mapping[str, FactValue | None]) -> bool:
    visitor = _visitor_of(request)
    if visitor is None:
        return False
    return introduce(visitor, loaded_customer_key(request), links=said.links(), facts=facts)


def _track(request: HttpRequest, name: str, properties: dict[str, Any]) -> None:
    visitor = _visitor_of(request)
    if visitor is not None:
        note_event(visitor, name, properties, customer_key=loaded_customer_key(request))


def _visitor_of(request: HttpRequest) -> Visitor | None:
    """None in a shop that has taken us out. Raises `MiddlewareMissing`, for what is told would be lost unheard."""
    visitor = getattr(request, "visitor", None)
    if isinstance(visitor, Visitor):
        return visitor
    if is_installed():
        raise MiddlewareMissing
    return None
