"""``{% order_for_visitor %}``; `microseg` registers it."""

from __future__ import annotations

from typing import Any

from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.context import Context

from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.ordering import order_for
from django_microseg.decide.slots import CATEGORY_ORDER

__all__ = ["order_for_visitor"]


class OrderNode(Node):
    """Puts a list into a variable, in the order that fits the visitor."""

    def __init__(self, things: FilterExpression, options: dict[str, FilterExpression], name: str) -> None:
        self.things = things
        self.options = options
        self.name = name

    def render(self, context: Context) -> str:
        things = self.things.resolve(context, ignore_failures=True)
        visitor = visitor_of(context.get("request"))
        slot, key = self._option("slot", context) or CATEGORY_ORDER, self._option("key", context)
        context[self.name] = order_for(visitor, things, slot=slot, key=key)
        return ""

    def _option(self, name: str, context: Context) -> str:
        given: Any = self.options[name].resolve(context) if name in self.options else ""
        return str(given or "")


def order_for_visitor(parser: Parser, token: Token) -> OrderNode:
    """``{% order_for_visitor categories as categories %}``"""
    tag, *words = token.split_contents()
    if len(words) >= 3 and words[-2] == "as":
        options = token_kwargs(words[1:-2], parser)
        if len(options) == len(words) - 3 and options.keys() <= {"slot", "key"}:
            return OrderNode(parser.compile_filter(words[0]), options, words[-1])
    raise TemplateSyntaxError(
        f"{{% {tag} %}} takes a list and the name of a variable, and perhaps a slot and the path to a key: "
        f'{{% {tag} tiles slot="category-order" key="category.slug" as tiles %}}.'
    )
