"""Takes a body apart into messages, so that a broken one spoils no other. Pure.

A body is one message, ``{"batch": [message, …], …}`` of a client, or ``{"events": [event, …], …}`` of our
beacon. Each message is read by itself: text that is no
Unicode, numbers beyond all bounds and too many bytes are faults of that message alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from django_microseg.collect.reasons import Rejected

from .refusal import Refused

__all__ = ["MAX_MESSAGES", "Envelope", "open_batch", "open_beacon", "open_single"]

MAX_MESSAGES = 2500
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Envelope:
    """``messages`` are what JSON they are, or the reason why that cannot be said; the rest stands around them."""

    messages: Sequence[Any]
    write_key: Any = None
    sent_at: Any = None
    context: Any = None
    page: Any = None


class _Batch(msgspec.Struct):
    """What clients send; `msgspec.Raw` is JSON that has not been read."""

    batch: list[msgspec.Raw]
    write_key: Any = msgspec.field(default=None, name="writeKey")
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    context: Any = None


class _Beacon(msgspec.Struct):
    """What our beacon sends."""

    events: list[msgspec.Raw]
    sent_at: Any = None
    page: Any = None


_BATCHES = msgspec.json.Decoder(_Batch)
_BEACONS = msgspec.json.Decoder(_Beacon)


def open_batch(body: bytes, *, most_bytes: int) -> Envelope:
    """The messages of a batch; ``most_bytes`` is how large each may be. Raises `Refused`."""
    try:
        opened = _BATCHES.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        messages, rest = _open_leniently(body, "batch", most_bytes)
        return Envelope(messages, rest.get("writeKey"), rest.get("sentAt"), rest.get("context"))
    messages = _read_all(opened.batch, most_bytes)
    return Envelope(messages, opened.write_key, opened.sent_at, opened.context)


def open_beacon(body: bytes, *, most_bytes: int) -> Envelope:
    """The events of a page, in the same way."""
    try:
        opened = _BEACONS.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        messages, rest = _open_leniently(body, "events", most_bytes)
        return Envelope(messages, sent_at=rest.get("sent_at"), page=rest.get("page"))
    return Envelope(_read_all(opened.events, most_bytes), sent_at=opened.sent_at, page=opened.page)


def open_single(body: bytes, *, most_bytes: int) -> Envelope:
    """A body that is one message. Raises `Refused`."""
    message = _value(body)
    if not isinstance(message, dict):
        raise Refused("malformed", "The body is no JSON object: send one message.")
    read = _too_large(most_bytes) if len(body) > most_bytes else message
    return Envelope([read], message.get("writeKey"), message.get("sentAt"))


def _open_leniently(body: bytes, name: str, most_bytes: int) -> tuple[list[Any], dict[str, Any]]:
    """What the strict way would not read: broken text within one message, or no batch at all."""
    value = _value(body)
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise Refused("malformed", f'The body has no list of messages: send {{"{name}": [...]}}.')
    _check_count(found)
    return [_too_large(most_bytes) if _size(message) > most_bytes else message for message in found], value


def _read_all(found: list[msgspec.Raw], most_bytes: int) -> list[Any]:
    _check_count(found)
    return [_read(bytes(raw), most_bytes) for raw in found]


def _read(raw: bytes, most_bytes: int) -> Any:
    if len(raw) > most_bytes:
        return _too_large(most_bytes)
    try:
        return _value(raw)
    except Refused as error:
        return Rejected("unreadable", error.detail)


def _value(text: bytes) -> Any:
    """Any JSON; text that is no Unicode comes with its broken halves, for whoever judges it to refuse."""
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    try:
        return json.loads(text.decode(errors="surrogateescape"), parse_int=_whole)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Refused("malformed", "The body is no JSON.") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float("inf")


def _size(message: Any) -> int:
    return len(json.dumps(message, separators=(",", ":")))


def _check_count(messages: Sequence[Any]) -> None:
    if len(messages) > MAX_MESSAGES:
        raise Refused("too_large", f"The batch has {len(messages)} messages: send {MAX_MESSAGES} at most.")


def _too_large(most_bytes: int) -> Rejected:
    return Rejected("too_large", f"The message has more than {most_bytes} bytes: send less of it.")


def _too_deep() -> Refused:
    return Refused("malformed", "The body is nested too deeply: send ten levels at most.")
