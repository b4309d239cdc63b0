"""Door: ``{% load microseg %}`` for the shop's templates.

``{% slot "home-hero" %}default{% endslot %}`` shows what fits the visitor, or its body.
``{% segment "vip" "returning" match="all" %}…{% else %}…{% endsegment %}`` asks for membership.
``{% order_for_visitor categories as categories %}`` puts first what fits the visitor.
``{% cart_reminder %}`` reminds those whom it concerns of what lies in their cart.
``{% first_order_offer %}`` shows what somebody who has not ordered yet gets off.
``{% microseg_question %}`` asks one thing that nobody knows of the visitor yet.
``{% microseg_beacon %}`` watches, with consent, how long and how far a page is looked at, and what is clicked;
``<article {% microseg_product product.sku %}>`` tells it which product an element shows.
``{% microseg_toolbar %}``, last in the body, tells staff what the page decided and why.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from django_microseg.decide.backstage import backstage_of
from django_microseg.decide.guard import Guard
from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.slots import CONTENT
from django_microseg.decide.visitor import Visitor

from .beacon_tag import microseg_beacon, microseg_product
from .cart_tag import cart_reminder
from .offer_tag import first_order_offer
from .order_tag import order_for_visitor
from .question_tag import microseg_question
from .showing import show

__all__ = ["register"]

register = template.Library()
register.tag("order_for_visitor", order_for_visitor)
register.tag("cart_reminder", cart_reminder)
register.tag("first_order_offer", first_order_offer)
register.tag("microseg_question", microseg_question)
register.simple_tag(microseg_beacon, takes_context=True)
register.simple_tag(microseg_product)

_STAFF_BAR = Guard("show the staff bar", breaker=None)
_MATCHES = ("any", "all")


class SlotNode(Node):
    """A place in the shop whose content may depend on who looks."""

    child_nodelists = ("default",)

    def __init__(self, name: FilterExpression, default: NodeList) -> None:
        self.name = name
        self.default = default

    def render(self, context: Context) -> SafeString:
        name, visitor = self.name.resolve(context), _visitor_in(context)
        if visitor is not None and isinstance(name, str):
            choice = visitor.decide(name).choice
            shown = show(choice, visitor, context) if choice is not None and choice.kind == CONTENT else None
            if shown is not None:
                return shown
        return self.default.render(context)


class SegmentNode(Node):
    """Content for members of segments, and perhaps other content for everybody else."""

    child_nodelists = ("inside", "otherwise")

    def __init__(
        self,
        slugs: list[FilterExpression],
        match: FilterExpression | None,
        inside: NodeList,
        otherwise: NodeList,
    ) -> None:
        self.slugs = slugs
        self.match = match
        self.inside = inside
        self.otherwise = otherwise

    def render(self, context: Context) -> SafeString:
        return (self.inside if self._is_member(context) else self.otherwise).render(context)

    def _is_member(self, context: Context) -> bool:
        visitor = _visitor_in(context)
        if visitor is None:
            return False
        slugs = {str(slug.resolve(context)) for slug in self.slugs}
        match = "any" if self.match is None else self.match.resolve(context)
        found = visitor.segments_among(slugs)
        return found >= slugs if match == "all" else bool(found) and match == "any"


@register.tag("slot")
def slot(parser: Parser, token: Token) -> SlotNode:
    """``{% slot "name" %}default{% endslot %}``"""
    words = token.split_contents()
    if len(words) != 2:
        raise template.TemplateSyntaxError(f'{{% {words[0]} %}} takes the name of one slot: {{% slot "home-hero" %}}.')
    default = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(parser.compile_filter(words[1]), default)


@register.tag("segment")
def segment(parser: Parser, token: Token) -> SegmentNode:
    """``{% segment "a" "b" match="any" %}…{% else %}…{% endsegment %}``"""
    tag, *words = token.split_contents()
    slugs = [parser.compile_filter(word) for word in words if "=" not in word]
    options = token_kwargs([word for word in words if "=" in word], parser)
    match = options.pop("match", None)
    is_unknown = match is not None and not match.is_var and match.var not in _MATCHES
    if not slugs or options or is_unknown:
        raise template.TemplateSyntaxError(
            f'{{% {tag} %}} takes one or more segments and perhaps match="any" or '
            f'match="all": {{% segment "vip" "returning" match="all" %}}.'
        )
    inside = parser.parse(("else", "endsegment"))
    otherwise = NodeList()
    if parser.next_token().contents == "else":
        otherwise = parser.parse(("endsegment",))
        parser.delete_first_token()
    return SegmentNode(slugs, match, inside, otherwise)


@register.simple_tag(takes_context=True, name="microseg_toolbar")
def microseg_toolbar(context: Context) -> str:
    """``{% microseg_toolbar %}``: the staff bar; nothing for anybody else."""
    return _STAFF_BAR.run(lambda: _staff_bar(context), "")


def _staff_bar(context: Context) -> str:
    request: Any = context.get("request")
    visitor = _visitor_in(context)
    bar = None if visitor is None else backstage_of(request, visitor).bar()
    if bar is None:
        return ""
    shown = {"bar": bar, "csrf_token": get_token(request), "csp_nonce": context.get("csp_nonce")}
    return get_template("django_microseg/toolbar.html").render(shown)


def _visitor_in(context: Context) -> Visitor | None:
    return visitor_of(context.get("request"))
