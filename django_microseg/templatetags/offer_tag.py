"""``{% first_order_offer %}``; `microseg` registers it."""

from __future__ import annotations

from typing import Any

from django.template import TemplateSyntaxError
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.loader import get_template

from django_microseg.decide.guard import Guard
from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.offers.showing import ShownOffer, find_first_order_offer

__all__ = ["first_order_offer"]

_TEMPLATE = "django_microseg/first_order_offer.html"
_SHOWING = Guard("show an offer", breaker=None)


class FirstOrderOfferNode(Node):
    """The best offer for a first order that this visitor may be shown; nothing if there is none."""

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def render(self, context: Context) -> str:
        visitor = visitor_of(context.get("request"))
        offer = None if visitor is None else _SHOWING.run(lambda: find_first_order_offer(visitor), None)
        if self.variable:
            context[self.variable] = offer
            return ""
        return "" if offer is None else _show(offer, context)


def first_order_offer(parser: Parser, token: Token) -> FirstOrderOfferNode:
    """``{% first_order_offer %}`` or ``{% first_order_offer as offer %}``"""
    tag, *words = token.split_contents()
    if words and (len(words) != 2 or words[0] != "as"):
        raise TemplateSyntaxError(f"{{% {tag} %}} stands alone or names a variable: {{% {tag} as offer %}}.")
    return FirstOrderOfferNode(words[1] if words else "")


def _show(offer: ShownOffer, context: Context) -> str:
    return _SHOWING.run(lambda: _render(offer, context), "", about=f"offer {offer.slug}")


def _render(offer: ShownOffer, context: Context) -> str:
    found: Any = get_template(_TEMPLATE)
    with context.push(offer=offer):
        shown: str = found.template.render(context)
    return shown
