"""Generated lives of a profile, as a sequence of what arrives: the raw material of agreement.

A `History` is made of steps in the order of arrival, with duplicates, late events, voids and
merges in it; `known` says what a right table holds after any of them. Alphabets are small and
times lie on a coarse grid, so that ties, collisions and boundaries are the rule, not the luck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from django_microseg.collect.record import EventRecord, label_text, order_key_of
from django_microseg.profile.traits.definition import DAY, HOUR, MINUTE

from .oracle import Fact

__all__ = [
    "HEAVY",
    "Clock",
    "History",
    "Moment",
    "Step",
    "draw_clock",
    "draw_history",
    "history_of",
    "is_end",
    "replay",
]

#: A heavy history has at least this many events of one name; set the cap of the state below it.
HEAVY = 40

# ſ, ß, İ and final sigma change when folded; the two é differ in bytes alone; 😀 sorts after ﬀ in
# code points and before it in UTF-16.
TEXTS = {
    "category": ("shoes", "shoe", "strasse", "σίσυφοσ", "日本"),
    "brand": ("acme", "ac me", "caf\u00e9", "cafe\u0301", "😀", "\uff46\uff46"),
    "coupon": ("xmas", "50%_off", "o'neil"),
    "channel": ("social", "email", "direct"),
    "campaign": ("spring", "i\u0307stanbul"),
    "device": ("mobile", "desktop"),
    "country": ("de", "at"),
    "region": ("berlin", "be"),
    "language": ("de", "en"),
}
KEYS = {
    "product_key": ("P1", "p1", "Ärmel", "P10", "p_"),
    "order_key": ("A-1", "a-1", "B2"),
    "visit_key": ("v1", "V1", "v2", "v3"),
}
SOURCES = ("web", "web", "shop", "Shop")
VALUES = (0, 1, 999, 1000, 1999, 2000, 2000, 5000, -500, 123_456_789_012)
NAMES = (
    ("order_completed",) * 6
    + ("product_viewed",) * 5
    + ("order_refunded",) * 2
    + ("product_added", "product_removed", "cart_updated") * 2
    + ("email_opened", "product_reviewed")
)
LABELS = tuple(
    label_text(labels)
    for labels in (
        {},
        {},
        {"attribute": ["Vegan"]},
        {"attribute": ["vegan", "warm"]},
        {"attribute": ["veganer"], "size": ["42", "vegan"]},
        {"size": ["4", "42"], "attributes": ["vegan"]},
        {"attribute": ["a|b", "Straße"]},
        {"size": ["100%"], "note": ["x=y_z"]},
    )
)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
#: Leap day, both changes of the clock, a change of the year, an ordinary day.
STARTS = ("2024-02-27", "2023-02-26", "2025-03-28", "2025-10-24", "2024-12-29", "2025-06-11")
BIRTHDAYS = (20000229, 19960229, 19840228, 19990301, 20250612, 19951026, 19700101)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time in which a world plays: events lie around ``start + k * grid``, for k below span."""

    start: int
    grid: int
    span: int
    zone: ZoneInfo

    def draw(self, rng: Random) -> int:
        return self.start + self.grid * rng.randrange(self.span) + rng.choice((0, 0, 0, 0, 0, 0, 1, -1))


@dataclass(frozen=True, slots=True)
class Step:
    """Something that arrives: an event, a void of all that one message brought, a fact, a merge or an un-merge.

    Records come as ``event`` steps with ``voided_at`` None; a second step with the same record is
    a duplicate. A void may come before what it voids. A fact without a value ends what is valid at
    its instant. Visitor "b" joins "a" at the merge and leaves at the un-merge, with all that "b"
    did, before and since; what somebody says of themselves while they are one is a fact of "a".
    """

    received_at: int
    kind: str
    visitor: str = "a"
    record: EventRecord | None = None
    message: tuple[str, str] = ("", "")
    voided_at: int | None = None
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """What a step of a replay did, and what a right table holds for its profile from then on.

    ``stored`` is the record as it enters the table (None for a duplicate and for what is no event);
    ``voided`` are the records that the step voided; ``is_late`` says that ``stored`` comes before
    something that the profile already had, in the order of events.
    """

    steps: int
    step: Step
    stored: EventRecord | None
    voided: tuple[EventRecord, ...]
    is_late: bool
    known: tuple[EventRecord, ...]


