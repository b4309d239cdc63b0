"""What answers to staff look like, for the schema and for those who read it. A test holds both to the same."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_microseg.segment.models import Segment, SegmentVersion

from ..answered import ProblemAnswer

__all__ = [
    "DifferenceAnswer",
    "ExplanationAnswer",
    "GrowthAnswer",
    "InUseAnswer",
    "MembersPage",
    "ObjectedAnswer",
    "PageAnswer",
    "PausedAnswer",
    "PreviewAnswer",
    "SegmentAnswer",
    "SegmentsPage",
    "VersionsPage",
]


@extend_schema_field({"type": "object", "additionalProperties": {}})
class _Tree(serializers.Field[Any, Any, Any, Any]):
    """A rule as a tree."""


class PageAnswer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="Where the list goes on; null at its end.")


# -- segments


class VersionAnswer(serializers.Serializer[Any]):
    """A rule in three forms, and when it was in force."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SegmentVersion.State.choices)
    rule = _Tree()
    text = serializers.CharField(help_text="Empty for a rule that can no longer be read.")
    sentence = serializers.CharField(help_text="In words, as it follows “somebody who …”.")
    author = serializers.CharField()
    note = serializers.CharField()
    approved_by = serializers.CharField(help_text="Empty where nobody has approved it.")
    approved_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    live_from = serializers.DateTimeField(allow_null=True)
    live_until = serializers.DateTimeField(allow_null=True)
    prepared_percent = serializers.IntegerField(
        allow_null=True, help_text="Of how many of 100 people it has been asked; null: not being prepared."
    )


class SegmentAnswer(serializers.Serializer[Any]):
    """Numbers are null for what was never counted.

    ``live`` is the rule in force; ``newest`` is the draft, or else the last one.
    """

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    folder = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    owner = serializers.CharField(help_text="The user name of who answers for it.")
    purpose = serializers.CharField()
    managed_by = serializers.CharField(help_text="The file that it comes from, and is changed in; often empty.")
    in_force_from = serializers.DateTimeField(allow_null=True, help_text="When the waiting rule goes live by itself.")
    in_force_until = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=Segment.State.choices)
    size = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text="Of all people, from 0 to 1.")
    identified = serializers.IntegerField(allow_null=True, help_text="How many of them are customers.")
    anonymous = serializers.IntegerField(allow_null=True, help_text="How many are visitors without a name.")
    counted_at = serializers.DateTimeField(allow_null=True)
    is_momentary = serializers.BooleanField(
        help_text="More are in it at the right moment: the rule asks for what is known only while somebody is here."
    )
    live = VersionAnswer(allow_null=True)
    newest = VersionAnswer(allow_null=True)
    etag = serializers.CharField(help_text="For If-Match, without quotes; figures do not change it, editors do.")


class UseAnswer(serializers.Serializer[Any]):
    """Something that goes by a segment."""

    kind = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()
    where = serializers.CharField()
    is_over = serializers.BooleanField(help_text="Whether it is past use itself.")


class PausedAnswer(SegmentAnswer):
    uses = UseAnswer(many=True, help_text="What goes by it, although nobody is in it now.")


class InUseAnswer(ProblemAnswer):
    uses = UseAnswer(many=True, required=False, help_text="With the code in_use: take the segment out there first.")


class ObjectionAnswer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="What `acknowledged` names.")
    text = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())
    may_be_acknowledged = serializers.BooleanField(help_text="Any other has to be mended.")


class ObjectedAnswer(ProblemAnswer):
    objections = ObjectionAnswer(many=True, required=False, help_text="With the code objected.")


class SegmentsPage(PageAnswer):
    results = SegmentAnswer(many=True)


class VersionsPage(PageAnswer):
    results = VersionAnswer(many=True)


class GrowthDay(serializers.Serializer[Any]):
    """A day of the shop's calendar. Null is what nobody counted."""

    day = serializers.DateField()
    size = serializers.IntegerField(allow_null=True)
    joined = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    by_rule = serializers.IntegerField(allow_null=True, help_text="What a changed rule brought, or took away.")
    is_recomputed = serializers.BooleanField(allow_null=True, help_text="Worked out afterwards, by the later rule.")


class GrowthChange(serializers.Serializer[Any]):
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    difference = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    days = serializers.IntegerField()


class GrowthAnswer(serializers.Serializer[Any]):
    days = GrowthDay(many=True)
    joined = serializers.IntegerField(help_text="After the first day that is known.")
    left = serializers.IntegerField()
    change = GrowthChange(allow_null=True, help_text="From the first day that is known to the last.")


# -- people


class PersonAnswer(serializers.Serializer[Any]):
    profile = serializers.UUIDField()
    customer = serializers.CharField(allow_null=True, help_text="The shop's own key; null for a visitor.")
    name = serializers.CharField()


class MemberAnswer(PersonAnswer):
    since = serializers.DateTimeField()


class MembersPage(PageAnswer):
    results = MemberAnswer(many=True)


class EvidenceAnswer(serializers.Serializer[Any]):
    occurred_at = serializers.DateTimeField()
    event = serializers.CharField()
    detail = serializers.CharField()


