"""Reads the story of a persona: what they did and told, as a file or the admin says it.

Comes in: plain values. Goes out: events judged by the catalogue as real ones are, facts and context, and the segments
that are expected. Nothing is written. Refunds and cancellations, which speak of stored orders, are not for personas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from ... import conf
from ...collect.fields import to_ms
from ...collect.incoming import CONTEXT_FIELDS, IncomingEvent
from ...collect.ingest import terms_for
from ...collect.rates import convert
from ...collect.reasons import Rejected
from ...collect.record import EventRecord, order_key_of
from ...collect.validate import judge
from ...collect.voids import VOIDING
from ...profile.fact_catalogue import FACTS, FactType, InvalidFact, encode_fact, fact_type
from ...profile.traits.state import FactRow
from ..context_catalogue import CONTEXTS
from ..files import BadFile

__all__ = ["UNITS", "PersonaStory", "WrongStory", "read_personas", "read_story"]

#: How long ago something was, in these units together.
UNITS = ("days_ago", "hours_ago", "minutes_ago")
_MOST_TIMES = 1000
_KEYS = frozenset({"name", "events", "facts", "context", "in", "not_in"})
_WHOSE = "persona"
_ORDER = "order_completed"
#: It follows from the birthday, and rules look at that.
_AGE = "age"


@dataclass(frozen=True, slots=True)
class PersonaStory:
    """``records`` in the order of events; ``wanted`` and ``unwanted`` are slugs."""

    name: str
    records: tuple[EventRecord, ...] = ()
    facts: Mapping[str, list[FactRow]] = field(default_factory=dict)
    context: Mapping[str, str | int] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()

    @property
    def asked(self) -> frozenset[str]:
        """The segments of which anything is expected."""
        return self.wanted | self.unwanted


class WrongStory(BadFile):
    """A mistake of a story. ``part`` (events, facts, context) and ``place`` say where: events count from 0 on.

    ``plain`` is the sentence without its place.
    """

    def __init__(self, problem: str, part: str = "", place: int | str | None = None) -> None:
        is_event = part == "events" and isinstance(place, int)
        super().__init__(f"event {int(place or 0) + 1}: {problem}" if is_event else problem)
        self.plain = problem
        self.part = part
        self.place = place


def read_personas(data: Mapping[str, Any], *, known: frozenset[str], now: dt.datetime) -> tuple[PersonaStory, ...]:
    """The personas of a file; ``known`` are the slugs there are. Raises `BadFile` with every mistake."""
    entries = data.get("personas", [])
    if not isinstance(entries, list):
        raise BadFile("`personas` is no list: write one entry for each, beginning with a hyphen.")
    found, problems = [], []
    for number, entry in enumerate(entries, start=1):
        name = entry["name"] if isinstance(entry, dict) and isinstance(entry.get("name"), str) else ""
        try:
            found.append(_read(entry, known, now))
        except BadFile as error:
            problems.append(f"{name or f'Persona {number}'}: {error}")
    if problems:
        raise BadFile(*problems)
    return tuple(found)


def read_story(
    story: Mapping[str, Any], *, name: str, wanted: frozenset[str], unwanted: frozenset[str], now: dt.datetime
) -> PersonaStory:
    """A story that stands by itself. Raises `WrongStory` with its first mistake."""
    return PersonaStory(
        name,
        _records(story.get("events") or [], now),
        _facts(story.get("facts") or {}, now),
        _context(story.get("context") or {}),
        wanted,
        unwanted,
    )


def _read(entry: Any, known: frozenset[str], now: dt.datetime) -> PersonaStory:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise BadFile("it is no mapping with a name.")
    unknown = sorted(set(map(str, entry)) - _KEYS)
    if unknown:
        raise BadFile(f"it has {', '.join(unknown)}, which nothing reads.")
    wanted, unwanted = _slugs(entry, "in", known), _slugs(entry, "not_in", known)
    if not wanted and not unwanted:
        raise BadFile("it expects nothing: say in which segments it must be (in) or must not be (not_in).")
    return read_story(entry, name=entry["name"], wanted=wanted, unwanted=unwanted, now=now)


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
        raise WrongStory(_("`events` is no list."), "events")
    terms = terms_for(_WHOSE, now, basis="contract", is_public=False)
    drafts = []
    for place, entry in enumerate(entries):
        for event in _events(entry, place, now):
            try:
                judged = judge(event, terms)
            except Rejected as error:
                raise WrongStory(error.detail, "events", place) from None
            if judged.draft.name in VOIDING and judged.draft.name != _ORDER:
                raise WrongStory(_("refunds and cancellations are not for personas."), "events", place)
            drafts += [judged.draft, *judged.lines]
    convert(drafts, terms.currency, terms.shop_zone)
    return tuple(sorted((draft.record() for draft in drafts), key=order_key_of))


def _events(entry: Any, place: int, now: dt.datetime) -> Iterator[IncomingEvent]:
    """The events of one entry: as many as ``times`` says, each ``days_between`` before the next."""
    number = place + 1
    if not isinstance(entry, dict) or not isinstance(entry.get("event"), str):
        raise WrongStory(_("it is no mapping with `event`."), "events", place)
    said = dict(entry)
    name, age = said.pop("event"), dt.timedelta()
    for unit in UNITS:
        if unit in said:
            age += dt.timedelta(**{unit.removesuffix("_ago"): _number(said.pop(unit), place, unit)})
    times = _number(said.pop("times", 1), place, "times")
    if times != int(times) or not 1 <= times <= _MOST_TIMES:
        raise WrongStory(_("times is a whole number from 1 to %s.") % _MOST_TIMES, "events", place)
    between = dt.timedelta(days=_number(said.pop("days_between", 0), place, "days_between"))
    context = {key: str(said.pop(key)) for key in CONTEXT_FIELDS if key in said}
    visit = str(said.pop("visit", ""))
    for time in range(int(times)):
        key = f"{_WHOSE}-{number}" if not time else f"{_WHOSE}-{number}-{time}"
        yield IncomingEvent(
            name,
            message_id=key,
            occurred_at=now - age - time * between,
            customer_key=_WHOSE,
            visit_key=visit,
            properties={**({"order_id": key} if name == _ORDER else {}), **said},
            **context,  # type: ignore[arg-type]
        )


def _number(value: Any, place: int, word: str) -> float:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or not 0 <= number < 100_000:
        text = _("%(word)s is %(value)r: write a number from 0 on.")
        raise WrongStory(text % {"word": word, "value": value}, "events", place)
    return float(number)


def _facts(given: Any, now: dt.datetime) -> dict[str, list[FactRow]]:
    if not isinstance(given, dict):
        raise WrongStory(_("`facts` is no mapping."), "facts")
    facts: dict[str, list[FactRow]] = {}
    for name, value in given.items():
        try:
            encoded = encode_fact(_kind_of(str(name)), value)
        except InvalidFact as error:
            raise WrongStory(str(error), "facts", str(name)) from None
        facts[str(name)] = [(*encoded, to_ms(now - dt.timedelta(days=1)), None)]
    return facts


def _kind_of(name: str) -> FactType:
    """Of a persona everything may be said that rules ask for, what we count ourselves included."""
    counted = FACTS.get(name)
    if counted is not None and counted.derived_from and name != _AGE:
        return counted
    return fact_type(name, conf.get("FACTS"))


def _context(given: Any) -> dict[str, str | int]:
    if not isinstance(given, dict):
        raise WrongStory(_("`context` is no mapping."), "context")
    for name in given:
        if name not in CONTEXTS:
            text = _("`context` has %s: docs/conditions.md lists what there is.")
            raise WrongStory(text % name, "context", str(name))
    return {str(name): value if isinstance(value, int) else str(value) for name, value in given.items()}
