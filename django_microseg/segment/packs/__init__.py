"""Packs of ready-made segments by trade, beside the presets that every shop can use."""

from __future__ import annotations

from .beauty import BEAUTY
from .business import BUSINESS
from .electronics import ELECTRONICS
from .fashion import FASHION
from .grocery import GROCERY
from .pack import Pack

__all__ = ["PACKS", "Pack"]

PACKS: tuple[Pack, ...] = (FASHION, GROCERY, ELECTRONICS, BEAUTY, BUSINESS)
