"""Which personas a change of rules would break, before it is in force.

Comes in: rules by slug, None for a segment that would be taken out of force. Goes out: the personas that would not be
where they belong, those first that are now. A change that breaks one is put in force only if somebody says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..rule import Rule
from ..vocabulary import build_labels
from .models import Persona
from .stored import Asked, ask_stored
from .verdict import Rules, Verdict, rules_in_force
from .why import complaints_of

__all__ = ["Broken", "broken_by", "fingerprint_of"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A persona that would not be where it belongs. ``is_new``: as far as it can be asked now, it is where it belongs.

    ``complaints`` say in words of which segments, and why.
    """

    persona_id: int
    name: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    is_new: bool
    complaints: tuple[str, ...]


def broken_by(changed: Mapping[str, Rule | None], *, now: dt.datetime) -> tuple[Broken, ...]:
    """Those that the changes, or what follows from them in other segments, concern. Four statements at most."""
    before = rules_in_force()
    after = before.with_changes(changed)
    concerned = before.users_of(changed) | after.users_of(changed)
    rows = [row for row in Persona.objects.all() if row.asked & concerned]
    if not rows:
        return ()
    standing = {each.row.pk: each for each in ask_stored(rows, before, now=now)}
    coming = ask_stored(rows, after, now=now)
    labels = build_labels() if any(_failures(each.verdict, concerned) for each in coming) else None
    found = (_broken(standing[each.row.pk], each, concerned, after, labels, now) for each in coming)
    return tuple(sorted((each for each in found if each), key=lambda each: (not each.is_new, each.name)))


def fingerprint_of(broken: Iterable[Broken]) -> str:
    """A short text that stands for what would break anew, so that a yes to one list is no yes to another."""
    said = [(each.persona_id, each.missing, each.extra) for each in broken if each.is_new]
    return hashlib.blake2b(repr(sorted(said)).encode(), digest_size=8).hexdigest() if said else ""


def _broken(
    before: Asked, after: Asked, concerned: frozenset[str], rules: Rules, labels: object, now: dt.datetime
) -> Broken | None:
    missing, extra = _failing(after.verdict, concerned)
    if (not missing and not extra) or after.story is None:
        return None
    is_new = bool(_failures(after.verdict, concerned) - _failures(before.verdict, concerned))
    shown = Verdict(after.row.name, missing, extra)
    complaints = complaints_of(after.story, shown, rules, labels=labels, now=now)
    return Broken(after.row.pk, after.row.name, missing, extra, is_new, tuple(complaints))


def _failing(verdict: Verdict | None, concerned: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if verdict is None:
        return (), ()
    return tuple(s for s in verdict.missing if s in concerned), tuple(s for s in verdict.extra if s in concerned)


def _failures(verdict: Verdict | None, concerned: frozenset[str]) -> frozenset[str]:
    missing, extra = _failing(verdict, concerned)
    return frozenset((*missing, *extra))
