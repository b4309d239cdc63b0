"""Door: views that only members of segments may see.

``@require_segment("vip")`` answers 404 to everybody else; ``otherwise`` says what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import Http404, HttpRequest

from .decide.require import Match, Otherwise, answer_otherwise, check_requirement, is_member

__all__ = ["require_segment"]

_View = TypeVar("_View", bound=Callable[..., Any])


def require_segment(*slugs: str, match: Match = "any", otherwise: Otherwise = Http404) -> Callable[[_View], _View]:
    """Let members of any (or ``match="all"``) of these segments in; views may be sync or async.

    ``otherwise`` is for whoever is not a member: an exception to raise (404 if you say nothing, for a
    page that is not for you need not exist), an address or the name of a view to go to, or another
    view, called with the same arguments.
    """
    check_requirement(slugs, match)

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if is_member(request, slugs, match):
                return view(request, *args, **kwargs)
            return answer_otherwise(otherwise, request, *args, **kwargs)

        @wraps(view)
        async def guarded_async(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if await sync_to_async(is_member)(request, slugs, match):
                return await view(request, *args, **kwargs)
            answer = answer_otherwise(otherwise, request, *args, **kwargs)
            return await answer if iscoroutinefunction(otherwise) else answer

        return cast("_View", guarded_async if iscoroutinefunction(view) else guarded)

    return decorate
