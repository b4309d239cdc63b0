"""The sink with a line: good events wait in a stream, everything else is settled at once.

Each event is judged when it comes, so whoever sent it hears what is wrong with it. What shoppers must feel on
their next page (``immediate`` in the catalogue) does not wait. What the stream does not take, because it does
not answer or is too long, is stored at once.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace

from ..incoming import IncomingEvent
from ..ingest import terms_for
from ..reasons import Rejected
from ..report import IngestReport
from ..validate import Terms, judge
from . import direct
from .entry import Unwritable, dump
from .producer import PRODUCER
from .tally import TALLY

__all__ = ["take"]

_log = logging.getLogger("django_microseg.sinks")


def take(
    items: Sequence[IncomingEvent], *, source: str, received_at: dt.datetime, basis: str, is_public: bool
) -> IngestReport:
    """Put the events in line. Raises `NotTaken` if neither the line nor the database takes them."""
    terms = terms_for(source, received_at, basis=basis, is_public=is_public)
    texts = {index: text for index, item in enumerate(items) if (text := _line_of(item, terms)) is not None}
    if not texts or not PRODUCER.put(list(texts.values())):
        texts = {}
    TALLY.waiting += len(texts)
    report = IngestReport(received=len(texts), waiting=len(texts))
    at_once = [index for index in range(len(items)) if index not in texts]
    if at_once:
        stored = direct.take(
            [items[index] for index in at_once],
            source=source,
            received_at=received_at,
            basis=basis,
            is_public=is_public,
        )
        found = tuple(replace(refusal, index=at_once[refusal.index]) for refusal in stored.refusals)
        report += replace(stored, refusals=found)
    return report


def _line_of(item: IncomingEvent, terms: Terms) -> str | None:
    """How a good event stands in the line; None for one that must be felt at once, or that `ingest` must look at."""
    try:
        name = judge(item, terms).draft.name
        event = terms.catalogue.event_type(name)
        return None if event is None or event.is_immediate else dump(item, terms)
    except (Rejected, Unwritable):
        return None
    except Exception:  # noqa: BLE001 - a fault of ours must not cost the neighbours in the batch
        _log.exception("An event from %s could not be judged; it is handed on at once.", terms.source)
        return None
