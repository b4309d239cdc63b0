"""How much may come from the network of a request: what a browser cannot make up."""

from __future__ import annotations

from django.http import HttpRequest

from django_microseg import conf
from django_microseg.collect.network import network_of
from django_microseg.http.limit import Allowance

__all__ = ["network_allowance"]


def network_allowance(request: HttpRequest) -> Allowance:
    """One allowance for all browsers of a network."""
    network = network_of(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        trusted_proxies=conf.get("TRUSTED_PROXIES"),
    )
    return Allowance("tracking-network", network, conf.get("TRACKING_NETWORK_LIMIT"))
