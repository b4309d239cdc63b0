"""Somebody who has left a row in every table and cache, and ways to look for what is left of them."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import pickle
import uuid
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event, EventKey, QuarantinedEvent
from django_microseg.decide.offers.keys import Person, keys_for
from django_microseg.decide.offers.models import Offer, Redemption, RedemptionKey
from django_microseg.privacy.consent import PURPOSES
from django_microseg.privacy.ledger import record_choice
from django_microseg.profile.facts import set_fact
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import ComparedValue, Identity, Profile, Tombstone
from django_microseg.profile.resolve import resolve
from django_microseg.segment.models import Membership, MembershipChange, Segment, SegmentVersion
from django_microseg.segment.uploads.models import Upload

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

_numbers = itertools.count(1)


def live(customer_key: str, visitor_keys: list[str], email: str) -> Profile:
    """A customer with browsers, and something of theirs in every table."""
    for visitor_key in visitor_keys:
        key = PersonKey(visitor_key, "")
        with transaction.atomic():
            visitor = resolve([key], now=NOW)[key]
            view(visitor, visitor_key, {"search": email})
        record_choice(visitor_key, PURPOSES, text_version="1", now=NOW)
        merge_at_login(visitor_key, customer_key, now=NOW)
    profile = Profile.objects.get(customer_key=customer_key)
    view(profile, "", {"email": email, "customer": customer_key})
    set_fact(profile, "city", email, source="form", now=NOW)
    Identity.objects.create(kind="email", value=email, profile=profile, first_seen_at=NOW)
    ComparedValue.objects.create(profile=profile, fact="mean", trait="t", value=1.0)
    _join_segment(profile)
    redeem(f"order-{profile.pk}", Person(customer_key, email, (email,)), profile)
    content = f"customer_id,city\n{customer_key},Exeter\n".encode()
    Upload.objects.create(name="crm.csv", kind="customers", content=content, uploaded_at=NOW)
    quarantined(visitor_key=visitor_keys[0])
    quarantined(customer_key=customer_key)
    quarantined(json.dumps({"anonymousId": visitor_keys[-1]}))
    quarantined(json.dumps({"userId": customer_key, "traits": {"email": email}}))
    for visitor_key in visitor_keys:
        caches["default"].set(f"microseg:1:view:{visitor_key}", (1, {"key": str(profile.key)}))
    return profile


def view(profile: Profile, visitor_key: str, properties: dict[str, str]) -> Event:
    message_hash = uuid.UUID(int=next(_numbers))
    EventKey.objects.create(source="browser", message_hash=message_hash, received_at=NOW)
    return Event.objects.create(
        profile=profile,
        visitor_key=visitor_key,
        name="product_viewed",
        source="browser",
        message_hash=message_hash,
        occurred_at=NOW,
        received_at=NOW,
        properties=properties,
    )


def quarantined(payload: str = "{}", **columns: str) -> QuarantinedEvent:
    return QuarantinedEvent.objects.create(
        source="browser", reason="bad_value", detail="", payload=payload, received_at=NOW, **columns
    )


def redeem(order_key: str, person: Person, profile: Profile | None) -> Redemption:
    """An order of somebody that took an offer of everybody's."""
    offer, _ = Offer.objects.get_or_create(slug="thanks", defaults={"percent_hundredths": 1000})
    row = Redemption.objects.create(
        offer=offer, order_key=order_key, profile=profile, amount_minor=100, currency="EUR", redeemed_at=NOW
    )
    RedemptionKey.objects.bulk_create(keys_for(row, person, ["thanks"]))
    return row


def _join_segment(profile: Profile) -> None:
    segment, _ = Segment.objects.get_or_create(slug="loyal", defaults={"name": "Loyal", "size": 2})
    version, _ = SegmentVersion.objects.get_or_create(
        segment=segment, number=1, defaults={"rule": {}, "created_at": NOW}
    )
    Membership.objects.create(profile=profile, segment=segment, definition=version, since=NOW)
    MembershipChange.objects.create(
        profile=profile, segment=segment, definition=version, is_entry=True, cause="event", changed_at=NOW
    )


#: Tables that keep something of everybody, without saying whose it is.
NAMELESS = (EventKey, Redemption, RedemptionKey, Tombstone)


def everything(*, but: tuple[type[Model], ...] = NAMELESS) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the project, as plain values."""
    return {
        model._meta.label: [
            {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
            for row in model._default_manager.order_by("pk")
        ]
        for model in apps.get_models(include_auto_created=True)
        if model not in but
    }


def hits(*words: str) -> list[str]:
    """Where a word stands, in any field of any table or in the cache: ``table.column: word``."""
    spelled = {spelling for word in words for spelling in (word, word.replace("-", ""))}
    found = [
        f"{label}.{column}: {word}"
        for label, rows in everything(but=()).items()
        for row in rows
        for column, value in row.items()
        for word in spelled
        if word in str(value)
    ]
    for key, value in caches["default"]._cache.items():
        text = f"{key} {pickle.loads(value)!r}"  # the cache of this very process
        found += [f"cache {key}: {word}" for word in spelled if word in text]
    return sorted(found)


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("latin-1")
    if isinstance(value, (dict, list)):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return str(value)
