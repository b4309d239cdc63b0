"""How much one member of staff may ask in a minute; counted where the other limits of the API are."""

from __future__ import annotations

from time import time
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from django_microseg import conf
from django_microseg.collect.moment import request_network
from django_microseg.http.limit import Allowance, seconds_to_wait

__all__ = ["NetworkThrottle", "StaffThrottle"]


class StaffThrottle(BaseThrottle):
    """By the account that asks."""

    _wait: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        self._wait = seconds_to_wait([self.allowance(request)], now=time())
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait

    def allowance(self, request: Request) -> Allowance:
        return Allowance("api-staff", str(request.user.pk), conf.get("API_STAFF_LIMIT"))


class NetworkThrottle(StaffThrottle):
    """By where the request comes from; asked before anybody's password is looked at."""

    def allowance(self, request: Request) -> Allowance:
        return Allowance("api-network", request_network(request._request), conf.get("API_NETWORK_LIMIT"))
