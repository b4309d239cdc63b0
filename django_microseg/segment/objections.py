"""May this version go live? Everybody who puts a version in force on somebody's word asks here first.

`objections_to` is the one place that knows: the page of differences, the actions of the admin, the
schedule and `launch.put_in_force` go through it. Commands act as the operator and do not ask.

To object, write a judge in this room, decorate it with ``@judge`` and import its module where the
admin is put together. A judge takes a version that is not in force and the instant, changes
nothing, and yields what speaks against it; nothing means that it has no objection. It is asked on
each look at the page of differences, so it must not look at everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .errors import InvalidRule
from .frozen import is_own_list, is_unfinished
from .json_form import from_json
from .models import SegmentVersion
from .validate import validate
from .vocabulary import build_vocabulary

__all__ = ["Judge", "Objection", "judge", "objections_to", "standing"]


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against going live: ``text`` says what is wrong and what to do, ``details`` names each case.

    One that ``may_be_acknowledged`` is passed by whoever ticks it; any other has to be mended.
    ``code`` is a plain word, the same each time: the tick names it.
    """

    code: str
    text: str
    may_be_acknowledged: bool = False
    details: tuple[str, ...] = ()


Judge = Callable[[SegmentVersion, dt.datetime], Iterable[Objection]]

_judges: dict[str, Judge] = {}


def judge(asked: Judge) -> Judge:
    """Have a function asked about each version that shall go live."""
    _judges[f"{asked.__module__}.{asked.__qualname__}"] = asked
    return asked


def objections_to(version: SegmentVersion, *, now: dt.datetime) -> tuple[Objection, ...]:
    """Everything that speaks against putting a version in force now, those first that cannot be acknowledged."""
    found = [each for asked in _judges.values() for each in asked(version, now)]
    return tuple(sorted(found, key=lambda each: each.may_be_acknowledged))


def standing(objections: Iterable[Objection], acknowledged: Iterable[str]) -> tuple[Objection, ...]:
    """The objections that still stand when some codes were acknowledged."""
    passed = set(acknowledged)
    return tuple(each for each in objections if not (each.may_be_acknowledged and each.code in passed))


@judge
def _cannot_be_used(version: SegmentVersion, now: dt.datetime) -> Iterable[Objection]:
    """A rule that was right when it was saved may name what is gone by now, or close a circle with another."""
    try:
        rule = from_json(version.rule)
    except InvalidRule as error:
        yield Objection("rule", _("This rule can no longer be read: %s") % error.message)
        return
    if is_unfinished(version):
        yield Objection("rule", _("Its members have not all been noted yet. Wait, or discard it and freeze it again."))
    if is_own_list(version):
        return
    problems = validate(rule, build_vocabulary(), slug=version.segment.slug)
    if problems:
        text = _("This rule cannot be used as things are now. Change the rule, or what it names.")
        details = tuple(problem.full_message for problem in problems)
        yield Objection("rule", text, details=details)
