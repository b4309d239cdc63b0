"""What the answer about the fields of rules looks like: what a rule may name, and how each can be compared."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_microseg.segment.models import Segment

__all__ = ["FieldsAnswer"]

_ANYTHING: dict[str, Any] = {}


@extend_schema_field(_ANYTHING)
class _Anything(serializers.Field[Any, Any, Any, Any]):
    """Any value of JSON."""


class TermAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField()
    bounds = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    operators = serializers.ListField(
        child=serializers.CharField(),
        help_text="What it may be compared by: of a filter the tests (op) of a tree, of a figure of the shop what a "
        "figure may be compared with it by.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`label` cannot be declared above: a serializer has an attribute of this name."""
        return {**super().get_fields(), "label": serializers.CharField()}


class ContextAnswer(TermAnswer):
    usual = serializers.ListField(child=serializers.CharField())
    is_momentary = serializers.BooleanField()


class EventAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    is_group = serializers.BooleanField()
    filters = TermAnswer(many=True, help_text="What where(…) may ask of it.")
    aggregated = TermAnswer(many=True, help_text="What an aggregate may take of it.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "label": serializers.CharField()}


class AggregateAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    example = serializers.CharField()
    field = serializers.CharField(help_text="Which fields it takes: number, text, or none.")
    unit = serializers.CharField()
    takes_part = serializers.BooleanField()
    takes_after = serializers.BooleanField()
    operators = serializers.ListField(
        child=serializers.CharField(),
        help_text="What its figure may be compared by; of the kind field, besides what the property may be.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "label": serializers.CharField()}


class NamedSegment(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Segment.State.choices)


class ParameterAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    is_required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        own = {"label": serializers.CharField(), "default": _Anything()}
        return {**super().get_fields(), **own}


class ConditionTypeAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    parameters = ParameterAnswer(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "label": serializers.CharField()}


class FieldsAnswer(serializers.Serializer[Any]):
    """What a rule may name, and how each can be compared."""

    events = EventAnswer(many=True)
    facts = TermAnswer(many=True)
    shop = TermAnswer(many=True, help_text="Figures over everybody to compare with.")
    aggregates = AggregateAnswer(many=True)
    segments = NamedSegment(many=True)
    conditions = ConditionTypeAnswer(many=True, help_text="Conditions of the shop's own.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "context": ContextAnswer(many=True)}
