"""The network that a request comes from: a /24 of IPv4 or a /64 of IPv6, never a single address.

Pure. ``X-Forwarded-For`` can be written by anybody; only as many of its last entries count as there
are proxies of the shop's own in front, for each of those adds the address that it has seen.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

__all__ = ["network_of"]

_IPV4_BITS, _IPV6_BITS = 24, 64
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>\d+\.\d+\.\d+\.\d+):\d+", re.ASCII)


def network_of(peer: str, forwarded_for: str, *, trusted_proxies: int) -> str:
    """The network as text; empty if it cannot be told, as behind a socket file.

    ``peer`` is who is connected with us. With fewer entries than proxies the request has not come
    through all of them, so only the connection itself is believed.
    """
    passed = [entry.strip() for entry in forwarded_for.split(",")] if forwarded_for else []
    is_forwarded = 0 < trusted_proxies <= len(passed)
    return _network(passed[-trusted_proxies] if is_forwarded else peer)


def _network(text: str) -> str:
    match = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((match["six"] or match["four"]) if match else text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Network((int(address), _IPV6_BITS), strict=False))
    four = address.ipv4_mapped if isinstance(address, IPv6Address) else address
    return str(IPv4Network((str(four), _IPV4_BITS), strict=False))
