"""Every other address below the API's: a problem document, where Django would show a page."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import Http404

from .view import ApiView

__all__ = ["MissingView"]


class MissingView(ApiView):
    """Nothing, whatever the method."""

    schema = None

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise Http404
