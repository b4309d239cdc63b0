"""What `explain` answers: frozen values that a page, a command and an API show alike."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

__all__ = ["Change", "ConditionTrace", "Evidence", "Explanation"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A past event that a condition counts. ``detail`` says what of it matters, in words."""

    occurred_at: dt.datetime
    event: str
    detail: str


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """One condition: is it met, what is, what is needed, and when that changes.

    ``is_met`` None is unknown: something that the condition asks for is missing. ``met_since`` is
    given only for what is met; ``changes_at`` is when time alone changes the answer, None if it
    never does. ``depth`` is how deep in groups it stands.
    """

    text: str
    sentence: str
    depth: int
    is_met: bool | None
    actual: str
    needed: str
    evidence: tuple[Evidence, ...]
    evidence_total: int
    met_since: dt.datetime | None
    changes_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change found that would let the person in, tried out before it is told.

    ``kind`` is ``events`` (something more must happen), ``fact`` (something must be known),
    ``context`` (something must be so at the moment) or ``wait``. ``steps`` are in words.
    """

    kind: str
    steps: tuple[str, ...]
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a profile is in a segment at an instant, or is not."""

    segment: str
    profile_id: int
    now: dt.datetime
    is_member: bool
    sentence: str
    conditions: tuple[ConditionTrace, ...]
    since: dt.datetime | None
    leaves_at: dt.datetime | None
    joins_at: dt.datetime | None
    change: Change | None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; instants in ISO 8601, UTC."""
        return _plain(dataclasses.asdict(self))  # type: ignore[no-any-return]

    def lines(self) -> Iterator[str]:
        """The answer as text, most important line first."""
        yield (_("In “%s”.") if self.is_member else _("Not in “%s”.")) % self.segment
        yield _("The rule: %s.") % self.sentence
        for trace in self.conditions:
            yield from _trace_lines(trace)
        for label, moment in (
            (_("In since"), self.since),
            (_("Leaves, if nothing happens, at"), self.leaves_at),
            (_("Joins, if nothing happens, at"), self.joins_at),
        ):
            if moment is not None:
                yield f"{label} {_moment(moment)}."
        if self.change is not None:
            yield _("The smallest change that would let them in: %s.") % "; ".join(self.change.steps)


def _trace_lines(trace: ConditionTrace) -> Iterator[str]:
    answer = {True: _("yes"), False: _("no"), None: _("unknown")}[trace.is_met]
    indent = "  " * (trace.depth + 1)
    yield f"{indent}[{answer}] {trace.sentence}"
    facts = [_("is %(actual)s, needs %(needed)s") % {"actual": trace.actual, "needed": trace.needed}]
    if trace.met_since is not None:
        facts.append(_("met since %s") % _moment(trace.met_since))
    if trace.changes_at is not None:
        facts.append(_("changes at %s") % _moment(trace.changes_at))
    yield f"{indent}  {', '.join(facts)}"


def _moment(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value
