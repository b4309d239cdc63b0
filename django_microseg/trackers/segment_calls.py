"""From a message in Segment's form to an event of ours and what it says of somebody. Pure.

Comes in: any JSON at all. Goes out: a `Call`. Without trust (a public key) it never says which
customer somebody is: user ids, traits and aliases are left out, and counted as left out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django_microseg.collect.address import split_address
from django_microseg.collect.arrival import Arrival, read_arrival
from django_microseg.collect.bots import is_bot
from django_microseg.collect.device import MOBILE, read_agent
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.reasons import Rejected

from .clock import happened_at
from .ids import visitor_of

__all__ = ["KINDS", "Call", "Sender", "read_call"]

#: The kinds of message by the names that clients and addresses have for them.
KINDS = {word: kind for kind in ("track", "identify", "page", "screen", "group", "alias") for word in (kind, kind[0])}
_NAMES = {
    "identify": "customer_identified", "page": "page_viewed", "screen": "page_viewed", "group": "account_joined",
    "alias": "customer_merged",
}  # fmt: skip
_PAGE = ("path", "referrer", "search", "title", "url")
_MOBILES = ("ios", "android")
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request, and when. ``is_trusted``: with a server's secret."""

    is_trusted: bool
    received_at: dt.datetime
    sent_at: Any = None
    context: Any = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """``joins`` is a visitor id that turns out to be the event's customer. ``left_out``: what was not believed.

    ``traits`` and ``device``, the id of an installation, are those of an ``identify`` alone; ``account`` and
    ``account_name`` those of a ``group``.
    """

    event: IncomingEvent
    joins: str = ""
    traits: Mapping[str, Any] = field(default_factory=dict)
    device: Any = None
    account: Any = None
    account_name: str = ""
    is_machine: bool = False
    left_out: tuple[str, ...] = ()


def read_call(message: Any, kind: str | None, sender: Sender) -> Call:
    """What a message says; ``kind`` is that of the address, where it names one. Raises nothing."""
    if isinstance(message, Rejected):
        return Call(IncomingEvent(name="", fault=message))
    if not isinstance(message, Mapping):
        fault = Rejected("bad_type", f"The message is of type {type(message).__name__}: send an object.")
        return Call(IncomingEvent(name="", properties={"message": message}, fault=fault))
    said = message.get("type")
    known = KINDS.get(said) if isinstance(said, str) else None
    known = known or kind
    if known is None:
        fault = Rejected("unknown_event", f"The message's type is none of {', '.join(sorted(set(KINDS.values())))}.")
        return Call(IncomingEvent(name="", message_id=_id_of(message), properties=message, fault=fault))
    return _call(message, known, sender)


def _call(message: Mapping[str, Any], kind: str, sender: Sender) -> Call:
    context = _object(message.get("context"), sender.context)
    agent = _text(context.get("userAgent")) or sender.user_agent
    visitor_key = visitor_of(message.get("anonymousId"), is_trusted=sender.is_trusted)
    customer_key = message.get("userId") if sender.is_trusted else ""
    is_introduction = kind == "identify" and sender.is_trusted
    is_group = kind == "group" and sender.is_trusted
    arrival = _arrival(context)
    place = _object(context.get("location"))
    event = IncomingEvent(
        name=message.get("event") or "" if kind == "track" else _NAMES[kind],
        message_id=_id_of(message),
        occurred_at=happened_at(
            message.get("originalTimestamp") or message.get("timestamp"),
            message.get("sentAt") or sender.sent_at,
            sender.received_at,
        ),
        visitor_key=visitor_key,
        customer_key=customer_key or "",
        visit_key=_session(context),
        properties=_properties(message, kind, context),
        device=_device(context, agent),
        channel=arrival.channel,
        campaign=arrival.campaign,
        country=_text(place.get("country")),
        region=_text(place.get("region")),
        language=_text(context.get("locale")).partition("-")[0].partition("_")[0][:16],
        timezone=_text(context.get("timezone")),
    )
    return Call(
        event,
        joins=_joins(message, kind, visitor_key, is_trusted=sender.is_trusted),
        traits=_object(message.get("traits")) if is_introduction else _NOTHING,
        device=_object(context.get("device")).get("id") if is_introduction else None,
        account=message.get("groupId") if is_group else None,
        account_name=_text(_object(message.get("traits")).get("name")) if is_group else "",
        is_machine=bool(agent) and is_bot(agent),
        left_out=() if sender.is_trusted else tuple(_not_believed(message)),
    )


def _joins(message: Mapping[str, Any], kind: str, visitor_key: Any, *, is_trusted: bool) -> str:
    if not is_trusted or not message.get("userId"):
        return ""
    if kind == "alias":
        found = visitor_of(message.get("previousId"), is_trusted=True)
        return found if isinstance(found, str) else ""
    return visitor_key if kind == "identify" and isinstance(visitor_key, str) else ""


def _not_believed(message: Mapping[str, Any]) -> list[str]:
    return [name for name in ("userId", "previousId", "traits") if message.get(name)]


def _id_of(message: Mapping[str, Any]) -> Any:
    """The client's own id. Without one, an event that says when it happened is known by what it says."""
    given = message.get("messageId")
    if given:
        return given
    if message.get("timestamp") or message.get("originalTimestamp"):
        said = {key: value for key, value in message.items() if key not in ("sentAt", "writeKey")}
        digest = hashlib.blake2b(repr(said).encode(errors="surrogatepass"), digest_size=16)
        return f"said:{digest.hexdigest()}"
    return f"made:{uuid4().hex}"


def _properties(message: Mapping[str, Any], kind: str, context: Mapping[str, Any]) -> Any:
    if kind == "group":
        return {"account_id": message.get("groupId")}
    if kind in ("identify", "alias"):
        return {}
    given = message.get("properties")
    if kind == "track" or not isinstance(given, Mapping | None):
        return given
    page = _object(context.get("page"))
    seen = {name: page[name] for name in _PAGE if page.get(name)}
    named = {name: message[name] for name in ("name", "category") if message.get(name)}
    return {**seen, **named, **(given or {})}


def _arrival(context: Mapping[str, Any]) -> Arrival:
    """How they came, if the client says anything of it; a server's events say nothing."""
    campaign, page = _object(context.get("campaign")), _object(context.get("page"))
    if not campaign and not page:
        return Arrival()
    query = {f"utm_{ours}": _text(campaign.get(name)) for ours, name in _UTM.items()}
    return read_arrival(query, _text(page.get("referrer")), split_address(page.get("url")).netloc)


_UTM = {"campaign": "name", "source": "source", "medium": "medium"}


def _device(context: Mapping[str, Any], agent: str) -> str:
    kind = _text(_object(context.get("device")).get("type")).lower()
    return MOBILE if kind in _MOBILES else read_agent(agent).device


def _session(context: Mapping[str, Any]) -> str:
    """Some clients number sessions by the second at which they began; a number alone is everybody's."""
    given = context.get("sessionId")
    return given if isinstance(given, str) and len(given) <= 64 else ""


def _object(*values: Any) -> Mapping[str, Any]:
    """The first that is an object, over what the later ones say."""
    found = [value for value in values if isinstance(value, Mapping) and value]
    return found[0] if len(found) == 1 else {key: value for part in reversed(found) for key, value in part.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
