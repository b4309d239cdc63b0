"""The bazaar, described by paths."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from .models import Client

__all__ = ["MAPPING", "number_of"]

MAPPING: dict[str, Any] = {
    "product": {
        "model": "bazaar.Good",
        "title": "label",
        "category": "shelves",
        "brand": "maker.label",
        "price": "cents",
        "stock": "left",
        "image": "photo.url",
        "only": {"is_hidden": False},
        "also_reads": ["variants"],
    },
    "category": {"model": "bazaar.Shelf", "title": "label", "parent": "above"},
    "cart": {
        "model": "bazaar.Purchase",
        "user": "client.user",
        "session_field": "session",
        "updated_at": "touched",
        "only": {"placed": None},
        "lines": {"path": "item_set", "product": "variant.good", "quantity": "count", "price": "cents"},
    },
    "order": {
        "model": "bazaar.Purchase",
        "placed_at": "placed",
        "user": "client.number",
        "email": "mail",
        "status": "is_void",
        "not_counted": [True],
        "total": "cents",
        "lines": {"path": "item_set", "product": "variant.good.pk", "quantity": "count", "price": "cents"},
    },
    "amounts": "minor",
}


def number_of(user: User) -> str | None:
    """What ``CUSTOMER_KEY`` names: clients have numbers, and staff are no clients."""
    return Client.objects.filter(user_id=user.pk).values_list("number", flat=True).first()
