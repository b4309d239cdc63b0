"""What is shown in a slot, as HTML or as an offer, for a storefront that is not made of our templates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.template import RequestContext

from django_microseg.decide.offers.showing import ShownOffer
from django_microseg.decide.slots import Choice
from django_microseg.decide.visitor import Visitor
from django_microseg.templatetags.showing import show

__all__ = ["html_of", "offer_fields"]


def html_of(choice: Choice, visitor: Visitor, request: HttpRequest) -> str | None:
    """The HTML of an experience; None if it cannot be made, so that the default is shown.

    A template gets the request, the context processors and what its tag would give it. Variables of
    a page's own view it does not get, for there is no such view.
    """
    return show(choice, visitor, RequestContext(request))


def offer_fields(offer: ShownOffer | None) -> dict[str, Any] | None:
    """An offer as the answer says it."""
    if offer is None:
        return None
    return {**asdict(offer), "ends_at": None if offer.ends_at is None else offer.ends_at.isoformat()}
