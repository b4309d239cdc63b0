"""What answers look like, for the schema and for those who read it. The views build plain dicts; a
test holds both to the same."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from django_microseg.decide.slots import CONTENT, ORDER, Reason
from django_microseg.http.problem import KINDS
from django_microseg.privacy.consent import PURPOSES

from .outcome import DUPLICATE, REJECTED, STORED

__all__ = ["ConsentAnswer", "DecideAnswer", "EventsAnswer", "MeAnswer", "ProblemAnswer"]


class ConsentAnswer(serializers.Serializer[Any]):
    """What the visitor allows. ``asked`` false: they have not answered, or over another text."""

    asked = serializers.BooleanField()
    purposes = serializers.ListField(child=serializers.ChoiceField(choices=[(name, name) for name in PURPOSES]))
    version = serializers.CharField(help_text="The version of the text that is consented to now.")


class MySegment(serializers.Serializer[Any]):
    slug = serializers.CharField()
    since = serializers.DateTimeField(
        allow_null=True, help_text="Null for a segment of the moment, which nobody has written down."
    )


class MyExperience(serializers.Serializer[Any]):
    slot = serializers.CharField()
    experience = serializers.CharField()
    kind = serializers.ChoiceField(choices=[CONTENT, ORDER])


class MeAnswer(serializers.Serializer[Any]):
    """What this visitor is to the shop at the moment, as far as that depends on no page."""

    consent = ConsentAnswer()
    recognised = serializers.BooleanField(help_text="Whether the visitor has an id, which takes consent.")
    returning = serializers.BooleanField(
        allow_null=True, help_text="Whether this is not their first visit; null for whom we may not recognise."
    )
    segments = MySegment(many=True)
    experiences = MyExperience(many=True, help_text="What slots show this visitor instead of their defaults.")


class SlotAnswer(serializers.Serializer[Any]):
    """What one slot shows."""

    default = serializers.BooleanField(help_text="Show your own content, or your own order.")
    experience = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(choices=[CONTENT, ORDER], allow_null=True)
    html = serializers.CharField(allow_null=True, help_text="Content written by the shop's staff.")
    order = serializers.ListField(child=serializers.CharField(), help_text="What to put first, first to last.")
    products = serializers.ListField(child=serializers.CharField(), help_text="Products that are promoted.")
    offer = serializers.CharField(allow_null=True, help_text="The slug of the offer that the content speaks of.")
    reason = serializers.ChoiceField(choices=[str(reason) for reason in Reason])


class OfferAnswer(serializers.Serializer[Any]):
    """What a shopper may know of an offer."""

    slug = serializers.CharField()
    headline = serializers.CharField()
    text = serializers.CharField()
    code = serializers.CharField(help_text="To be typed at the checkout; empty if the offer holds without one.")
    ends_at = serializers.DateTimeField(allow_null=True)


class DecideAnswer(serializers.Serializer[Any]):
    slots = serializers.DictField(child=SlotAnswer(), help_text="By the name of the slot.")
    first_order_offer = OfferAnswer(
        required=False, allow_null=True, help_text="Only if it was asked for; null for whoever has ordered before."
    )


class EventResult(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="Where the event stood in the batch, from 0 on.")
    status = serializers.ChoiceField(choices=[STORED, DUPLICATE, REJECTED])
    reason = serializers.CharField(required=False, help_text="Why it was rejected, for machines.")
    detail = serializers.CharField(required=False, help_text="And for people.")


class EventsAnswer(serializers.Serializer[Any]):
    """``received = stored + duplicates + rejected``."""

    received = serializers.IntegerField()
    stored = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = serializers.IntegerField()
    results = EventResult(many=True)


class FieldProblem(serializers.Serializer[Any]):
    pointer = serializers.CharField(
        help_text="Where in the body, as a JSON Pointer; `?name` is a parameter of the address."
    )
    code = serializers.CharField()
    detail = serializers.CharField()
    line = serializers.IntegerField(required=False, help_text="In a rule that was sent as text, from 1 on.")
    column = serializers.IntegerField(required=False, help_text="From 1 on.")
    length = serializers.IntegerField(required=False)
    excerpt = serializers.CharField(required=False, help_text="The line, and carets below the place.")


class ProblemAnswer(serializers.Serializer[Any]):
    """A refusal, as RFC 9457 wants it. Refused batches of events have the members of EventsAnswer besides."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.ChoiceField(choices=list(KINDS))
    detail = serializers.CharField()
    instance = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`errors` cannot be declared above: a serializer has a property of this name."""
        return {**super().get_fields(), "errors": FieldProblem(many=True)}
