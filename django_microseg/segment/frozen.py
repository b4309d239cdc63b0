"""What a frozen segment is: a version whose rule asks for nothing but a list of its own.

Comes in: a stored rule. Goes out: which list it asks for. Lists that no version needs any more end here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from ..profile.fact_catalogue import is_list_name
from ..profile.lists import drop_lists, end_lists
from .json_form import to_json
from .models import Segment, SegmentVersion
from .rule import FactCondition

__all__ = ["end_unneeded", "forget_list", "frozen_rule", "is_frozen", "is_own_list", "is_unfinished", "list_of"]

State = SegmentVersion.State
_NEEDED = (State.LIVE, State.PREPARING, State.DRAFT)


def frozen_rule(name: str, day: dt.date) -> dict[str, Any]:
    """The rule (its JSON form) of a segment frozen on a day of the shop."""
    return to_json(FactCondition(name, "==", day.isoformat()))


def list_of(rule: Any) -> str | None:
    """The list that a stored rule asks for; None for a rule that somebody wrote."""
    condition = rule.get("rule") if isinstance(rule, dict) else None
    name = condition.get("fact") if isinstance(condition, dict) else None
    return name if isinstance(name, str) and is_list_name(name) else None


def is_frozen(version: SegmentVersion | None) -> bool:
    return version is not None and list_of(version.rule) is not None


def is_own_list(version: SegmentVersion) -> bool:
    """Whether the version asks for a list of its own segment, in the one way in which freezing asks."""
    name = list_of(version.rule) or ""
    return name.startswith(f"frozen_{version.segment_id}_") and version.rule["rule"].get("operator") == "=="


def is_unfinished(version: SegmentVersion) -> bool:
    """Whether its members are still being noted, or whoever noted them never came to the end."""
    return is_frozen(version) and version.state == State.DRAFT and version.worked_at is not None


def end_unneeded(versions: Collection[SegmentVersion], *, now: dt.datetime) -> None:
    """These went live: lists that no version in force or waiting needs end. One statement if none was ever frozen."""
    segments = {version.segment_id for version in versions}
    frozen = SegmentVersion.objects.filter(segment__in=segments, rule__rule__fact__startswith="frozen_")
    rows = [(list_of(rule) or "", state) for rule, state in frozen.values_list("rule", "state")]
    ended = {name for name, _ in rows} - {name for name, state in rows if state in _NEEDED} - {""}
    if ended:
        end_lists(ended, now=now)


def forget_list(segment: Segment, name: str) -> None:
    """A freezing was given up before it was in force; a list that another version asks for stays."""
    kept = segment.versions.exclude(state=State.DISCARDED).filter(rule__rule__fact=name)
    if not kept.exists():
        drop_lists([name])
