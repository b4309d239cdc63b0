"""What a shop's own tests may use: stories told through the real ingest, and segments by decree."""

from __future__ import annotations

from .override import SegmentsOverride, override_segments
from .story import Amount, Line, Moment, Shopper, Story, StoryError, days, hours, minutes

__all__ = [
    "Amount",
    "Line",
    "Moment",
    "SegmentsOverride",
    "Shopper",
    "Story",
    "StoryError",
    "days",
    "hours",
    "minutes",
    "override_segments",
]
