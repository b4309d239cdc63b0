"""What goes by a segment: other segments, and whatever later rooms have, such as experiences and offers.

Later rooms answer `uses_asked`, because this one knows nothing of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from .errors import InvalidRule
from .models import Segment, SegmentVersion
from .publication import references_of

__all__ = ["Use", "uses_asked", "uses_of"]

#: Sent with ``slugs`` and ``now``; each receiver answers with a sequence of `Use`.
uses_asked = Signal()

_Version = SegmentVersion.State


@dataclass(frozen=True, slots=True)
class Use:
    """Something that goes by a segment. ``where`` says where it is seen, ``is_over`` whether it is past use."""

    row: Model
    kind: str
    state: str
    where: str = ""
    is_over: bool = False

    @property
    def name(self) -> str:
        return str(self.row)


def uses_of(slugs: Collection[str], *, now: dt.datetime) -> tuple[Use, ...]:
    """Everything that goes by one of these segments, in any state; segments come last."""
    wanted = frozenset(slugs)
    answers: list[tuple[Any, Any]] = uses_asked.send(Segment, slugs=wanted, now=now)
    return (*(use for _receiver, uses in answers for use in uses), *_segments(wanted))


def _segments(wanted: frozenset[str]) -> list[Use]:
    """Segments whose rule in force, last rule or draft names one of these; not those that are archived."""
    asked = SegmentVersion.objects.filter(
        Q(state__in=[_Version.LIVE, _Version.PREPARING, _Version.DRAFT]) | Q(segment__live_version=None)
    )
    rules = asked.exclude(segment__state=Segment.State.ARCHIVED).exclude(segment__slug__in=wanted)
    rows = rules.exclude(state=_Version.DISCARDED).order_by("segment", "number").values_list("segment", "state", "rule")
    newest: dict[tuple[int, bool], object] = {(segment, state == _Version.DRAFT): rule for segment, state, rule in rows}
    found = {segment for (segment, _), rule in newest.items() if _names(rule, wanted)}
    return [
        Use(segment, _("segment"), str(segment.get_state_display()))
        for segment in Segment.objects.filter(pk__in=found).order_by("name")
    ]


def _names(rule: object, wanted: frozenset[str]) -> bool:
    text = str(rule)
    if "'custom'" not in text and not any(f"'{slug}'" in text for slug in wanted):
        return False  # most rules are told apart without reading them
    try:
        return not references_of(rule).isdisjoint(wanted)  # type: ignore[arg-type]
    except InvalidRule:
        return False
