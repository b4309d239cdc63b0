"""Declares what a file knows of customers: facts by name, and the e-mail address as a hash.

Comes in: rows of texts. Goes out: how many brought something new, and which were refused and why; a
row is taken as a whole or not at all. An e-mail address itself is never stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from .. import conf
from ..collect.hooks import PersonKey
from ..collect.importing.batches import Outcome
from ..collect.importing.customers import CustomerRow
from ..collect.importing.line import RowError
from .fact_catalogue import FactType, FactValue, InvalidFact, encode_fact, fact_type, fact_types
from .facts import Declaration, set_facts
from .identify import person_of
from .labels_import import COLUMNS, read_list, tell_lists
from .links import NoLink, email_hash, email_link, is_email_hash, loyalty_link
from .lock import Name
from .models import Identity, Profile
from .resolve import identity_of, resolve

__all__ = ["declare_customers", "find_card", "find_person", "importable_names", "rehearse_customers"]

_EMAIL, _EMAIL_HASH, _CARD = "email", "email_hash", "loyalty_number"
_LINKS = (_EMAIL, _EMAIL_HASH, _CARD)
_LONGEST_KEY = 100

#: A row that passed: its facts, and what leads to the customer.
_Judged = tuple[CustomerRow, dict[str, FactValue], tuple[Name, ...]]


def importable_names() -> tuple[str, ...]:
    """What a column may be: every fact that can be declared, the e-mail address, the number of a card, tags and
    audiences."""
    declared = [fact.name for fact in fact_types(conf.get("FACTS")).values() if not fact.derived_from]
    return (*declared, *_LINKS, *COLUMNS)


def find_card(number: str) -> PersonKey | None:
    """Whoever has a loyalty card; None for nobody."""
    return find_person(_CARD, number)


def find_person(kind: str, value: str) -> PersonKey | None:
    """Whoever a ``loyalty_number`` or an ``email`` leads to; None for nobody."""
    try:
        return person_of(email_link(value) if kind == _EMAIL else loyalty_link(value))
    except NoLink:
        return None


def declare_customers(rows: Sequence[CustomerRow], *, source: str, now: dt.datetime, date_format: str = "") -> Outcome:
    """Declare what the rows say, in one transaction."""
    judged, errors = _judge(rows, date_format)
    with transaction.atomic():
        people = resolve({PersonKey("", row.customer_id) for row, _, _ in judged}, now=now)
        welcome = [each for each in judged if PersonKey("", each[0].customer_id) in people]
        errors += [_refused(row, "erased_person", "We were asked to forget this person.")
                   for row, _, _ in judged if PersonKey("", row.customer_id) not in people]  # fmt: skip
        profiles = {row.customer_id: people[PersonKey("", row.customer_id)] for row, _, _ in welcome}
        welcome, taken = _without_taken(welcome, profiles)
        changed = set_facts(
            (Declaration(profiles[row.customer_id].pk, name, value, source)
             for row, facts, _ in welcome for name, value in facts.items()),
            now=now,
        )  # fmt: skip
        changed |= _add_links(welcome, profiles, now=now)
        lists = {(row.customer_id, name): value for row, _, _ in welcome for name, value in _lists(row).items()}
        changed |= tell_lists(lists, {key: each.pk for key, each in profiles.items()}, source=source, now=now)
    new = sum(profiles[row.customer_id].pk in changed for row, _, _ in welcome)
    return Outcome(new, len(welcome) - new, tuple(sorted([*errors, *taken], key=lambda error: error.row)))


def rehearse_customers(rows: Sequence[CustomerRow], *, source: str, now: dt.datetime, date_format: str = "") -> Outcome:
    """Judge the rows and write nothing; every good one counts as bringing something new."""
    judged, errors = _judge(rows, date_format)
    return Outcome(len(judged), 0, tuple(errors))


def _judge(rows: Iterable[CustomerRow], date_format: str) -> tuple[list[_Judged], list[RowError]]:
    judged: list[_Judged] = []
    errors = []
    for row in rows:
        try:
            if len(row.customer_id) > _LONGEST_KEY or not row.customer_id.isprintable():
                raise InvalidFact(f"The customer's id is no plain text of up to {_LONGEST_KEY} characters.")
            _lists(row)
            judged.append((row, _facts(row, date_format), _links(row)))
        except InvalidFact as error:
            errors.append(_refused(row, "bad_value", str(error)))
    return judged, errors


def _facts(row: CustomerRow, date_format: str) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for name, text in row.texts.items():
        if name not in _LINKS and name not in COLUMNS:
            kind = fact_type(name, conf.get("FACTS"))
            facts[name] = value = _value(kind, text, date_format)
            encode_fact(kind, value)
    return facts


def _value(kind: FactType, text: str, date_format: str) -> FactValue:
    """A date as the file writes it; a time after it says nothing about a day."""
    if kind.kind != "date":
        return text
    try:
        if date_format:
            return dt.datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a day has no zone
        return dt.datetime.fromisoformat(text).date()
    except ValueError:
        wanted = f"like {date_format}" if date_format else "such as 1990-02-28"
        raise InvalidFact(f"The fact {kind.name!r} takes a date {wanted}.") from None


def _lists(row: CustomerRow) -> dict[str, frozenset[str]]:
    """Tags and audiences, where a cell says any."""
    return {name: read_list(name, row.texts[name]) for name in COLUMNS if name in row.texts}


def _links(row: CustomerRow) -> tuple[Name, ...]:
    email, number = _email_hash(row), row.texts.get(_CARD, "")
    try:
        card = loyalty_link(number).value if number else ""
    except NoLink as error:
        raise InvalidFact(str(error)) from None
    named = ((Identity.Kind.EMAIL.value, email), (Identity.Kind.LOYALTY.value, card))
    return tuple((kind, value) for kind, value in named if value)


def _email_hash(row: CustomerRow) -> str:
    given, address = row.texts.get(_EMAIL_HASH, "").lower(), row.texts.get(_EMAIL, "").strip()
    if given and not is_email_hash(given):
        raise InvalidFact("email_hash is no SHA-256 in 64 hexadecimal digits.")
    try:
        return email_hash(address) if address else given
    except NoLink:
        raise InvalidFact("email is no e-mail address.") from None


def _without_taken(rows: list[_Judged], profiles: dict[str, Profile]) -> tuple[list[_Judged], list[RowError]]:
    """Leave out rows whose e-mail address or card leads to somebody else: an import merges nobody."""
    owners = _owners(rows)
    kept, errors = [], []
    for judged in rows:
        row, _, links = judged
        mine = profiles[row.customer_id].pk
        taken = next((kind for kind, value in links if owners.setdefault((kind, value), mine) != mine), None)
        if taken is None:
            kept.append(judged)
        else:
            what = Identity.Kind(taken).label
            errors.append(_refused(row, f"{taken}_taken", f"The {what} leads to another customer: check both."))
    return kept, errors


def _owners(rows: Iterable[_Judged]) -> dict[Name, int]:
    values = [value for _, _, links in rows for _, value in links]
    known = Identity.objects.filter(kind__in=(Identity.Kind.EMAIL, Identity.Kind.LOYALTY), value__in=values)
    return {(kind, value): profile_id for kind, value, profile_id in known.values_list("kind", "value", "profile_id")}


def _add_links(rows: list[_Judged], profiles: dict[str, Profile], *, now: dt.datetime) -> frozenset[int]:
    known = _owners(rows)
    wanted = {
        name: profiles[row.customer_id] for row, _, links in rows for name in links if name not in known
    }  # fmt: skip
    Identity.objects.bulk_create(identity_of(name, profile, now=now) for name, profile in sorted(wanted.items()))
    return frozenset(profile.pk for profile in wanted.values())


def _refused(row: CustomerRow, reason: str, detail: str) -> RowError:
    return RowError(row.row, reason, detail, row.customer_id)
