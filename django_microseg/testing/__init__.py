"""What a shop's own tests may use: stories told through the real ingest, segments by decree, and shops.

A shop in memory stands in for the real one; the contract holds an adapter of a shop to its promises.
"""

from __future__ import annotations

from ..shop.current import use_shop
from .browser import Browser
from .contract import AdapterContract, ContractBroken
from .memory_shop import MemoryShop
from .override import SegmentsOverride, override_segments
from .story import Amount, Line, Moment, Shopper, Story, StoryError, days, hours, minutes

__all__ = [
    "AdapterContract",
    "Amount",
    "Browser",
    "ContractBroken",
    "Line",
    "MemoryShop",
    "Moment",
    "SegmentsOverride",
    "Shopper",
    "Story",
    "StoryError",
    "days",
    "hours",
    "minutes",
    "override_segments",
    "use_shop",
]
