"""Makes events of what a mailing service tells: delivered, opened, clicked, bounced, unsubscribed.

Comes in: anymail's signal, after anymail has checked who called. Goes out: an event of whoever the address leads to and
the fact ``newsletter`` after a wish for more or none. An address that leads to nobody leaves nothing behind. What the
database raises goes through, so the service is answered with an error and tells it again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from django_microseg.collect.address import split_address
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.identify import person_of
from django_microseg.profile.links import Link, NoLink, email_link
from django_microseg.profile.models import Identity

__all__ = ["on_tracking"]

#: anymail's word for what happened, and ours. The rest (queued, sent, deferred …) is the service's own business.
_NAMES = {
    "delivered": "email_delivered",
    "opened": "email_opened",
    "clicked": "email_link_clicked",
    "bounced": "email_bounced",
    "rejected": "email_bounced",
    "complained": "email_marked_as_spam",
    "unsubscribed": "email_unsubscribed",
    "subscribed": "email_subscribed",
}
_WANTS_MAIL = {"unsubscribed": "no", "complained": "no", "subscribed": "yes"}
#: What is told without tracking anybody: whether mail arrives, and what its reader asked for.
_NEEDED = frozenset({"delivered", "bounced", "rejected", *_WANTS_MAIL})
_LONGEST_ID = 100


def on_tracking(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Receives ``anymail.signals.tracking``."""
    name = _NAMES.get(event.event_type)
    link = _link(event.recipient)
    person = person_of(link) if name and link else None
    if name is None or link is None or person is None:
        return
    now = timezone.now()
    source = f"mail:{esp_name.casefold().replace(' ', '-')}"
    told = IncomingEvent(
        name,
        message_id=_message_id(event),
        occurred_at=event.timestamp or now,
        visitor_key=person.visitor_key,
        customer_key=person.customer_key,
        properties=_properties(event),
        channel="email",
    )
    basis = "contract" if event.event_type in _NEEDED else "consent"
    with transaction.atomic():
        report = ingest([told], source=source, received_at=now, basis=basis)
        wants_mail = _WANTS_MAIL.get(event.event_type)
        if wants_mail and report.stored:
            _declare(link, wants_mail, source, event.timestamp, now)


def _link(recipient: Any) -> Link | None:
    try:
        return email_link(str(recipient or ""))
    except NoLink:
        return None


def _message_id(event: Any) -> str:
    """The service's id of this happening; it calls again with the same until it is answered."""
    if not event.event_id:
        return ""
    told = str(event.event_id)
    return told if len(told) <= _LONGEST_ID else hashlib.sha256(told.encode()).hexdigest()


def _properties(event: Any) -> dict[str, Any]:
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    said = {
        "email_id": event.message_id,
        "campaign": metadata.get("campaign") or next(iter(event.tags or ()), None),
        "link_url": _without_query(event.click_url),
    }
    return {name: str(value) for name, value in said.items() if value}


def _without_query(address: Any) -> str:
    """Links in mails carry tokens that open somebody's account."""
    parts = split_address(address)
    return parts._replace(query="", fragment="").geturl()


def _declare(link: Link, value: str, source: str, said_at: dt.datetime | None, now: dt.datetime) -> None:
    """From the moment at which it was said: services may tell it late and in any order."""
    found = Identity.objects.filter(kind=link.kind, value=link.value).values_list("profile_id", flat=True).first()
    if found is not None:
        moment = min(said_at, now) if said_at else None
        set_facts([Declaration(found, "newsletter", value, source, valid_from=moment)], now=now)
