"""Everything that the overview and its alerts go by, read once: as many statements, whatever the shop holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ...decide.models import Experience
from ...decide.switch import Stop, current_stop
from ...segment.runs import SWEEP
from .groups import Group, groups_at
from .intake import Intake, intake_of
from .people import People, people_at
from .signs import Sign, signs_of_life
from .work import Line, RunRow, line_of_events, runs_at, undelivered

__all__ = ["Situation", "Stranded", "situation_at"]


@dataclass(frozen=True, slots=True)
class Stranded:
    """An experience that is live for segments which are not in force; their slugs."""

    pk: int
    name: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """``undelivered`` and ``line`` are None where the shop has no such thing."""

    now: dt.datetime
    signs: tuple[Sign, ...]
    intake: Intake
    people: People
    groups: tuple[Group, ...]
    runs: tuple[RunRow, ...]
    undelivered: int | None
    line: Line | None
    stop: Stop | None
    stranded: tuple[Stranded, ...]

    @property
    def is_empty(self) -> bool:
        """Nobody and nothing has come in yet."""
        return not (self.people.everybody or self.intake.stored or self.intake.lately.received)


def situation_at(now: dt.datetime) -> Situation:
    groups, runs = groups_at(now), runs_at(now)
    swept = max((run.started_at for run in runs if run.kind == SWEEP), default=None)
    return Situation(
        now=now,
        signs=signs_of_life(swept, now=now),
        intake=intake_of(now),
        people=people_at(now),
        groups=groups,
        runs=runs,
        undelivered=undelivered(now),
        line=line_of_events(),
        stop=current_stop(),
        stranded=_stranded({group.slug for group in groups if group.is_active}),
    )


def _stranded(active: set[str]) -> tuple[Stranded, ...]:
    live = Experience.objects.filter(state=Experience.State.LIVE).order_by("name", "pk")
    found = []
    for pk, name, slugs in live.values_list("pk", "name", "segments"):
        missing = tuple(sorted(set(slugs) - active))
        if missing:
            found.append(Stranded(pk, name, missing))
    return tuple(found)
