"""``POST events/``: what a visitor did in a headless storefront, in batches.

The public events of the catalogue alone, of the visitor who sends them alone. What becomes of each
is said one by one. Without consent nothing is stored, and that is said too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.collect.bots import is_prefetch
from django_microseg.collect.ingest import ingest
from django_microseg.http.problem import KINDS, Problem

from . import operations
from .asked import EventsRequest
from .body import BeaconBody, JsonBody
from .item import PAGE_VIEW, incoming_from, landing_of, name_of
from .outcome import Outcome, outcome_of, refuse_all
from .page import page_from
from .view import ApiView

__all__ = ["SOURCE", "EventsView"]

SOURCE = "browser"


class EventsView(ApiView):
    """Stored before the answer, so the next one knows of it."""

    parser_classes = (JsonBody, BeaconBody)
    most_bytes = 1024 * 1024

    @operations.EVENTS
    def post(self, request: Request) -> Response:
        asked = EventsRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        items = asked.validated_data["events"]
        refusal = self._refusal(request)
        if refusal:
            title = KINDS[refusal].title
            raise Problem(
                refusal, "None of the events was kept.", members=refuse_all(len(items), refusal, title).members
            )
        self.visitor.look_at(page_from(asked.validated_data.get("page") or landing_of(items), request._request))
        outcome = self._store(items)
        if not outcome.has_any:
            raise Problem("nothing_stored", "Each result says why.", members=outcome.members)
        return Response(outcome.members)

    def _refusal(self, request: Request) -> str:
        """Why nothing at all of this visitor may be kept; empty if it may."""
        if self.visitor.preview is not None:
            return "preview"
        if self.visitor.is_machine or is_prefetch(request.headers):
            return "machine"
        return "" if self.visitor.key else "no_consent"

    def _store(self, items: Sequence[Any]) -> Outcome:
        visitor = self.visitor
        events = [incoming_from(item, visitor) for item in items]
        report = ingest(events, source=SOURCE, received_at=timezone.now(), is_public=True)
        outcome = outcome_of(report, [index for index, item in enumerate(items) if name_of(item) == PAGE_VIEW])
        if outcome.has_any:
            visitor.is_active, visitor.views_told = True, outcome.views
            visitor.reload()
        return outcome
