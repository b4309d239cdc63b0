"""Views for members of segments: whether a request may pass, and what becomes of one that may not.

Comes in: a request, slugs, and what to do otherwise; out goes a yes or no, or a response. A request
of which nothing is known is a member of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url

from .of_request import visitor_of

__all__ = ["Match", "Otherwise", "answer_otherwise", "check_requirement", "is_member"]

Match = Literal["any", "all"]
#: An address, a view's name or a model to go to; an exception to raise; or another view.
Otherwise = str | type[Exception] | Exception | Callable[..., Any]


def check_requirement(slugs: Collection[object], match: str) -> None:
    """Raise for what could never be meant, when the view is made and not when somebody asks for it."""
    if not slugs or not all(isinstance(slug, str) and slug for slug in slugs):
        raise TypeError(
            f"A view for members of segments needs the slug of one segment or more, not {list(slugs)!r}: "
            '@require_segment("vip"). With a decorator, do not forget the parentheses.'
        )
    if match not in ("any", "all"):
        raise ValueError(f'match is {match!r}: write match="any" (the default) or match="all".')


def is_member(request: HttpRequest, slugs: Collection[str], match: str) -> bool:
    """Whether the visitor is in any, or in all, of these segments."""
    visitor = visitor_of(request)
    found = frozenset[str]() if visitor is None else visitor.segments_among(slugs)
    return found >= set(slugs) if match == "all" else bool(found)


def answer_otherwise(otherwise: Otherwise, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
    """What somebody gets who is not a member; of an async view, what is to be awaited."""
    if isinstance(otherwise, str):
        return HttpResponseRedirect(resolve_url(otherwise))
    if isinstance(otherwise, type) and issubclass(otherwise, Http404):
        raise otherwise("This page is for members of a segment that this visitor is not in.")
    if isinstance(otherwise, Exception) or (isinstance(otherwise, type) and issubclass(otherwise, Exception)):
        raise otherwise
    view: Callable[..., Any] = otherwise
    return view(request, *args, **kwargs)
