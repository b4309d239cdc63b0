"""Golden personas: people made up for a purpose, and the segments that they must and must not be in.

Comes in: what a persona did and told, as a file says it. Goes out: for each whether every expectation holds. Nothing is
written: events are judged by the catalogue as real ones are, folded in memory, and asked by the rules given. Refunds
and cancellations, which speak of stored orders, are not for personas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .. import conf
from ..collect.fields import to_ms
from ..collect.incoming import CONTEXT_FIELDS, IncomingEvent
from ..collect.ingest import terms_for
from ..collect.rates import convert
from ..collect.reasons import Rejected
from ..collect.record import EventRecord, order_key_of
from ..collect.validate import judge
from ..collect.voids import VOIDING
from ..profile.fact_catalogue import InvalidFact, encode_fact, fact_type
from ..profile.traits.fold import Folder
from ..profile.traits.state import FactRow
from .context_catalogue import CONTEXTS
from .files import BadFile, FileSegment
from .models import Segment
from .rule import Rule
from .rulebook import compile_ruleset, current, runnable
from .ruleset import Definition, Ruleset
from .validate import segments_used

__all__ = ["Persona", "Verdict", "check_personas", "read_personas", "rules_with"]

_KEYS = frozenset({"name", "events", "facts", "context", "in", "not_in"})
_WHOSE = "persona"
_ORDER = "order_completed"


@dataclass(frozen=True, slots=True)
class Persona:
    """``records`` in the order of events; ``wanted`` and ``unwanted`` are slugs."""

    name: str
    records: tuple[EventRecord, ...]
    facts: Mapping[str, list[FactRow]]
    context: Mapping[str, str | int]
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``missing`` are segments that the persona should be in, ``extra`` those it should not."""

    persona: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.missing and not self.extra


def read_personas(data: Mapping[str, Any], *, known: frozenset[str], now: dt.datetime) -> tuple[Persona, ...]:
    """The personas of a file; ``known`` are the slugs there are. Raises `BadFile` with every mistake."""
    entries = data.get("personas", [])
    if not isinstance(entries, list):
        raise BadFile("`personas` is no list: write one entry for each, beginning with a hyphen.")
    found, problems = [], []
    for number, entry in enumerate(entries, start=1):
        name = entry["name"] if isinstance(entry, dict) and isinstance(entry.get("name"), str) else ""
        try:
            found.append(_read(entry, known, now))
        except (BadFile, Rejected, InvalidFact) as error:
            said = error.detail if isinstance(error, Rejected) else str(error)
            problems.append(f"{name or f'Persona {number}'}: {said}")
    if problems:
        raise BadFile(*problems)
    return tuple(found)


def rules_with(segments: Sequence[FileSegment] = ()) -> tuple[Ruleset, frozenset[str]]:
    """The rules in force with those of a file in their place, and every slug that may be asked for."""
    live = Segment.objects.filter(state=Segment.State.ACTIVE, live_version__isnull=False).select_related("live_version")
    rules: dict[str, Rule] = {row.slug: runnable(row.live_version.rule) for row in live if row.live_version}
    for each in segments:
        rules.pop(each.slug, None)
        if each.state == Segment.State.ACTIVE:
            rules[each.slug] = each.rule
    ids = {slug: number for number, slug in enumerate(sorted(rules), start=1)}
    definitions = [
        Definition(ids[slug], slug, rule, {each: ids[each] for each in segments_used(rule) if each in ids})
        for slug, rule in sorted(rules.items())
    ]
    return compile_ruleset(definitions, 0), frozenset(rules)


def check_personas(personas: Sequence[Persona], rules: Ruleset, *, now: dt.datetime) -> list[Verdict]:
    """Whether each is where it belongs."""
    population = current().population
    folder, moment = Folder(rules.plan, rules.minor_exponent), to_ms(now)
    verdicts = []
    for persona in personas:
        facts = {name: rows for name, rows in persona.facts.items() if name in rules.plan.facts}
        state = folder.build(persona.records, moment, facts)
        bits = rules.members(state, moment, population, persona.context)
        inside = {each.slug for at, each in enumerate(rules.definitions) if bits >> at & 1}
        missing, extra = persona.wanted - inside, persona.unwanted & inside
        verdicts.append(Verdict(persona.name, tuple(sorted(missing)), tuple(sorted(extra))))
    return verdicts


