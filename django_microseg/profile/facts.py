"""Declares facts of people: what they told us or what another system knows of them.

Comes in: a profile, a fact's name and its value, with source and validity. Goes out: one row per
declaration, and a signal. Nothing is overwritten: the row that began last counts while it is
valid, so a tier that ends gives way to the one before it. Declaring again what already counts
writes nothing. ``None`` ends a fact.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Q

from .. import conf
from .fact_catalogue import FACTS, Encoded, FactValue, InvalidFact, encode_fact, fact_type, reserved_facts
from .lock import follow, lock_profiles, retrying
from .models import Fact, Profile
from .signals import facts_changed

__all__ = ["Declaration", "reserved_now", "set_fact", "set_facts", "standing_facts", "valid_at"]

_Histories = dict[tuple[int, str], list[Fact]]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One fact of one profile. ``valid_from`` None means from now on; ``valid_until`` None, open."""

    profile_id: int
    name: str
    value: FactValue | None
    source: str
    valid_from: dt.datetime | None = None
    valid_until: dt.datetime | None = None
    confidence: int = 100


_Judged = tuple[Declaration, Encoded | None]


def reserved_now() -> frozenset[str]:
    """The facts that no rule and no form of this shop may ask for."""
    return reserved_facts(conf.get("FACTS"), conf.get("SPECIAL_CATEGORIES_IN_RULES"))


def valid_at(now: dt.datetime) -> Q:
    """Facts that are valid at an instant."""
    return Q(valid_from__lte=now) & (Q(valid_until=None) | Q(valid_until__gt=now))


def standing_facts(
    profile_ids: Collection[int], names: Collection[str], now: dt.datetime
) -> dict[tuple[int, str], Fact]:
    """By profile and name, the row that counts at ``now``."""
    rows = Fact.objects.filter(valid_at(now), profile__in=profile_ids, name__in=names)
    return {(row.profile_id, row.name): row for row in rows.order_by("valid_from", "pk")}


def set_fact(
    profile: Profile,
    name: str,
    value: FactValue | None,
    *,
    source: str,
    now: dt.datetime,
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    confidence: int = 100,
) -> None:
    """Declare one fact of one profile."""
    row = Declaration(profile.pk, name, value, source, valid_from, valid_until, confidence)
    set_facts([row], now=now)


def set_facts(declarations: Iterable[Declaration], *, now: dt.datetime, are_counted: bool = False) -> frozenset[int]:
    """Declare many facts in one transaction; gives the profiles that changed.

    Raises `InvalidFact` before anything is written if one of them cannot be. ``are_counted`` is for whoever counts
    what otherwise nobody may declare.
    """
    judged = [(row, _encoded(row, are_counted=are_counted)) for row in declarations]
    if not judged:
        return frozenset()
    with transaction.atomic():
        return retrying(partial(_declare, judged, now=now))


def _encoded(row: Declaration, *, are_counted: bool) -> Encoded | None:
    kind = FACTS[row.name] if are_counted else fact_type(row.name, conf.get("FACTS"))
    if not 0 <= row.confidence <= 100:
        raise InvalidFact(f"The confidence of {row.name!r} is {row.confidence}; it is 0 to 100 percent.")
    if row.valid_until is not None and row.valid_from is not None and row.valid_until <= row.valid_from:
        raise InvalidFact(f"The fact {row.name!r} would end before it begins. Swap the two instants.")
    return None if row.value is None else encode_fact(kind, row.value)


def _declare(judged: list[_Judged], *, now: dt.datetime) -> frozenset[int]:
    locked = lock_profiles({row.profile_id for row, _ in judged})
    live = {profile_id: follow(profile).pk for profile_id, profile in locked.items()}
    histories = _histories(set(live.values()), {row.name for row, _ in judged})
    written: dict[int, Fact] = {}
    for row, encoded in judged:
        if row.profile_id in live:
            profile_id = live[row.profile_id]
            history = histories[(profile_id, row.name)]
            facts = _ended(history, row, now) if encoded is None else _added(history, row, encoded, now)
            for fact in facts:
                fact.profile_id = profile_id
                fact.origin_id = fact.origin_id or profile_id
                written[id(fact)] = fact
    _write(list(written.values()))
    changed = frozenset(fact.profile_id for fact in written.values())
    if changed:
        facts_changed.send(Fact, profile_ids=changed, names=frozenset(row.name for row, _ in judged), now=now)
    return changed


def _histories(profile_ids: set[int], names: set[str]) -> _Histories:
    """Every row of these facts, in the order in which they count."""
    histories: _Histories = defaultdict(list)
    rows = Fact.objects.filter(profile__in=profile_ids, name__in=names)
    for row in rows.order_by("valid_from", "pk"):
        histories[(row.profile_id, row.name)].append(row)
    return histories


def _added(history: list[Fact], row: Declaration, encoded: Encoded, now: dt.datetime) -> list[Fact]:
    """The new row, unless it would say what already stands there."""
    fact = _fact(row, encoded, now)
    standing = [old for old in history if _is_valid(old, fact.valid_from)]
    if row.valid_from is None:
        standing = standing[-1:]
    if any(_says_the_same(old, fact) and row.valid_from in (None, old.valid_from) for old in standing):
        return []
    history.append(fact)
    history.sort(key=lambda each: each.valid_from)
    return [fact]


def _ended(history: list[Fact], row: Declaration, now: dt.datetime) -> list[Fact]:
    """The rows that were valid at the instant, ending there."""
    at = row.valid_from or now
    ending = [fact for fact in history if _is_valid(fact, at)]
    for fact in ending:
        fact.valid_until = at
    return ending


def _is_valid(fact: Fact, at: dt.datetime) -> bool:
    return fact.valid_from <= at and (fact.valid_until is None or at < fact.valid_until)


def _says_the_same(old: Fact, new: Fact) -> bool:
    names = ("text", "number", "source", "confidence", "valid_until")
    return all(getattr(old, name) == getattr(new, name) for name in names)


def _write(facts: list[Fact]) -> None:
    Fact.objects.bulk_create(fact for fact in facts if fact._state.adding)
    Fact.objects.bulk_update([fact for fact in facts if not fact._state.adding], ["valid_until"])


def _fact(row: Declaration, encoded: Encoded, now: dt.datetime) -> Fact:
    text, number = encoded
    return Fact(
        name=row.name,
        text=text,
        number=number,
        source=row.source,
        confidence=row.confidence,
        valid_from=row.valid_from or now,
        valid_until=row.valid_until,
    )
