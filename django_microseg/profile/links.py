"""What leads to a person besides their key: e-mail addresses, loyalty numbers, devices. Pure.

A link is *proven* where the shop knows that whoever it leads to is this very person: the address was confirmed, the
card was shown. Only a proven link may join two profiles; any other is kept to look somebody up. An address is kept as
SHA-256 of its small letters, as advertising networks hash it too, and in no other form.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ..collect.ids import clean_id, is_placeholder
from ..collect.reasons import Rejected

__all__ = [
    "DEVICE",
    "EMAIL",
    "LOYALTY",
    "Link",
    "NoLink",
    "device_link",
    "email_hash",
    "email_link",
    "is_email_hash",
    "loyalty_link",
]

EMAIL, LOYALTY, DEVICE = "email", "loyalty", "device"

_HASH = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")
_LONGEST = 100


class NoLink(ValueError):
    """What was given leads to nobody; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Link:
    """``value`` is what is kept of it."""

    kind: str
    value: str
    is_proven: bool = False


def email_link(given: str, *, is_proven: bool = False) -> Link:
    """From an address, or from the hash of one. Raises `NoLink`."""
    return Link(EMAIL, given.lower() if is_email_hash(given.lower()) else email_hash(given), is_proven)


def is_email_hash(text: str) -> bool:
    """Whether a text is SHA-256 in small hexadecimal digits, and so no address."""
    return _HASH.fullmatch(text) is not None


def email_hash(address: str) -> str:
    """What is kept of an address. Raises `NoLink`."""
    folded = address.strip().lower()
    name = folded.partition("@")[0]
    if not _ADDRESS.fullmatch(folded) or is_placeholder(name):
        raise NoLink("That is no e-mail address of a person.")
    return hashlib.sha256(folded.encode()).hexdigest()


def loyalty_link(number: object, *, is_proven: bool = True) -> Link:
    """From the number on a card. Raises `NoLink`."""
    return Link(LOYALTY, _id(number, "the loyalty number"), is_proven)


def device_link(device: object) -> Link:
    """From the id of an installation of an app. Devices are shared, so it is never proven. Raises `NoLink`."""
    return Link(DEVICE, _id(device, "the device"))


def _id(value: object, what: str) -> str:
    try:
        found = clean_id(value, what, _LONGEST)
    except Rejected as error:
        raise NoLink(error.detail) from None
    if not found:
        raise NoLink(f"{what} is empty, or one that stands for nobody.")
    return found
