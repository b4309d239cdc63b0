"""``preview/``: what a rule would find, before it is saved. Nothing is written."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg import conf
from django_microseg.collect.money import from_minor, minor_exponent
from django_microseg.profile.models import Profile
from django_microseg.segment.judged import read_rule
from django_microseg.segment.preview import Buying, Mix, NearMiss, Preview, preview_rule
from django_microseg.segment.sentence import Labels, describe
from django_microseg.segment.text import render
from django_microseg.segment.vocabulary import build_labels

from . import operations
from .asked import PreviewRequest
from .failure import at_fault
from .permission import SEE_PEOPLE, WRITE_RULES, may
from .person_answer import person_fields
from .view import StaffView, read

__all__ = ["PreviewView"]


class PreviewView(StaffView):
    """How many, who they are and how they buy, for whoever may write rules."""

    needs = {"POST": (WRITE_RULES,)}

    @operations.PREVIEW
    def post(self, request: Request) -> Response:
        given = read(PreviewRequest, request.data)
        rule = read_rule(given["rule"], slug=given["slug"])
        other, labels = given["overlap"], build_labels()
        found = preview_rule(rule, overlap=other, now=timezone.now())
        if other and found.overlap is None:
            raise at_fault("#/overlap", "not_in_force", "No segment in force has this slug.")
        return Response(
            {
                "text": render(rule),
                "sentence": describe(rule, labels),
                **_figures(found),
                "near": [_near(each, labels) for each in found.near],
                "mixes": [_mix(each) for each in found.mixes],
                "overlap": found.overlap and asdict(found.overlap),
                "sample": _sample(found) if may(request.user, SEE_PEOPLE) else None,
            }
        )


def _figures(found: Preview) -> dict[str, Any]:
    return {
        "size": found.size,
        "people": found.people,
        "share": found.size / found.people if found.people else None,
        "is_estimate": found.is_estimate,
        "margin": found.margin,
        "asked": found.everybody.people,
        "identified": found.customers,
        "anonymous": max(found.size - found.customers, 0),
        "is_momentary": found.is_momentary,
        "inside": _buying(found.inside),
        "everybody": _buying(found.everybody),
        "currency": conf.get("CURRENCY"),
    }


def _near(near: NearMiss, labels: Labels) -> dict[str, Any]:
    """What is left out, or made easier; and the whole rule that this makes."""
    variant = near.variant
    return {
        "people": near.people,
        "margin": near.margin,
        "part": render(variant.part),
        "sentence": describe(variant.eased or variant.part, labels),
        "eased": None if variant.eased is None else render(variant.eased),
        "rule": render(variant.rule),
    }


def _mix(mix: Mix) -> dict[str, Any]:
    """Of so few that an index says little there is none."""
    return {
        "name": mix.name,
        "inside": mix.inside,
        "everybody": mix.everybody,
        "rows": [{**asdict(row), "index": row.index if mix.are_enough else None} for row in mix.rows],
    }


def _buying(buying: Buying) -> dict[str, Any]:
    """Of those who were asked; amounts are texts, so that no cent is lost on the way."""
    return {
        "people": buying.people,
        "buyers": buying.buyers,
        "conversion": buying.conversion,
        "orders": buying.orders,
        "average_order": None if buying.average_minor is None else _amount(buying.average_minor),
    }


def _amount(minor: int) -> str:
    currency = conf.get("CURRENCY")
    return f"{from_minor(minor, currency):.{minor_exponent(currency)}f}"


def _sample(found: Preview) -> list[dict[str, Any]]:
    return [person_fields(profile) for profile in Profile.objects.filter(pk__in=found.sample).order_by("pk")]
