"""What answers about runs look like."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from django_microseg.segment.models import RefreshRun

from .answered import PageAnswer

__all__ = ["RunAnswer", "RunsPage"]


class _RunFields(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField(help_text="full: everybody; sweep: who was due; population: the shop's own figures.")
    state = serializers.ChoiceField(choices=RefreshRun.State.choices)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    asked_by = serializers.CharField()
    by = serializers.CharField()
    profiles = serializers.IntegerField()
    entered = serializers.IntegerField()
    left = serializers.IntegerField()
    error = serializers.CharField()


class ProgressAnswer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    entered = serializers.IntegerField()
    left = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True, help_text="People a second.")
    seconds_left = serializers.FloatField(allow_null=True)
    error = serializers.CharField(help_text="The last thing that went wrong, in a running one too.")


class RunAnswer(_RunFields):
    progress = ProgressAnswer(allow_null=True, help_text="Of full runs alone.")


class ListedRun(_RunFields):
    pass


class RunsPage(PageAnswer):
    results = ListedRun(many=True)
