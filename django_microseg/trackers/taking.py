"""Takes in what a client's messages say: who is whom, events, facts, in this order.

Comes in: `Call` values, and the write key by which they came. Goes out: an `Outcome`, in which each
message was stored, put into quarantine, known already, or left out because a machine sent it.
Doing it all again changes nothing, so a client that got no answer may send again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django_microseg import conf
from django_microseg.collect import sinks
from django_microseg.collect.counts import COUNTS
from django_microseg.collect.events import is_contract
from django_microseg.collect.fields import from_ms, to_ms
from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.ids import clean_id
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import IngestReport, rehearse
from django_microseg.collect.models import WriteKey
from django_microseg.collect.quarantine import Refusal
from django_microseg.collect.reasons import Rejected
from django_microseg.profile.accounts import NoAccount, account_key, name_account
from django_microseg.profile.errors import DifferentCustomers, PersonErased
from django_microseg.profile.fact_catalogue import fact_types
from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.identify import identify
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Identity

from .links import links_of
from .segment_calls import Call
from .traits import facts_of

__all__ = ["Outcome", "judge_calls", "take_calls"]

_MAX_KEY = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """``left_out`` counts what was not believed or is no fact, by name."""

    report: IngestReport
    machines: int = 0
    left_out: dict[str, int] | None = None

    @property
    def received(self) -> int:
        return self.report.received + self.machines


def judge_calls(calls: Sequence[Call], key: WriteKey, received_at: dt.datetime) -> Outcome:
    """What would become of them; nothing is stored."""
    people = [(index, call) for index, call in enumerate(calls) if not call.is_machine]
    report = rehearse(
        [call.event for _, call in people], source=key.source, received_at=received_at, is_public=key.is_public
    )
    left_out = Counter(name for _, call in people for name in (*call.left_out, *_declared(call).left_out))
    return Outcome(_placed(report, people), len(calls) - len(people), dict(left_out))


def take_calls(calls: Sequence[Call], key: WriteKey, received_at: dt.datetime) -> Outcome:
    """Store them, or let them wait. Raises `NotTaken` and what the database raises; then all may be sent again."""
    people = [(index, call) for index, call in enumerate(calls) if not call.is_machine]
    left_out = Counter(name for _, call in people for name in call.left_out)
    joins = {(call.joins, str(call.event.customer_key)) for _, call in people if call.joins}
    left_out.update(_join(joins, received_at))
    events = [_with_basis(call.event, key) for _, call in people]
    # What brings traits along, `identify`, is immediate: so there is somebody to whom they belong.
    report = sinks.take(events, source=key.source, received_at=received_at, is_public=key.is_public)
    report = _placed(report, people)
    refused = {refusal.index for refusal in report.refusals}
    speaking = [call for index, call in people if (call.traits or call.device) and index not in refused]
    left_out.update(_declare(speaking, key, received_at))
    left_out.update(_tie(speaking, received_at))
    left_out.update(_name([call for index, call in people if call.account and index not in refused], received_at))
    machines = len(calls) - len(people)
    if machines:
        COUNTS.note_machines(key.source, received_at.date(), machines)
    return Outcome(report, machines, dict(left_out))


def _placed(report: IngestReport, group: Sequence[tuple[int, Call]]) -> IngestReport:
    """With refusals by their place in what was sent."""
    return replace(report, refusals=tuple(_moved(refusal, group[refusal.index][0]) for refusal in report.refusals))


def _moved(refusal: Refusal, index: int) -> Refusal:
    return replace(refusal, index=index)


def _with_basis(event: IncomingEvent, key: WriteKey) -> IncomingEvent:
    """What a shop must write down about its orders anyway, it may; a page's word for an order is none."""
    return event if key.is_public or not is_contract(event.name) else replace(event, basis="contract")


def _join(pairs: Iterable[tuple[str, str]], now: dt.datetime) -> Counter[str]:
    """Make visitors the customers they turned out to be; what cannot be is counted and changes nobody."""
    refused: Counter[str] = Counter()
    for visitor_key, customer_key in sorted(pairs):
        try:
            visitor, customer = clean_id(visitor_key, "visitor", 64), clean_id(customer_key, "customer", _MAX_KEY)
            if visitor and customer:
                merge_at_login(visitor, customer, now=now)
        except DifferentCustomers:
            refused["another customer's anonymousId"] += 1
        except (PersonErased, Rejected):
            continue  # the event itself is refused with this reason
    return refused


def _tie(calls: Sequence[Call], now: dt.datetime) -> Counter[str]:
    """What else leads to these people; what leads to somebody else already stays there, and is counted."""
    left_out: Counter[str] = Counter()
    for call in calls:
        said = links_of(call.traits, call.device)
        left_out.update(said.left_out)
        kind, value = _person(call.event)
        if not said.links or not value:
            continue
        person = PersonKey("", value) if kind == Identity.Kind.CUSTOMER.value else PersonKey(value, "")
        try:
            untied = identify(person, said.links, now=now).untied
        except PersonErased:
            continue
        left_out.update(f"{each.link.kind} of somebody else" for each in untied)
    return left_out


def _name(calls: Sequence[Call], now: dt.datetime) -> Counter[str]:
    """What the accounts are called that people joined; that they joined says the event."""
    left_out: Counter[str] = Counter()
    for call in calls:
        try:
            name_account(account_key(call.account), call.account_name, now=now)
        except NoAccount:
            left_out["groupId"] += 1
    return left_out


def _declared(call: Call) -> Any:
    return facts_of(links_of(call.traits).rest, fact_types(conf.get("FACTS")))


def _declare(calls: Sequence[Call], key: WriteKey, now: dt.datetime) -> Counter[str]:
    """Traits as declared facts, each from the moment at which it was said."""
    left_out: Counter[str] = Counter()
    if not calls:
        return left_out
    profiles = _profiles(calls)
    rows = []
    for call in calls:
        declared = _declared(call)
        left_out.update(declared.left_out)
        profile_id = profiles.get(_person(call.event))
        if profile_id is not None:
            said_at = _said_at(call.event, now)
            rows += [
                Declaration(profile_id, name, value, key.source, valid_from=said_at)
                for name, value in declared.facts.items()
            ]
    set_facts(rows, now=now)
    return left_out


def _said_at(event: IncomingEvent, now: dt.datetime) -> dt.datetime | None:
    """To the millisecond, as facts keep it, so that the same fact said again is known for the same."""
    moment = event.occurred_at
    if not isinstance(moment, dt.datetime) or moment.tzinfo is None:
        return None
    return from_ms(to_ms(min(moment, now)))


def _profiles(calls: Sequence[Call]) -> dict[tuple[str, str], int]:
    names = [_person(call.event) for call in calls]
    rows = Identity.objects.filter(kind__in={kind for kind, _ in names}, value__in={value for _, value in names})
    return {(row.kind, row.value): row.profile_id for row in rows}


def _person(event: IncomingEvent) -> tuple[str, str]:
    customer = clean_id(event.customer_key, "customer", _MAX_KEY)
    if customer:
        return Identity.Kind.CUSTOMER.value, customer
    return Identity.Kind.VISITOR.value, clean_id(event.visitor_key, "visitor", 64)
