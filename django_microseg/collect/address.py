"""Addresses as somebody sent them, some of which cannot be read. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit

__all__ = ["split_address"]

_NOTHING = SplitResult("", "", "", "", "")


def split_address(address: Any) -> SplitResult:
    """The parts of an address, absolute or not; of one that cannot be read, none."""
    if not isinstance(address, str):
        return _NOTHING
    try:
        return urlsplit(address)
    except ValueError:
        return _NOTHING
