"""What follows for offers from events: an order that is cancelled or paid back in full gives back
what it had redeemed. A partial refund gives nothing back.

Connected by `wiring`; runs inside the transaction that stores the events, and whatever fails here
leaves them stored.
"""

from __future__ import annotations

from typing import Any

from django_microseg.collect.batch import StoredBatch
from django_microseg.collect.models import Event
from django_microseg.collect.voids import CANCELLATION, ORDER, VOIDING

from .checkout import RELEASING, give_back
from .models import Redemption

__all__ = ["on_orders_undone"]


def on_orders_undone(sender: Any, *, batch: StoredBatch, **kwargs: Any) -> None:
    """Give back what the orders that a batch has undone had redeemed."""
    named = {
        (record.order_key, record.name)
        for records in batch.records.values()
        for record in records
        if record.order_key and record.name in VOIDING and (record.name != ORDER or record.voided_at is not None)
    }
    if named:
        RELEASING.run(lambda: _give_back(named, batch), None)


def _give_back(named: set[tuple[str, str]], batch: StoredBatch) -> None:
    keys = {key for key, _ in named}
    redeemed = set(Redemption.objects.filter(order_key__in=keys, returned_at=None).values_list("order_key", flat=True))
    cancelled = {key for key, name in named if name == CANCELLATION}
    voided = Event.objects.filter(name=ORDER, order_key__in=redeemed - cancelled, voided_at__isnull=False)
    undone = redeemed & (cancelled | set(voided.values_list("order_key", flat=True)))
    if undone:
        give_back(undone, now=batch.received_at)