@dataclass(frozen=True)
class History:
    """One profile's life; ``facts`` belong to visitor "a" from before the first step."""

    steps: tuple[Step, ...]
    facts: tuple[Fact, ...] = ()

    @cached_property
    def events(self) -> tuple[EventRecord, ...]:
        """The truth in the end, in the order of arrival."""
        return self.known()

    @cached_property
    def is_merged(self) -> bool:
        return any(step.kind == "merge" for step in self.steps)

    @cached_property
    def end(self) -> int:
        """From here on nothing new is heard of this profile."""
        return max((step.received_at for step in self.steps), default=0)

    def known(self, steps: int | None = None, visitor: str = "a") -> tuple[EventRecord, ...]:
        """What a right table holds after the first steps for the profile of that visitor."""
        heard = self.steps[:steps]
        voids = {step.message: step.voided_at for step in heard if step.kind == "void"}
        mine = {"a", "b"} if _are_one(heard) else {visitor}
        records: dict[tuple[str, str, int], EventRecord] = {}
        for step in heard:
            record = step.record
            if record is None or step.visitor not in mine:
                continue
            message = (record.source, record.message_hash)
            if message in voids:
                record = replace(record, voided_at=voids[message])
            records.setdefault((*message, record.position), record)
        return tuple(records.values())

    def known_facts(self, steps: int | None = None, visitor: str = "a") -> tuple[Fact, ...]:
        """What that visitor's profile says of them after the first steps, in the order of telling."""
        told = [("a", fact) for fact in self.facts]
        heard = self.steps[:steps]
        for number, step in enumerate(heard):
            if step.fact is None:
                continue
            are_one = _are_one(heard[:number])
            owners = ("a", "b") if are_one else (step.visitor,)
            if is_end(step.fact):
                told = [(owner, _ended(fact, step.fact) if owner in owners else fact) for owner, fact in told]
            else:
                told.append((owners[0], step.fact))
        mine = ("a", "b") if _are_one(heard) else (visitor,)
        return tuple(fact for owner, fact in told if owner in mine)


def _are_one(heard: tuple[Step, ...]) -> bool:
    """Whether the last that was heard of "a" and "b" is that they are the same person."""
    return next((step.kind == "merge" for step in reversed(heard) if step.kind in ("merge", "unmerge")), False)


def is_end(fact: Fact) -> bool:
    return fact[1] is None and fact[2] is None


def _ended(fact: Fact, end: Fact) -> Fact:
    """The fact, ending at the end's instant if it is the same one and valid there."""
    name, text, number, valid_from, valid_until = fact
    is_met = name == end[0] and valid_from <= end[3] and (valid_until is None or end[3] < valid_until)
    return (name, text, number, valid_from, end[3]) if is_met else fact


def history_of(*records: EventRecord, facts: tuple[Fact, ...] = ()) -> History:
    """A history in which these arrive one after the other, each when it happens or at once after."""
    steps, received_at = [], 0
    for record in records:
        received_at = max(received_at, record.occurred_at)
        steps.append(Step(received_at, "event", record=replace(record, voided_at=None)))
    voids = [
        Step(max(received_at, r.voided_at), "void", message=(r.source, r.message_hash), voided_at=r.voided_at)
        for r in records
        if r.voided_at is not None
    ]
    return History((*steps, *sorted(voids, key=lambda step: step.received_at)), facts)


def replay(history: History) -> Iterator[Moment]:
    """The history step by step, as a live path has to take it."""
    seen: set[tuple[str, str, int]] = set()
    for number, step in enumerate(history.steps, start=1):
        before = history.known(number - 1, step.visitor)
        known = history.known(number, step.visitor)
        record = step.record
        identity = record and (record.source, record.message_hash, record.position)
        stored = next((r for r in known if identity and identity not in seen and _identity(r) == identity), None)
        is_late = stored is not None and any(order_key_of(r) > order_key_of(stored) for r in before)
        voided = tuple(r for r in known if step.kind == "void" and (r.source, r.message_hash) == step.message)
        if identity:
            seen.add(identity)
        yield Moment(number, step, stored, voided, is_late, known)


