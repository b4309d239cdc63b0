"""How to import."""

from __future__ import annotations

from dataclasses import dataclass, field

from .progress import Progress, Silent

__all__ = ["Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """``limit`` is a number of orders and refunds, or of customers; with it no mark is kept."""

    source: str
    is_dry_run: bool = False
    limit: int | None = None
    progress: Progress = field(default_factory=Silent)

    @property
    def is_marked(self) -> bool:
        """Whether the import shall be remembered, so that it can go on after it died."""
        return not self.is_dry_run and self.limit is None
