"""Where a posted form leads back to: an address within the shop, never anybody else's."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

__all__ = ["way_back"]


def way_back(request: HttpRequest) -> str:
    """The posted ``next``, if it is ours; the shop's root otherwise."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else "/"