class ConditionAnswer(serializers.Serializer[Any]):
    """``is_met`` null is unknown: something that the condition asks for is missing."""

    text = serializers.CharField()
    sentence = serializers.CharField()
    depth = serializers.IntegerField(help_text="How deep in groups it stands.")
    is_met = serializers.BooleanField(allow_null=True)
    actual = serializers.CharField()
    needed = serializers.CharField()
    evidence = EvidenceAnswer(many=True, help_text="The last events that it counts.")
    evidence_total = serializers.IntegerField()
    met_since = serializers.DateTimeField(allow_null=True)
    changes_at = serializers.DateTimeField(allow_null=True, help_text="When time alone changes the answer.")


class SmallestChange(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["events", "fact", "context", "wait"])
    steps = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField(allow_null=True)


class ExplanationAnswer(PersonAnswer):
    segment = serializers.CharField()
    now = serializers.DateTimeField()
    is_member = serializers.BooleanField()
    sentence = serializers.CharField()
    conditions = ConditionAnswer(many=True)
    since = serializers.DateTimeField(allow_null=True)
    leaves_at = serializers.DateTimeField(allow_null=True)
    joins_at = serializers.DateTimeField(allow_null=True)
    change = SmallestChange(allow_null=True, help_text="The smallest change that would let them in.")


# -- what would change


class MovementAnswer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    margin = serializers.IntegerField(help_text="How far off that may be; 0 where all were asked.")


class NamedMovement(MovementAnswer):
    sample = PersonAnswer(many=True, allow_null=True, help_text="Some of them; null for who may not see people.")


class FollowerAnswer(serializers.Serializer[Any]):
    """A segment in force that uses this one, itself or through another."""

    slug = serializers.CharField()
    name = serializers.CharField()
    came = MovementAnswer()
    left = MovementAnswer()


class ChangeAnswer(serializers.Serializer[Any]):
    people = serializers.IntegerField(help_text="How many there are in all.")
    asked = serializers.IntegerField(help_text="How many were asked.")
    is_estimate = serializers.BooleanField()
    is_momentary = serializers.BooleanField()
    before = serializers.IntegerField(help_text="How many are in it by the rule in force.")
    after = serializers.IntegerField()
    came = NamedMovement()
    left = NamedMovement()
    followers = FollowerAnswer(many=True)


class DifferenceAnswer(serializers.Serializer[Any]):
    live = VersionAnswer(allow_null=True)
    waiting = VersionAnswer()
    difference = ChangeAnswer(allow_null=True, help_text="Null for a rule that can no longer be read.")
    uses = UseAnswer(many=True, help_text="What goes by this segment, or by one of the followers.")
    objections = ObjectionAnswer(many=True)
    may_approve = serializers.BooleanField(help_text="Whether it waits for an approval that you may give.")


# -- preview


class BuyingAnswer(serializers.Serializer[Any]):
    people = serializers.IntegerField(help_text="Of those who were asked.")
    buyers = serializers.IntegerField()
    conversion = serializers.FloatField(allow_null=True)
    orders = serializers.IntegerField()
    average_order = serializers.CharField(allow_null=True, help_text="An amount in the currency, such as 20.00.")


class NearMissAnswer(serializers.Serializer[Any]):
    """How many more would be in it if one part of the rule were left out, or one step easier."""

    people = serializers.IntegerField()
    margin = serializers.IntegerField()
    part = serializers.CharField(help_text="The part of the rule that keeps them out.")
    sentence = serializers.CharField()
    eased = serializers.CharField(allow_null=True, help_text="What it would be instead; null: it is left out.")
    rule = serializers.CharField(help_text="The whole rule with that.")


class MixRowAnswer(serializers.Serializer[Any]):
    value = serializers.CharField()
    inside = serializers.FloatField(help_text="Of those in it, from 0 to 1.")
    everybody = serializers.FloatField()
    index = serializers.IntegerField(allow_null=True, help_text="100 is as everybody; null of too few people.")


class MixAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    inside = serializers.IntegerField(help_text="Of how many of those in it the value is known.")
    everybody = serializers.IntegerField()
    rows = MixRowAnswer(many=True)


class OverlapAnswer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    other = serializers.IntegerField(help_text="How many are in the other segment.")
    both = serializers.IntegerField()
    margin = serializers.IntegerField()


class PreviewAnswer(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="The rule as it would be saved.")
    sentence = serializers.CharField()
    size = serializers.IntegerField()
    people = serializers.IntegerField(help_text="How many there are in all.")
    share = serializers.FloatField(allow_null=True)
    is_estimate = serializers.BooleanField(help_text="Whether only a random part of all people was asked.")
    margin = serializers.IntegerField(help_text="How far off the size may be; 0 where all were asked.")
    asked = serializers.IntegerField(help_text="How many were asked.")
    identified = serializers.IntegerField()
    anonymous = serializers.IntegerField()
    is_momentary = serializers.BooleanField()
    inside = BuyingAnswer()
    everybody = BuyingAnswer()
    currency = serializers.CharField()
    near = NearMissAnswer(many=True, help_text="Those that bring most first.")
    mixes = MixAnswer(many=True, help_text="Where they were last seen, against everybody.")
    overlap = OverlapAnswer(allow_null=True)
    sample = PersonAnswer(many=True, allow_null=True, help_text="Some of them; null for who may not see people.")
