"""``{% microseg_question %}``; `microseg` registers it."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.template import TemplateSyntaxError
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.loader import get_template

from django_microseg.decide.guard import Guard
from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.questions.ask import AskedQuestion, next_question

__all__ = ["microseg_question"]

_TEMPLATE = "django_microseg/question.html"
_ASKING = Guard("ask a question", breaker=None)


class QuestionNode(Node):
    """A form with the one question that is open; nothing without consent, or when all is answered."""

    def render(self, context: Context) -> str:
        request = context.get("request")
        visitor = visitor_of(request)
        if visitor is None:
            return ""
        return _ASKING.run(lambda: _show(next_question(visitor), request, context), "", about=visitor.label)


def microseg_question(parser: Parser, token: Token) -> QuestionNode:
    """``{% microseg_question %}``"""
    tag, *words = token.split_contents()
    if words:
        raise TemplateSyntaxError(f"{{% {tag} %}} stands alone: what it asks is edited in the admin.")
    return QuestionNode()


def _show(question: AskedQuestion | None, request: Any, context: Context) -> str:
    if question is None:
        return ""
    found: Any = get_template(_TEMPLATE)
    with context.push(question=question, csrf_token=get_token(request), next=request.get_full_path()):
        shown: str = found.template.render(context)
    return shown