def _identity(record: EventRecord) -> tuple[str, str, int]:
    return (record.source, record.message_hash, record.position)


# -- drawing


def draw_clock(rng: Random) -> Clock:
    start = dt.datetime.fromisoformat(rng.choice(STARTS)).replace(tzinfo=dt.UTC)
    grid = rng.choice((MINUTE, HOUR, 6 * HOUR, DAY, DAY))
    return Clock(int(start.timestamp()) * 1000, grid, rng.choice((4, 12, 40)), ZoneInfo(rng.choice(ZONES)))


def draw_history(rng: Random, clock: Clock) -> History:
    arrivals: list[tuple[int, int, list[Step]]] = []
    is_shared = rng.random() < 0.2
    delays = (0,) if rng.random() < 0.3 else (0, 0, 0, 0, 0, clock.grid, 3 * clock.grid)
    for number, message in enumerate(_draw_messages(rng, clock)):
        visitor = rng.choice("ab") if is_shared else "a"
        received_at = message[0].occurred_at + rng.choice(delays)
        steps = [Step(received_at, "event", visitor, record) for record in message]
        arrivals.append((received_at, number, steps))
        if rng.random() < 0.1:
            again = received_at + rng.choice((0, 1, clock.grid))
            arrivals.append((again, number, [replace(step, received_at=again) for step in steps]))
        if rng.random() < (0.2 if message[0].name == "order_completed" else 0.02):
            void = _draw_void(rng, clock, message[0], visitor)
            arrivals.append((void.received_at, -1, [void]))
    for step in _draw_told_facts(rng, clock, "ab" if is_shared else "a"):
        arrivals.append((step.received_at, len(arrivals), [step]))
    arrivals.sort(key=lambda arrival: arrival[:2])
    steps = [step for *_, together in arrivals for step in together]
    if is_shared:
        _insert_merges(rng, clock, steps)
    return History(tuple(steps), tuple(_draw_facts(rng, clock)))


def _insert_merges(rng: Random, clock: Clock, steps: list[Step]) -> None:
    """A merge, and perhaps it is taken back, and perhaps they join again."""
    place = 0
    for kind, chance in (("merge", 1.0), ("unmerge", 0.5), ("merge", 0.3)):
        if rng.random() >= chance:
            return
        place = rng.randint(place, len(steps))
        received_at = steps[place - 1].received_at if place else clock.start - DAY
        steps.insert(place, Step(received_at, kind, "b"))
        place += 1


def _draw_messages(rng: Random, clock: Clock) -> list[list[EventRecord]]:
    """Messages in the order of time, orders with their lines; refunds come as messages of their own."""
    style = rng.random()
    size = 0 if style < 0.05 else HEAVY + rng.randrange(20) if style < 0.08 else rng.choice((1, 4, 7, 10, 14, 20))
    fill = rng.choice((0.0, 0.5, 0.7, 0.9, 1.0))
    favourite = rng.choice(NAMES)
    share = 1.0 if size >= HEAVY else rng.choice((0.0, 0.4))
    messages: list[list[EventRecord]] = []
    for _ in range(size):
        name = favourite if rng.random() < share else rng.choice(NAMES)
        record = _draw_record(rng, clock, name, fill)
        if messages and rng.random() < 0.1:
            record = replace(record, occurred_at=messages[-1][0].occurred_at)
        messages.append([record])
        if name == "order_completed":
            messages[-1] += _draw_lines(rng, clock, record, fill)
            messages += _draw_refunds(rng, clock, record, fill)
    messages.sort(key=lambda message: message[0].occurred_at)
    return messages


