"""``{% cart_reminder %}``; `microseg` registers it."""

from __future__ import annotations

from django.template import TemplateSyntaxError
from django.template.base import Node, Parser, Token
from django.template.context import Context

from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.slots import CART_REMINDER, CONTENT

from .showing import show

__all__ = ["cart_reminder"]


class CartReminderNode(Node):
    """A word about what lies in the cart, for whom an experience of this slot is; nothing for anybody else."""

    def render(self, context: Context) -> str:
        visitor = visitor_of(context.get("request"))
        choice = None if visitor is None else visitor.decide(CART_REMINDER).choice
        if visitor is None or choice is None or choice.kind != CONTENT or visitor.cart is None:
            return ""
        return show(choice, visitor, context) or ""


def cart_reminder(parser: Parser, token: Token) -> CartReminderNode:
    """``{% cart_reminder %}``"""
    tag, *words = token.split_contents()
    if words:
        raise TemplateSyntaxError(f"{{% {tag} %}} stands alone: what it shows is edited in the admin.")
    return CartReminderNode()
