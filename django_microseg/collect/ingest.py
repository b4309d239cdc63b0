"""Takes events in: judges each, stores the new ones, and tells later rooms.

In come events as a door hands them over, out goes a report in which everything received is
stored, quarantined or a duplicate. One transaction for each batch of at most 1,000; no payload
makes it raise. Statements of a batch: keys, people, events; one more where orders or refunds are
among them (two if one is voided), one for foreign currencies, one for what is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone

from .. import conf
from .counts import COUNTS
from .events import catalogue, readers
from .fields import to_ms
from .incoming import IncomingEvent
from .intake import judge_all, take_in
from .quarantine import Refusal
from .report import IngestReport
from .sources import check_source
from .validate import Terms

__all__ = ["BATCH_SIZE", "IncomingEvent", "IngestReport", "ingest", "rehearse", "terms_for"]

BATCH_SIZE = 1000


def ingest(
    events: Iterable[IncomingEvent],
    *,
    source: str,
    received_at: dt.datetime,
    basis: str = "consent",
    is_public: bool = False,
) -> IngestReport:
    """Store events that arrived at a moment from a source.

    ``is_public`` says that a browser sent them: then only public events pass, and the source must
    be ``browser`` or ``browser:…``. Raises `WrongSource` for a door that mixes these up, and what
    the database raises.
    """
    terms = terms_for(source, received_at, basis=basis, is_public=is_public)
    report = IngestReport()
    rest = iter(events)
    while items := list(islice(rest, BATCH_SIZE)):
        report += take_in(items, terms, received_at, report.received)
    COUNTS.write_if_due()
    return report


def rehearse(
    events: Iterable[IncomingEvent], *, source: str, received_at: dt.datetime, is_public: bool = False
) -> IngestReport:
    """Judge events as `ingest` would, and store nothing: ``stored`` says how many are good.

    Whether they were here before, and whether somebody was erased, is not asked.
    """
    terms = terms_for(source, received_at, basis="consent", is_public=is_public)
    verdicts = judge_all(list(events), terms, 0)
    refusals = tuple(verdict for verdict in verdicts if isinstance(verdict, Refusal))
    return IngestReport(
        received=len(verdicts), stored=len(verdicts) - len(refusals), quarantined=len(refusals), refusals=refusals
    )


def terms_for(source: str, received_at: dt.datetime, *, basis: str, is_public: bool) -> Terms:
    """What the shop's settings and the door say of a batch. Raises `WrongSource`."""
    check_source(source, is_public=is_public)
    return Terms(
        catalogue=catalogue(),
        source=source,
        basis=basis,
        is_public=is_public,
        received_at=to_ms(received_at),
        shop_zone=_shop_zone(),
        currency=conf.get("CURRENCY"),
        readers=readers(),
    )


def _shop_zone() -> dt.tzinfo:
    name = conf.get("TIME_ZONE")
    return ZoneInfo(name) if name else timezone.get_default_timezone()