def _draw_record(rng: Random, clock: Clock, name: str, fill: float) -> EventRecord:
    occurred_at = clock.draw(rng)
    columns = {
        column: rng.choice(values)
        for table in (TEXTS, KEYS)
        for column, values in table.items()
        if rng.random() < fill and (column != "order_key" or name.startswith("order_"))
    }
    return EventRecord(
        occurred_at=occurred_at,
        source=rng.choice(SOURCES),
        message_hash=f"{rng.getrandbits(128):032x}",
        position=0,
        name=name,
        value=rng.choice(VALUES) if rng.random() < fill else None,
        quantity=rng.choice((0, 1, 1, 2, 3)) if rng.random() < fill else None,
        measure=rng.choice((0, 500, 1000, 4000, 4500)) if rng.random() < fill else None,
        local_hour=rng.choice((0, 19, 20, 23)) if rng.random() < fill else None,
        local_weekday=rng.choice((0, 5, 6)) if rng.random() < fill else None,
        local_date=occurred_at // DAY + rng.choice((-1, 0, 0, 0, 1)) if rng.random() < 0.9 else None,
        labels=rng.choice(LABELS) if rng.random() < fill else "",
        **columns,
    )


def _draw_lines(rng: Random, clock: Clock, order: EventRecord, fill: float) -> list[EventRecord]:
    return [
        replace(
            _draw_record(rng, clock, "product_purchased", fill),
            occurred_at=order.occurred_at,
            source=order.source,
            message_hash=order.message_hash,
            position=position,
            order_key=order.order_key,
        )
        for position in range(1, rng.choice((1, 1, 1, 2, 3)))
    ]


def _draw_refunds(rng: Random, clock: Clock, order: EventRecord, fill: float) -> list[list[EventRecord]]:
    """Partial, full, too large or without amount; early, late, or naming no order."""
    if order.value is None or rng.random() < 0.6:
        return []
    refund = replace(
        _draw_record(rng, clock, "order_refunded", fill),
        value=rng.choice((order.value, order.value // 2, 1, order.value + 1, None)),
        order_key=order.order_key if rng.random() < 0.9 else "",
    )
    return [[refund]]


def _draw_void(rng: Random, clock: Clock, record: EventRecord, visitor: str) -> Step:
    voided_at = rng.choice((clock.draw(rng), record.occurred_at, record.occurred_at + clock.grid))
    received_at = voided_at + rng.choice((0, 0, clock.grid))
    message = (record.source, record.message_hash)
    return Step(received_at, "void", visitor, message=message, voided_at=voided_at)


FACT_TEXTS = {"gender": ("female", "male"), "tier": ("gold", "straße".casefold()), "country": ("de", "at")}
FACT_NUMBERS = {"nps": (0, 8500, 9000, 10_000)}


def _draw_facts(rng: Random, clock: Clock) -> Iterator[Fact]:
    """Overlapping validities, several rows of a name, a birthday that may be the leap day's."""
    for _ in range(rng.choice((0, 1, 4, 7))):
        valid_from = clock.draw(rng) - rng.choice((0, 0, 400 * DAY))
        yield _draw_fact(rng, clock, valid_from, shortest=0)


def _draw_told_facts(rng: Random, clock: Clock, visitors: str) -> Iterator[Step]:
    """Facts that arrive midway: from then on, from another day on, or ended."""
    for _ in range(rng.choice((0, 0, 1, 3))):
        received_at = clock.draw(rng)
        valid_from = rng.choice((received_at, received_at, clock.draw(rng)))
        fact = _draw_fact(rng, clock, valid_from, shortest=1)
        if rng.random() < 0.25:
            fact = (fact[0], None, None, received_at, None)
        yield Step(received_at, "fact", rng.choice(visitors), fact=fact)


def _draw_fact(rng: Random, clock: Clock, valid_from: int, *, shortest: int) -> Fact:
    name = rng.choice(("birthday", "birthday", *FACT_TEXTS, *FACT_NUMBERS))
    text = rng.choice(FACT_TEXTS[name]) if name in FACT_TEXTS else None
    number = rng.choice(FACT_NUMBERS.get(name, BIRTHDAYS)) if text is None else None
    valid_until = None if rng.random() < 0.6 else valid_from + clock.grid * rng.randrange(shortest, 30)
    return (name, text, number, valid_from, valid_until)


def times_of(history: History) -> list[int]:
    """Distinct instants of its events, sorted."""
    return sorted({event.occurred_at for event in history.events})


def has_tie(history: History) -> bool:
    ordered = sorted(event.occurred_at for event in history.events)
    return any(first == second for first, second in pairwise(ordered))
