"""What requests of staff must look like: bodies, and parameters of addresses.

A key that nothing reads is refused, so that a slip of the pen does not pass for a change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.validators import validate_slug
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_microseg.segment.filing import LONGEST_FOLDER, LONGEST_TAGS
from django_microseg.segment.full_run import WAYS
from django_microseg.segment.members import KINDS
from django_microseg.segment.models import Segment
from django_microseg.segment.rulebook import shop_zone

from .cursor import MOST_ROWS, ROWS

__all__ = [
    "MOST_DAYS",
    "ORDERS",
    "ExplainRequest",
    "GrowthParameters",
    "MembersParameters",
    "NewSegment",
    "NoBody",
    "PageParameters",
    "PreviewRequest",
    "PublishRequest",
    "RevertRequest",
    "RunRequest",
    "SegmentChange",
    "SegmentsParameters",
]

MOST_DAYS = 730
#: What a list may be ordered by, and the fields that this is; ``ranked_size`` is -1 for what was never counted.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "slug": ("slug",),
    "-slug": ("-slug",),
    "name": ("name", "slug"),
    "-name": ("-name", "-slug"),
    "size": ("ranked_size", "slug"),
    "-size": ("-ranked_size", "slug"),
}
_NOTE = "Why; it stands in the history."
_RULE = {
    "oneOf": [
        {"type": "string", "description": "As text: docs/conditions.md."},
        {"type": "object", "additionalProperties": {}, "description": "As a tree: docs/conditions.md."},
    ]
}


class _Strict(serializers.Serializer[Any]):
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = ", ".join(self.fields) or "nothing"
            unknown = {
                str(name): [f"Nothing reads this: known is {known}."] for name in data if name not in self.fields
            }
            if unknown:
                raise serializers.ValidationError(unknown, code="unknown")
        return super().to_internal_value(data)


@extend_schema_field(_RULE)
class RuleField(serializers.Field[Any, Any, Any, Any]):
    """A rule as text or as a tree. What it says is judged elsewhere."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data.strip():
            return data
        if isinstance(data, Mapping):
            return dict(data)
        raise serializers.ValidationError("Send the rule as text, or as a tree: an object with version and rule.")


class ShopTime(serializers.DateTimeField):
    """An instant in ISO 8601; one that names no zone is by a clock in the shop."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["iso-8601"], **options)

    def default_timezone(self) -> dt.tzinfo:
        return shop_zone()


class _Filed(_Strict):
    """Where a segment is filed, who answers for it, and when it starts and ends by itself."""

    folder = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_FOLDER, help_text="A path, such as: Retention / Win back."
    )
    tags = serializers.ListField(child=serializers.CharField(max_length=LONGEST_TAGS), required=False, max_length=100)
    owner = serializers.CharField(
        required=False, allow_blank=True, max_length=150, help_text="The user name of a member of staff."
    )
    purpose = serializers.CharField(
        required=False, allow_blank=True, max_length=300, help_text="What it may be used for."
    )
    in_force_from = ShopTime(
        required=False, allow_null=True, help_text="The waiting rule goes live then by itself; null: it does not."
    )
    in_force_until = ShopTime(required=False, allow_null=True, help_text="It is paused then by itself.")


class NewSegment(_Filed):
    """A draft. Its slug is what templates and experiences name, so it never changes and is never reused."""

    slug = serializers.CharField(max_length=64, validators=[validate_slug])
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, default="", allow_blank=True, max_length=10_000)
    rule = RuleField()
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200, help_text=_NOTE)


class SegmentChange(_Filed):
    """What is to be another; what is left out stays. A rule becomes a draft, in force when it is published."""

    name = serializers.CharField(required=False, max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    rule = RuleField(required=False)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200, help_text=_NOTE)


class PublishRequest(_Strict):
    acknowledged = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, default=list, max_length=50,
        help_text="Codes of objections that you have read and pass; some have to be mended instead.",
    )  # fmt: skip


class RevertRequest(_Strict):
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Of the version to go back to.")
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200, help_text=_NOTE)


class NoBody(_Strict):
    """Nothing is to be said: an empty object, or no body at all."""


class PreviewRequest(_Strict):
    rule = RuleField()
    slug = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=64,
        help_text="Of the segment that the rule is for, so that it is not allowed to use itself.",
    )  # fmt: skip
    overlap = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=64,
        help_text="The slug of a segment in force: how many are in both?",
    )  # fmt: skip


class ExplainRequest(_Strict):
    """Exactly one of the two. It is a body, so that no address of a log names anybody."""

    who = serializers.CharField(
        required=False, max_length=200, help_text="Customer key, visitor id, e-mail address or loyalty number, whole."
    )
    profile = serializers.UUIDField(required=False, help_text="The profile's key, as the list of members has it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Send either who or profile.")
        return attrs


class RunRequest(_Strict):
    by = serializers.ChoiceField(
        choices=list(WAYS), required=False, default=WAYS[0],
        help_text="fold reads every event and leaves states behind; scan asks the database.",
    )  # fmt: skip


class PageParameters(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, default="", help_text="What `next` of the page before says.")
    page_size = serializers.IntegerField(required=False, default=ROWS, min_value=1, max_value=MOST_ROWS)


class SegmentsParameters(PageParameters):
    state = serializers.MultipleChoiceField(
        choices=Segment.State.choices, required=False, help_text="Repeat it for several; without it all."
    )
    search = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=200,
        help_text="In slug, name, description, folder and tags.",
    )
    folder = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_FOLDER,
        help_text="What lies in it, or in a folder below it.",
    )  # fmt: skip
    tag = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_TAGS)
    ordering = serializers.ChoiceField(choices=list(ORDERS), required=False, default="slug")


class MembersParameters(PageParameters):
    kind = serializers.ChoiceField(choices=list(KINDS), required=False, help_text="Without it all.")


class GrowthParameters(serializers.Serializer[Any]):
    days = serializers.IntegerField(required=False, default=30, min_value=1, max_value=MOST_DAYS)
