"""``GET me/``: what this visitor is to the shop at the moment."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils.http import parse_etags, quote_etag
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg import conf
from django_microseg.collect.page import UNKNOWN_PAGE
from django_microseg.decide.standing import members_since
from django_microseg.decide.visitor import Visitor

from . import operations
from .view import ApiView

__all__ = ["MeView", "consent_of"]


class MeView(ApiView):
    """Segments, consent and experiences of the visitor; told apart by an ETag."""

    @operations.ME
    def get(self, request: Request) -> Response:
        self.visitor.look_at(UNKNOWN_PAGE)
        answer = _standing_of(self.visitor)
        etag = quote_etag(hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:32])
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if _is_known(etag, request.headers.get("If-None-Match", "")):
            return Response(status=304, headers=headers)
        return Response(answer, headers=headers)


def consent_of(visitor: Visitor) -> dict[str, Any]:
    """What the visitor allows, as every answer about consent says it."""
    consent = visitor.consent
    return {
        "asked": consent.is_asked,
        "purposes": sorted(consent.purposes),
        "version": conf.get("CONSENT_TEXT_VERSION"),
    }


def _standing_of(visitor: Visitor) -> dict[str, Any]:
    since = members_since(visitor)
    decided = [visitor.decide(slot) for slot in visitor.slots]
    return {
        "consent": consent_of(visitor),
        "recognised": bool(visitor.key),
        "returning": None if visitor.visit is None else visitor.visit.number > 1,
        "segments": [
            {"slug": slug, "since": None if at is None else at.isoformat()} for slug, at in sorted(since.items())
        ],
        "experiences": [
            {"slot": each.slot, "experience": each.choice.slug, "kind": each.choice.kind}
            for each in decided
            if each.choice is not None
        ],
    }


def _is_known(etag: str, none_match: str) -> bool:
    """A proxy that compresses marks the tag as weak; the content is the same."""
    return etag in {tag.removeprefix("W/") for tag in parse_etags(none_match)}
