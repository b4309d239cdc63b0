"""What a shop's own tests may use: stories told through the real ingest."""

from __future__ import annotations

from .story import Amount, Line, Moment, Shopper, Story, StoryError, days, hours, minutes

__all__ = ["Amount", "Line", "Moment", "Shopper", "Story", "StoryError", "days", "hours", "minutes"]
