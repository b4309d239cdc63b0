"""From what a request noted to the tables: what is urgent before the response goes out, the rest after.

Comes in: a visitor with what was noted. Each batch is stored in a transaction of its own,
outside any of the view's. What could not be stored at once is tried again after the response; what
fails then is logged and dropped, and the page was served all the same. What is not urgent goes the
way that the shop has chosen (`collect.sinks`), and may be stored later still.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.db import connections, router
from django.utils import timezone

from django_microseg.collect import ingest, sinks
from django_microseg.collect.breaker import Breaker
from django_microseg.collect.events import catalogue
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.models import Event
from django_microseg.collect.patience import short_waits
from django_microseg.profile.errors import DifferentCustomers, PersonErased
from django_microseg.profile.merge import merge_at_login

from . import shelf
from .guard import Guard
from .happening import FoundCustomer, NewId, Noted
from .visitor import Visitor

__all__ = [
    "SOURCE",
    "event_of",
    "note_customer",
    "note_event",
    "note_new_id",
    "store_alone",
    "store_later",
    "store_urgent",
    "will_raise_revision",
]

SOURCE = "web"
STORING_NOW = Guard("store at once what a visitor did", breaker=Breaker())
STORING_LATER = Guard("store what a visitor did", breaker=Breaker())


def note_event(visitor: Visitor, name: str, properties: dict[str, object], *, customer_key: str = "") -> None:
    """Note an event; without a right to keep it, or of a preview, it is not even noted."""
    if visitor.preview is not None:
        return
    known = catalogue().find(name)
    is_contract = known is not None and known.is_contract
    if not visitor.key and not (is_contract and customer_key):
        return
    visitor.is_active = True
    visitor.happenings.note(
        Noted(
            event_of(visitor, name, properties, customer_key if is_contract else ""),
            is_immediate=known is not None and known.is_immediate,
            basis="contract" if is_contract else "consent",
        )
    )


def note_customer(visitor: Visitor, customer_key: str) -> None:
    """Note that a customer was found behind an id that nothing has joined with them yet."""
    visitor.happenings.note(Noted(FoundCustomer(customer_key)))


def note_new_id(visitor: Visitor) -> None:
    """Note that the browser is about to be given an id, so that its consent is on record."""
    purposes = tuple(sorted(visitor.permission.purposes))
    visitor.happenings.note(Noted(NewId(visitor.key, purposes)))


def store_urgent(visitor: Visitor) -> None:
    """Store everything noted so far, because some of it must be felt on the next page."""
    taken = visitor.happenings.take()
    if not taken:
        return
    is_done = STORING_NOW.run(lambda: _store_soon(visitor, taken), False, about=visitor.label)
    if is_done:
        visitor.reload()
    else:
        visitor.happenings.put_back(taken)


def store_later(visitor: Visitor) -> None:
    """Store the rest, when the response is done."""
    taken = visitor.happenings.take()
    if taken:
        STORING_LATER.run(lambda: _store_and_share(visitor, taken), None, about=visitor.label)


def will_raise_revision(visitor: Visitor) -> bool:
    """Whether storing the rest is sure to raise the visitor's revision soon: what waits in line may wait long."""
    is_soon = not STORING_LATER.is_skipping and not sinks.is_deferred()
    return is_soon and visitor.happenings.will_raise_revision


def store_alone(visitor: Visitor) -> None:
    """The same in a thread of its own, which nobody else would tidy up."""
    connection = connections[router.db_for_write(Event)]
    was_open = connection.connection is not None
    try:
        store_later(visitor)
    finally:
        if not was_open:
            connection.close()


def _store_and_share(visitor: Visitor, taken: list[Noted]) -> None:
    """Where processes share a cache, the visitor's next page shall find there what was stored."""
    waiting = _store(visitor, taken)
    if waiting < len(taken) and shelf.is_there():
        visitor.reload()


def _store_soon(visitor: Visitor, taken: list[Noted]) -> bool:
    with short_waits():
        _store(visitor, taken, may_wait=False)
    return True


def _store(visitor: Visitor, taken: list[Noted], *, may_wait: bool = True) -> int:
    """In order: events in runs of one basis, what else was noted between them. How many wait now."""
    waiting = 0
    take = sinks.take if may_wait else ingest.ingest
    for (kind, basis), run in groupby(taken, key=lambda noted: (type(noted.what), noted.basis)):
        if kind is IncomingEvent:
            events = [noted.what for noted in run if isinstance(noted.what, IncomingEvent)]
            waiting += take(events, source=SOURCE, received_at=timezone.now(), basis=basis).waiting
        else:
            for noted in run:
                _store_person(visitor, noted)
    return waiting


def _store_person(visitor: Visitor, noted: Noted) -> None:
    if isinstance(noted.what, NewId):
        visitor.record_new_id(noted.what.visitor_key, noted.what.purposes)
    elif isinstance(noted.what, FoundCustomer):
        # Another customer's browser, or somebody erased: the next login will sort it out.
        with suppress(DifferentCustomers, PersonErased):
            merge_at_login(visitor.key, noted.what.customer_key, now=timezone.now())


def event_of(visitor: Visitor, name: Any, properties: Any, customer_key: str = "") -> IncomingEvent:
    """An event of this visitor at this moment, in its context; whatever it is called and says."""
    moment = visitor.moment
    return IncomingEvent(
        name=name,
        message_id=uuid4().hex,
        occurred_at=timezone.now(),
        visitor_key=visitor.key,
        customer_key=customer_key,
        visit_key=visitor.visit.key if visitor.visit else "",
        properties=properties,
        device=moment.device,
        channel=moment.arrival.channel,
        campaign=moment.arrival.campaign,
        country=moment.place.country,
        region=moment.place.region,
        language=moment.language,
        timezone=moment.place.timezone,
    )
