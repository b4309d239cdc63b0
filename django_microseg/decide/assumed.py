"""Which segments to answer with in place of the visitor's own: those of a preview, or of a shop's test.

Asked anew each time, for a login or a logout ends a preview at once. The user, and so the session,
is looked at only where a good ticket has come along.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from django.http import HttpRequest

from .guard import Guard
from .known import Known
from .pretend import pretended
from .preview.holder import is_held_by
from .preview.ticket import Ticket, cookie_name
from .preview.values import Preview
from .slots import Choice

__all__ = ["PREVIEWING", "Assumed"]

PREVIEWING = Guard("see whether staff previews the shop", breaker=None)


class Assumed:
    """What one request assumes. ``read_published`` reads what is in force for nobody in particular."""

    def __init__(self, request: HttpRequest, read_published: Callable[[], Known]) -> None:
        self._request = request
        self._read_published = read_published

    @property
    def preview(self) -> Preview | None:
        """What a member of staff previews; None for everybody else."""
        own = getattr(self._request, "microseg_preview", None)
        if isinstance(own, Preview):
            return own
        return PREVIEWING.run(self._of_staff, None)

    @property
    def segments(self) -> frozenset[str] | None:
        """The segments to answer with; None: the visitor's own."""
        wanted = pretended.get()
        if wanted is not None:
            return wanted
        preview = self.preview
        return None if preview is None else preview.segments

    def forced(self, slot: str) -> Choice | None:
        """The experience that a preview forces into a slot."""
        preview = self.preview
        forced = None if preview is None else preview.forced
        return forced if forced is not None and forced.slot == slot else None

    @cached_property
    def published(self) -> Known:
        """What is in force, read once, as of somebody of whom nothing is known."""
        return self._read_published()

    def _of_staff(self) -> Preview | None:
        ticket = self._ticket
        return self._of_ticket if ticket is not None and is_held_by(ticket, self._request) else None

    @cached_property
    def _ticket(self) -> Ticket | None:
        return Ticket.parse(self._request.COOKIES.get(cookie_name()))

    @cached_property
    def _of_ticket(self) -> Preview:
        ticket = self._ticket
        return Preview(frozenset() if ticket is None else self.published.slugs_of(ticket.segment_ids))
