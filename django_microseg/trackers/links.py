"""Which links to a person an ``identify`` of a trusted client names. Pure.

``traits.email``, proven only with ``traits.emailVerified: true``; ``traits.loyaltyNumber``, which a shop's own server
read off a card; ``context.device.id``, which is never proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django_microseg.profile.links import Link, NoLink, device_link, email_link, loyalty_link

__all__ = ["Said", "links_of"]

_VERIFIED = ("emailVerified", "email_verified")
_DEVICE = "device.id"
_LOYALTY = ("loyaltyNumber", "loyalty_number", "loyaltyId", "loyalty_id")


@dataclass(frozen=True, slots=True)
class Said:
    """``left_out`` names what leads to nobody; ``rest`` are the traits that say something else."""

    links: tuple[Link, ...]
    rest: Mapping[str, Any]
    left_out: tuple[str, ...] = ()


def links_of(traits: Mapping[str, Any], device: Any = None) -> Said:
    """The links, and what is left of the traits."""
    is_proven = any(traits.get(name) is True for name in _VERIFIED)
    given = [("email", traits.get("email")), *((name, traits.get(name)) for name in _LOYALTY), (_DEVICE, device)]
    links, left_out = [], []
    for name, value in given:
        try:
            if value:
                links.append(_link(name, value, is_proven=is_proven))
        except NoLink:
            left_out.append(name)
    used = {"email", *_VERIFIED, *_LOYALTY}
    return Said(tuple(links), {name: value for name, value in traits.items() if name not in used}, tuple(left_out))


def _link(name: str, value: Any, *, is_proven: bool) -> Link:
    if name == "email":
        return email_link(str(value), is_proven=is_proven)
    return device_link(value) if name == _DEVICE else loyalty_link(value)
