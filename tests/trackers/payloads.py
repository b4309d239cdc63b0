"""Ten thousand bodies that something might send: good ones, odd ones, and what no JSON is. Seeded, so always the same.

`CORPUS` holds by hand what brought naive endpoints down; `bodies()` draws the rest.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

__all__ = ["CORPUS", "bodies"]

NAMES = (
    "page_viewed", "product_viewed", "product_added", "order_completed", "view_item", "add_to_cart", "purchase",
    "products_searched", "coupon_applied", "product_reviewed", "customer_identified", "nothing_known", "", "\x00",
)  # fmt: skip
WORDS = (
    "product_id", "item_id", "price", "quantity", "currency", "value", "products", "items", "coupon", "path", "url",
    "title", "rating", "query", "order_id", "revenue", "dwell_seconds", "position", "category", "a" * 65, "ключ", "",
)  # fmt: skip
TEXTS = (
    "boot-1", "12.90", "-1", "1e9", "EUR", "eur", "NaN", "", "null", "9" * 30, "٣", " 5 ", "x" * 2000, "\x00", "\ud800",
    "<script>alert(1)</script>", "2026-03-01T11:00:00Z", "yesterday", "0000-00-00", "'; DROP TABLE x; --", "https://[x",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2.5, 2**53, 2**63, -(2**63) - 1, 10**40, 1e308, 1e-320, float("inf"), float("-inf"), float("nan"))
IDS = ("v-1", "ada", None, 0, 42, True, "x" * 300, [], {}, "null", "\ud83d", "AAAAAAAAAAAAAAAAAAAAAA")


def _nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * levels + "1" + closing * levels).encode()


def _event(**properties: Any) -> bytes:
    event = {
        "name": "page_viewed",
        "event": "Page Viewed",
        "type": "track",
        "anonymousId": "v",
        "properties": properties,
    }
    return json.dumps({"events": [event], "batch": [event]}).encode()


def _raw(event: str) -> bytes:
    return f'{{"events": [{event}], "batch": [{event}]}}'.encode("utf-8", "surrogatepass")


CORPUS: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "array": b"[]",
    "text": b'"x"',
    "number": b"7",
    "no list": b'{"events": 5, "batch": 5}',
    "object as list": b'{"events": {}, "batch": {}}',
    "nulls": b'{"events": [null, null], "batch": [null, null]}',
    "empty list": b'{"events": [], "batch": []}',
    "cut off": b'{"events": [{"name": "pa',
    "form": b"name=page_viewed&path=%2F",
    "latin-1": '{"events": [{"name": "é"}], "batch": [{"event": "é"}]}'.encode("latin-1"),
    "byte order mark": b'\xef\xbb\xbf{"events": [], "batch": []}',
    "UTF-16": '{"events": []}'.encode("utf-16"),
    "NUL in text": _event(title="a\x00b"),
    "NUL in key": _event(**{"a\x00": 1}),
    "NUL within": _event(more={"deep": ["\x00"]}),
    "half a pair": _event(title="\ud800"),
    "half a pair in key": _event(**{"\udfff": 1}),
    "half a pair, escaped": _raw('{"name": "page_viewed", "type": "track", "properties": {"title": "\\ud800"}}'),
    "raw control character": _raw('{"name": "page_viewed", "type": "track", "properties": {"title": "\x01"}}'),
    "1e999": _raw('{"name": "page_viewed", "type": "track", "properties": {"x": 1e999}}'),
    "NaN": _raw('{"name": "page_viewed", "type": "track", "properties": {"x": NaN}}'),
    "beyond 64 bits": _event(x=2**63),
    "thousand digits": _raw(f'{{"name": "page_viewed", "type": "track", "properties": {{"x": {"9" * 1000}}}}}'),
    "five thousand digits": _raw(f'{{"name": "page_viewed", "type": "track", "properties": {{"x": {"9" * 5000}}}}}'),
    "text for number": b'{"events": [{"name": "page_dwelled", "properties": {"dwell_seconds": "x"}}], "batch": []}',
    "300 characters of path": _event(path="/" + "x" * 300),
    "path is a list": _event(path=["/"]),
    "properties are text": _raw('{"name": "page_viewed", "type": "track", "properties": "x"}'),
    "yesterday": _raw('{"name": "page_viewed", "type": "track", "at": "yesterday", "timestamp": "yesterday"}'),
    "year 0": _raw('{"name": "page_viewed", "type": "page", "at": "0000-01-01", "timestamp": "0000-01-01T00:00:00Z"}'),
    "without a zone": _raw('{"name": "page_viewed", "type": "page", "at": "2026-03-01T10:00:00"}'),
    "time is an object": _raw('{"name": "page_viewed", "type": "page", "at": {}, "timestamp": {}}'),
    "key twice": _raw('{"name": "page_viewed", "name": "product_viewed", "type": "page", "type": "track"}'),
    "900 levels": _raw(f'{{"name": "page_viewed", "type": "page", "properties": {{"x": {_nested(900).decode()}}}}}'),
    "100,000 levels of list": _nested(100_000),
    "100,000 levels of object": _nested(100_000, '{"a":', "}"),
    "100,000 levels within": _raw(f'{{"properties": {{"x": {_nested(100_000).decode()}}}}}'),
    "33 KB": _event(**{f"k{number}": "x" * 1000 for number in range(33)}),
    "5,001 items": _event(x=[0] * 5001),
    "101 keys": _event(**{f"k{number}": 1 for number in range(101)}),
    "3,000 messages": json.dumps({"events": [{}] * 3000, "batch": [{}] * 3000}).encode(),
    "page is a list": b'{"page": [1], "events": [{"name": "page_viewed"}], "batch": []}',
    "page is odd": b'{"page": {"path": 5, "url": "https://[x", "referrer": []}, "events": [{"name": "page_viewed"}]}',
    "sent is odd": b'{"sent_at": {}, "sentAt": [], "events": [{"name": "page_viewed", "at": 5}], "batch": [{}]}',
}


def bodies(count: int, *, seed: int = 1) -> Iterator[bytes]:
    """So many drawn bodies."""
    chance = random.Random(seed)
    return (_body(chance) for _ in range(count))


def _body(chance: random.Random) -> bytes:
    whole = {
        "sent_at": chance.choice([_text(chance), 1_772_362_800_000, _value(chance, 2)]),
        "sentAt": chance.choice([None, _text(chance)]),
        "page": chance.choice([None, {"path": "/", "url": _text(chance), "title": _text(chance)}, _value(chance, 2)]),
        "context": chance.choice([None, {"locale": _text(chance), "page": _value(chance, 1)}, _value(chance, 2)]),
    }
    messages = [_message(chance) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
    whole["events"] = whole["batch"] = messages
    text = json.dumps(whole, ensure_ascii=chance.random() < 0.7).encode("utf-8", "surrogatepass")
    return text if chance.random() < 0.8 else _damaged(text, chance)


def _message(chance: random.Random) -> Any:
    if chance.random() < 0.05:
        return _value(chance, 2)
    name = chance.choice(NAMES) if chance.random() < 0.9 else _value(chance, 1)
    return {
        "type": chance.choice(["track", "page", "identify", "screen", "group", "alias", "t", 5, None]),
        "name": name, "event": name,
        "id": chance.choice([_text(chance), None, 7, [1]]),
        "messageId": chance.choice([f"m-{chance.random()}", None, _value(chance, 1)]),
        "at": chance.choice(["2026-03-01T11:00:00Z", 1_772_362_800_000, _value(chance, 1)]),
        "timestamp": chance.choice(["2026-03-01T11:00:00Z", None, _value(chance, 1)]),
        "userId": chance.choice(IDS), "anonymousId": chance.choice(IDS), "previousId": chance.choice(IDS),
        "groupId": chance.choice(IDS),
        "traits": chance.choice([None, {"tier": _value(chance, 1)}, _value(chance, 1)]),
        "context": chance.choice([None, {"userAgent": _text(chance), "campaign": _value(chance, 1)}, [1], 5]),
        "properties": {chance.choice(WORDS): _value(chance, 3) for _ in range(chance.randrange(6))},
    }  # fmt: skip


def _value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(7 if depth else 5)
    if kind == 5:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 6:
        return {chance.choice(WORDS): _value(chance, depth - 1) for _ in range(chance.randrange(4))}
    return (_text(chance), chance.choice(NUMBERS), chance.choice(NUMBERS), chance.random() < 0.5, None)[kind]


def _text(chance: random.Random) -> str:
    return chance.choice(TEXTS)


def _damaged(text: bytes, chance: random.Random) -> bytes:
    """Cut off, or with some bytes that do not belong there."""
    if chance.random() < 0.5:
        return text[: chance.randrange(len(text))]
    broken = bytearray(text)
    for _ in range(chance.randrange(1, 4)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)
