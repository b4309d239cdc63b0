"""Why an event could not be stored: a code for machines and a sentence for people.

`REASONS` is the full list. `Rejected` carries one of them with a detail that says where the fault
is and what to send instead; details never repeat values, which may be personal.
"""

from __future__ import annotations

__all__ = ["REASONS", "Rejected"]

REASONS = {
    "bad_id": "An id is no text, is too long, or stands for nobody.",
    "bad_money": "An amount or currency cannot be read, is negative, or is out of range.",
    "bad_number": "A number cannot be read, is negative, or is out of range.",
    "bad_time": "The time cannot be read or lies before 1971.",
    "bad_type": "A value is of the wrong type.",
    "consent_withdrawn": "The visitor withdrew their consent while the event waited; nothing of it was kept.",
    "derived_only": "We make these events ourselves from others.",
    "erased_person": "We were asked to forget this person; nothing of the event was kept.",
    "missing_property": "A property without which the event means nothing is missing.",
    "no_person": "The event names neither a visitor nor a customer.",
    "not_public": "A browser may not send this event.",
    "nul_or_surrogate": "A text holds a NUL character or half of a surrogate pair.",
    "too_deep": "The properties are nested too deeply.",
    "too_large": "The event, or a part of it, is too large.",
    "unreadable": "Reading the event failed unexpectedly; the log says how.",
    "unstorable": "Storing the event failed again and again; the log says how.",
    "unknown_event": "No event of this name is in the catalogue.",
}


class Rejected(Exception):
    """An event is refused; it goes to quarantine with this reason."""

    def __init__(self, reason: str, detail: str) -> None:
        assert reason in REASONS, reason
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
