"""What ingest would say of some events, without writing anything: for dry runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from ... import conf
from ..events import catalogue, readers
from ..fields import to_ms
from ..incoming import IncomingEvent
from ..models import EventKey
from ..quarantine import Refusal, refuse
from ..reasons import Rejected
from ..report import IngestReport
from ..validate import Judged, Terms, judge

__all__ = ["rehearse"]


def rehearse(events: Sequence[IncomingEvent], *, source: str, received_at: dt.datetime, basis: str) -> IngestReport:
    """Judge the events, and look up which of them are stored already."""
    terms = _terms(source, received_at, basis)
    good: dict[UUID, Judged] = {}
    refusals: list[Refusal] = []
    for index, item in enumerate(events):
        try:
            judged = judge(item, terms)
        except Rejected as error:
            refusals.append(refuse(index, item, error))
        else:
            good.setdefault(judged.draft.message_hash, judged)
    known = _known(source, [*good, *(refusal.message_hash for refusal in refusals)])
    new = [judged for key, judged in good.items() if key not in known]
    refused = [refusal for refusal in refusals if refusal.message_hash not in known]
    return IngestReport(
        received=len(events),
        stored=len(new),
        quarantined=len(refused),
        duplicates=len(events) - len(new) - len(refused),
        derived=sum(len(judged.lines) for judged in new),
        refusals=tuple(refused),
    )


def _terms(source: str, received_at: dt.datetime, basis: str) -> Terms:
    zone = conf.get("TIME_ZONE")
    return Terms(
        catalogue=catalogue(),
        source=source,
        basis=basis,
        is_public=False,
        received_at=to_ms(received_at),
        shop_zone=ZoneInfo(zone) if zone else timezone.get_default_timezone(),
        currency=conf.get("CURRENCY"),
        readers=readers(),
    )


def _known(source: str, hashes: list[UUID]) -> set[UUID]:
    rows = EventKey.objects.filter(source=source, message_hash__in=hashes)
    return set(rows.values_list("message_hash", flat=True))
