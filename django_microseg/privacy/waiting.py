"""What waits in the stream of events and is a person's, for exports and erasures.

A shop that names no stream has none. One that does not answer makes an erasure fail, so that it is tried again.
"""

from __future__ import annotations

from ..collect.sinks import waiting
from ..collect.sinks.stream import is_there
from .mention import mentions
from .registry import Row
from .subject import Subject

__all__ = ["erase", "find"]


def find(subject: Subject) -> Row:
    """The person's events that wait, as they stand in line."""
    return {**waiting.find(_wanted(subject))} if is_there() else {}


def erase(subject: Subject) -> int:
    """Take them out of the line; how many there were."""
    return waiting.take_out(_wanted(subject)) if is_there() else 0


def _wanted(subject: Subject) -> waiting.Wanted:
    ids = (*subject.visitor_keys, *subject.profile_keys)
    keys = (*subject.customer_keys, *subject.words)
    return waiting.Wanted(subject.visitor_keys, subject.customer_keys, mentions(ids=ids, keys=keys))
