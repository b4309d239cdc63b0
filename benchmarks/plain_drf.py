"""The endpoint that one writes first: djangorestframework's serializer, then `bulk_create`. To compare with.

It does far less than ours: no repeated message is known, nobody is looked up, no line of an order becomes a row.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework import serializers

from django_microseg.collect.models import Event

__all__ = ["take_in"]


class _Context(serializers.Serializer[Any]):
    locale = serializers.CharField(max_length=16)
    timezone = serializers.CharField(max_length=64)
    userAgent = serializers.CharField(max_length=400)  # noqa: N815 - as clients call it


class _Message(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["track", "identify", "page", "screen", "group", "alias"])
    event = serializers.CharField(max_length=64)
    messageId = serializers.CharField(max_length=100)  # noqa: N815 - as clients call it
    anonymousId = serializers.CharField(max_length=60)  # noqa: N815 - as clients call it
    timestamp = serializers.DateTimeField()
    properties = serializers.DictField()
    context = _Context()


class _Batch(serializers.Serializer[Any]):
    batch = _Message(many=True)
    sentAt = serializers.DateTimeField()  # noqa: N815 - as clients call it


def take_in(body: bytes) -> int:
    """Store the messages of a body; how many there were."""
    asked = _Batch(data=json.loads(body))
    asked.is_valid(raise_exception=True)
    messages = asked.validated_data["batch"]
    with transaction.atomic():
        Event.objects.bulk_create(_row(message, asked.validated_data["sentAt"]) for message in messages)
    return len(messages)


def _row(message: dict[str, Any], received_at: Any) -> Event:
    properties = message["properties"]
    return Event(
        visitor_key=message["anonymousId"],
        name=message["event"],
        source="plain",
        message_hash=UUID(bytes=hashlib.blake2b(message["messageId"].encode(), digest_size=16).digest()),
        occurred_at=message["timestamp"],
        received_at=received_at,
        product_key=properties.get("product_id", ""),
        category=properties.get("category", ""),
        brand=properties.get("brand", ""),
        order_key=properties.get("order_id", ""),
        properties=properties,
    )