def _read(entry: Any, known: frozenset[str], now: dt.datetime) -> Persona:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise BadFile("it is no mapping with a name.")
    unknown = sorted(set(map(str, entry)) - _KEYS)
    if unknown:
        raise BadFile(f"it has {', '.join(unknown)}, which nothing reads.")
    wanted, unwanted = _slugs(entry, "in", known), _slugs(entry, "not_in", known)
    if not wanted and not unwanted:
        raise BadFile("it expects nothing: say in which segments it must be (in) or must not be (not_in).")
    return Persona(
        entry["name"],
        _records(entry.get("events") or [], now),
        _facts(entry.get("facts") or {}, now),
        _context(entry.get("context") or {}),
        wanted,
        unwanted,
    )


def _slugs(entry: Mapping[str, Any], key: str, known: frozenset[str]) -> frozenset[str]:
    given = entry.get(key) or []
    if not isinstance(given, list):
        raise BadFile(f"`{key}` is no list of slugs.")
    strange = sorted(str(slug) for slug in given if slug not in known)
    if strange:
        raise BadFile(f"`{key}` names {', '.join(strange)}: no such segment is in force or in the file.")
    return frozenset(given)


def _records(entries: Any, now: dt.datetime) -> tuple[EventRecord, ...]:
    if not isinstance(entries, list):
        raise BadFile("`events` is no list.")
    terms = terms_for(_WHOSE, now, basis="contract", is_public=False)
    drafts = []
    for number, entry in enumerate(entries, start=1):
        judged = judge(_event(entry, number, now), terms)
        if judged.draft.name in VOIDING and judged.draft.name != _ORDER:
            raise BadFile(f"event {number}: refunds and cancellations are not for personas.")
        drafts += [judged.draft, *judged.lines]
    convert(drafts, terms.currency, terms.shop_zone)
    return tuple(sorted((draft.record() for draft in drafts), key=order_key_of))


def _event(entry: Any, number: int, now: dt.datetime) -> IncomingEvent:
    if not isinstance(entry, dict) or not isinstance(entry.get("event"), str):
        raise BadFile(f"event {number} is no mapping with `event`.")
    said = dict(entry)
    name, age = said.pop("event"), dt.timedelta()
    for unit in ("days_ago", "hours_ago", "minutes_ago"):
        if unit in said:
            age += dt.timedelta(**{unit.removesuffix("_ago"): _number(said.pop(unit), f"event {number}: {unit}")})
    context = {field: str(said.pop(field)) for field in CONTEXT_FIELDS if field in said}
    if name == _ORDER:
        said.setdefault("order_id", f"{_WHOSE}-{number}")
    return IncomingEvent(
        name,
        message_id=f"{_WHOSE}-{number}",
        occurred_at=now - age,
        customer_key=_WHOSE,
        visit_key=str(said.pop("visit", "")),
        properties=said,
        **context,  # type: ignore[arg-type]
    )


def _number(value: Any, where: str) -> float:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or not 0 <= number < 100_000:
        raise BadFile(f"{where} is {value!r}: write a number from 0 on.")
    return float(number)


def _facts(given: Any, now: dt.datetime) -> dict[str, list[FactRow]]:
    if not isinstance(given, dict):
        raise BadFile("`facts` is no mapping.")
    facts: dict[str, list[FactRow]] = {}
    for name, value in given.items():
        kind = fact_type(str(name), conf.get("FACTS"))
        facts[str(name)] = [(*encode_fact(kind, value), to_ms(now - dt.timedelta(days=1)), None)]
    return facts


def _context(given: Any) -> dict[str, str | int]:
    if not isinstance(given, dict):
        raise BadFile("`context` is no mapping.")
    unknown = sorted(str(name) for name in given if name not in CONTEXTS)
    if unknown:
        raise BadFile(f"`context` has {', '.join(unknown)}: docs/conditions.md lists what there is.")
    return {str(name): value if isinstance(value, int) else str(value) for name, value in given.items()}
