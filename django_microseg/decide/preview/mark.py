"""A mark in the browsers of those who may preview the shop, so that nobody else is ever asked who they are.

The staff bar must know who is logged in, and asking costs a look into the session. The admin, or a
login, leaves the mark; only where it comes along does the bar ask. It is not signed, for it grants
nothing: whoever makes one up is asked who they are, and shown nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from django_microseg import conf
from django_microseg.collect.customer import loaded_user

from .holder import may_preview

__all__ = ["is_marked", "mark_name", "renew_mark"]


def mark_name() -> str:
    return f"{conf.get('COOKIE_NAME')}_staff"


def is_marked(request: HttpRequest) -> bool:
    return mark_name() in request.COOKIES


def renew_mark(request: HttpRequest, response: HttpResponseBase, *, has_logged_in: bool) -> None:
    """Leave the mark where somebody who may preview is at work, and take it from whoever no longer may."""
    user = loaded_user(request)
    if user is None:
        return
    if is_marked(request):
        if not may_preview(user):
            response.delete_cookie(mark_name(), samesite="Lax")
            patch_cache_control(response, private=True)
    elif (has_logged_in or _is_admin(request)) and may_preview(user):
        response.set_cookie(
            mark_name(),
            "1",
            max_age=settings.SESSION_COOKIE_AGE,
            secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        patch_cache_control(response, private=True)


def _is_admin(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "admin" in match.app_names
