"""Reads what visitors answered to django-cookie-consent: ``MICROSEG["CONSENT_READER"]`` names `read`.

Each purpose of ours is a cookie group there, with the purpose as its variable name: ``measurement``,
``personalisation``, ``advertising``. A group that does not exist is a purpose that nobody is asked for.
"""

from __future__ import annotations

from django.http import HttpRequest

from .consent import PURPOSES

__all__ = ["read"]


def read(request: HttpRequest) -> list[str] | None:
    """The purposes whose groups the visitor accepted; None if none of them was answered, in its present version."""
    from cookie_consent.util import get_cookie_value_from_request

    answers = {purpose: get_cookie_value_from_request(request, purpose) for purpose in PURPOSES}
    if all(answer is None for answer in answers.values()):
        return None
    return [purpose for purpose, answer in answers.items() if answer]
