"""How much may come from the network of a request: what a browser cannot make up."""

from __future__ import annotations

from django.http import HttpRequest

from django_microseg import conf
from django_microseg.collect.moment import request_network
from django_microseg.http.limit import Allowance

__all__ = ["network_allowance"]


def network_allowance(request: HttpRequest) -> Allowance:
    """One allowance for all browsers of a network."""
    network = request_network(request)
    return Allowance("tracking-network", network, conf.get("TRACKING_NETWORK_LIMIT"))
