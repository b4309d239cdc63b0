"""Told to later rooms: events were stored.

`events_stored` is sent once for each batch that stored something, inside its transaction, with
``batch``: a `collect.batch.StoredBatch`. A receiver that raises undoes the batch.
"""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["events_stored"]

events_stored = Signal()
