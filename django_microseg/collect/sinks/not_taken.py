"""Said to a door whose events could be neither stored nor made to wait."""

from __future__ import annotations

__all__ = ["NotTaken"]


class NotTaken(Exception):
    """The door answers 503 with ``Retry-After``; whoever sends the same again loses and doubles nothing."""

    retry_after_seconds = 10

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} events could not be taken, because the database did not store them and no line of "
            "waiting events took them. Send them again later."
        )
        self.count = count
