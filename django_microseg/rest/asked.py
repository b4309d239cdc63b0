"""What bodies must look like: the fields of each request, checked before anything is done with it.

Events are described here for the schema alone; each is judged by `collect`, so that a bad one does
not cost its neighbours.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_microseg.privacy.consent import PURPOSES

__all__ = [
    "MOST_EVENTS",
    "MOST_SLOTS",
    "ConsentRequest",
    "DecideRequest",
    "Event",
    "EventsRequest",
    "PageFields",
]

MOST_SLOTS = 50
MOST_EVENTS = 500
_LONGEST_ADDRESS = 2048
_SLOT = r"^[-a-zA-Z0-9_]{1,64}$"


def _check_address(address: str) -> None:
    try:
        urlsplit(address)
    except ValueError:
        raise serializers.ValidationError("This is no address: send one such as /boots/?utm_source=x.") from None


class _Address(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=_LONGEST_ADDRESS,
            validators=[_check_address],
            **kwargs,
        )


class PageFields(serializers.Serializer[Any]):
    """The page that the visitor looks at. Without it, page, campaign and referrer are unknown."""

    url = _Address(help_text="Its address, with the query part: campaigns stand there.")
    path = _Address(help_text="Its path, if it is not that of the address.")
    referrer = _Address(help_text="The address of the page before, as document.referrer; empty if there was none.")


class DecideRequest(serializers.Serializer[Any]):
    """Which slots to decide, and for which page."""

    slots = serializers.ListField(
        child=serializers.RegexField(_SLOT, help_text="Name of a slot."),
        allow_empty=False,
        max_length=MOST_SLOTS,
    )
    page = PageFields(required=False, allow_null=True)
    first_order_offer = serializers.BooleanField(
        default=False, help_text="Whether to say what a first order would get off, as {% first_order_offer %} does."
    )


class ConsentRequest(serializers.Serializer[Any]):
    """What the visitor allows; an empty list is a refusal."""

    purposes = serializers.ListField(
        child=serializers.ChoiceField(choices=[(name, name) for name in PURPOSES]), max_length=len(PURPOSES)
    )
    page = PageFields(required=False, allow_null=True, help_text="The page where they answered.")


class Event(serializers.Serializer[Any]):
    """Something that the visitor did. Names and properties: docs/events.md."""

    name = serializers.CharField(max_length=200)
    message_id = serializers.CharField(
        required=False, max_length=100, help_text="The same when the event is sent again, so that it counts once."
    )
    occurred_at = serializers.DateTimeField(required=False, help_text="Without it: now.")
    properties = serializers.DictField(required=False, help_text="32 KB at most, nested ten levels deep at most.")


@extend_schema_field(Event)
class _AnyEvent(serializers.Field[Any, Any, Any, Any]):
    """Whatever stands in the place of an event."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class EventsRequest(serializers.Serializer[Any]):
    """A batch of events of one visitor, in the order in which they happened."""

    events = serializers.ListField(child=_AnyEvent(allow_null=True), allow_empty=False, max_length=MOST_EVENTS)
    page = PageFields(
        required=False, allow_null=True, help_text="Where they happened; else as the first page_viewed says."
    )
