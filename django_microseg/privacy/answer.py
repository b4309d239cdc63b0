"""Puts a visitor's answer to the consent question on record, and says what holds from then on.

Comes in: the cookie of a visitor who had consented before, if there is one, and the purposes they
allow now. Goes out: an `Answer`, or None where consent was given and could not be recorded: what
cannot be proven is no consent. A refusal holds whatever happens to the ledger.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from .. import conf
from ..decide.guard import Guard
from ..profile.visitor_id import VisitorCookie, new_visitor_key
from .consent import Consent
from .ledger import record_choice

__all__ = ["Answer", "record_answer"]

_RECORDING = Guard("record a consent", breaker=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """``cookie`` is what the browser shall carry; None: nothing."""

    consent: Consent
    cookie: VisitorCookie | None


def record_answer(cookie: VisitorCookie | None, purposes: Collection[str]) -> Answer | None:
    """The answer that stands now, and is on record."""
    consent = Consent(is_asked=True, purposes=frozenset(purposes))
    if consent.may_be_remembered:
        return _allow(cookie, consent)
    if cookie is not None:
        _record(cookie, ())
    return Answer(consent, None)


def _allow(known: VisitorCookie | None, consent: Consent) -> Answer | None:
    cookie = known or VisitorCookie(new_visitor_key())
    is_recorded = _record(cookie, consent.purposes)
    if is_recorded is False:  # an id that was erased; this is a new consent, so a new id
        cookie = VisitorCookie(new_visitor_key())
        is_recorded = _record(cookie, consent.purposes)
    return Answer(consent, cookie) if is_recorded else None


def _record(cookie: VisitorCookie, purposes: Collection[str]) -> bool | None:
    """Whether the ledger took it; None if it could not be asked."""
    return _RECORDING.run(
        lambda: record_choice(
            cookie.visitor_key,
            purposes,
            text_version=conf.get("CONSENT_TEXT_VERSION"),
            now=timezone.now(),
        ),
        None,
        about=f"visitor {cookie.visitor_key[:8]}",
    )
