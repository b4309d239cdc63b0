"""``preview/``: what a rule would find, before it is saved. Nothing is written."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg import conf
from django_microseg.collect.money import from_minor, minor_exponent
from django_microseg.profile.models import Profile
from django_microseg.segment.judged import read_rule
from django_microseg.segment.preview import Buying, Preview, preview_rule
from django_microseg.segment.sentence import describe
from django_microseg.segment.text import render
from django_microseg.segment.vocabulary import build_labels

from . import operations
from .asked import PreviewRequest
from .people import person_fields
from .permission import SEE_PEOPLE, WRITE_RULES, may
from .view import StaffView, read

__all__ = ["PreviewView"]


class PreviewView(StaffView):
    """How many, who they are and how they buy, for whoever may write rules."""

    needs = {"POST": (WRITE_RULES,)}

    @operations.PREVIEW
    def post(self, request: Request) -> Response:
        given = read(PreviewRequest, request.data)
        rule = read_rule(given["rule"], slug=given["slug"])
        found = preview_rule(render(rule), slug=given["slug"], now=timezone.now())
        return Response(
            {
                "text": render(rule),
                "sentence": describe(rule, build_labels()),
                **_figures(found),
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
