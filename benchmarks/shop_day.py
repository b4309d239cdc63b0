"""A shop's day as tracking clients send it: three views for each click, some carts, few orders of three lines."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import Any

__all__ = ["batches"]


def batches(count: int, *, size: int, people: int, now: dt.datetime, seed: int = 1) -> list[bytes]:
    """So many bodies of ``POST v1/batch``, none of which repeats a message."""
    chance = random.Random(seed)
    return [
        json.dumps(
            {
                "batch": [_message(f"b{seed}-{number}-{n}", chance, people, now) for n in range(size)],
                "sentAt": now.isoformat(),
            }
        ).encode()
        for number in range(count)
    ]


def _message(message_id: str, chance: random.Random, people: int, now: dt.datetime) -> dict[str, Any]:
    product = _product(chance)
    name, properties = chance.choices(
        [
            ("Page Viewed", {"path": f"/c/{chance.randrange(90)}", "page": "category", "title": "Trail shoes"}),
            ("Product Viewed", product),
            ("Product Added", {**product, "quantity": 1}),
            ("Order Completed", {"order_id": message_id, "revenue": 120.5, "products": [product, product, product]}),
        ],
        weights=[60, 30, 8, 2],
    )[0]
    return {
        "type": "track",
        "event": name,
        "messageId": message_id,
        "anonymousId": f"visitor-{chance.randrange(people)}",
        "timestamp": (now - dt.timedelta(seconds=chance.randrange(60))).isoformat(),
        "properties": properties,
        "context": {"locale": "de-DE", "timezone": "Europe/Berlin", "userAgent": "Mozilla/5.0 (iPhone) Mobile/15E148"},
        "integrations": {},
    }


def _product(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(500)
    return {
        "product_id": f"P-{number}",
        "name": f"Trail Runner {number}",
        "category": f"shoes-{number % 20}",
        "brand": f"brand-{number % 30}",
        "price": 9.99 + number,
    }
