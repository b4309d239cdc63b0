"""Accounts: companies and households, and who belongs to them.

Whose account a person belongs to is a fact of theirs, ``account``: so it follows them through merges, has a past, and
goes with them when they are erased. The one declared last counts. Whatever may change an account's figures, such as an
order of a member, leaves a touch; `account_totals` counts anew from these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ..collect.batch import StoredBatch
from ..collect.fields import from_ms
from ..collect.ids import clean_id, is_placeholder
from ..collect.reasons import Rejected
from ..collect.record import LABEL_END, EventRecord
from ..collect.voids import VOIDING
from .fact_catalogue import FACTS, InvalidFact, encode_fact
from .facts import Declaration, set_facts, valid_at
from .models import Account, AccountTouch, Fact, Profile

__all__ = [
    "ACCOUNT",
    "COUNTED",
    "SOURCE",
    "NoAccount",
    "account_key",
    "members_of",
    "name_account",
    "on_account_facts",
    "on_account_people",
    "on_members_events",
    "touch_accounts_of",
]

ACCOUNT = "account"
#: The facts of each member that follow from the account's figures.
COUNTED = tuple(fact.name for fact in FACTS.values() if fact.derived_from == ACCOUNT)
#: Whose word the figures are.
SOURCE = "accounts"

_JOINED = "account_joined"
_LONGEST_KEY = 100
_LONGEST_NAME = 200


class NoAccount(ValueError):
    """What was given is no account's key; the sentence says why."""


def account_key(given: object) -> str:
    """The key as it is kept: without spaces around and in small letters. Raises `NoAccount`."""
    try:
        found = clean_id(given, "the account's key", _LONGEST_KEY)
        text, _ = encode_fact(FACTS[ACCOUNT], found)
    except Rejected as error:
        raise NoAccount(error.detail) from None
    except InvalidFact:
        raise NoAccount("The account's key is empty, or one that stands for nobody.") from None
    return text or ""


def name_account(key: str, name: str, *, now: dt.datetime) -> Account:
    """The account of a key from `account_key`, made if there is none; a name that is not empty becomes its name."""
    shown = " ".join(name.split())[:_LONGEST_NAME]
    account, is_new = Account.objects.get_or_create(key=key, defaults={"name": shown, "created_at": now})
    if shown and not is_new and account.name != shown:
        account.name = shown
        account.save(update_fields=["name"])
    return account


def members_of(key: str, now: dt.datetime) -> QuerySet[Profile]:
    """Those whose account it is at ``now``."""
    rows = Fact.objects.filter(valid_at(now), name=ACCOUNT)
    standing = rows.filter(profile=OuterRef("pk")).order_by("-valid_from", "-pk").values("text")[:1]
    ever = Profile.objects.filter(pk__in=rows.filter(text=key).values("profile"), merged_into=None)
    return ever.annotate(standing_account=Subquery(standing)).filter(standing_account=key)


def touch_accounts_of(profile_ids: Collection[int]) -> None:
    """Have every account counted anew that these people belong to, or ever did."""
    keys = Fact.objects.filter(profile__in=profile_ids, name=ACCOUNT).values("text")
    ids = Account.objects.filter(key__in=keys).order_by("pk").values_list("pk", flat=True)
    AccountTouch.objects.bulk_create(AccountTouch(account_id=pk) for pk in ids)


# -- what others tell; connected by the door `wiring`


def on_members_events(sender: Any, *, batch: StoredBatch, **kwargs: Any) -> None:
    """Whoever joined an account belongs to it; an order, or what undoes one, changes what its account spent."""
    joined = list(_joinings(batch))
    if joined:
        set_facts(joined, now=batch.received_at)
    buyers = {pk for pk, records in batch.records.items() if any(record.name in VOIDING for record in records)}
    if buyers or batch.refold:
        touch_accounts_of(buyers | batch.refold)


def on_account_facts(
    sender: Any, *, profile_ids: Collection[int], names: Collection[str], now: dt.datetime, **kwargs: Any
) -> None:
    """Somebody's account is another now."""
    if ACCOUNT in names:
        _settle(frozenset(profile_ids), now)


def on_account_people(sender: Any, *, target: Profile, source: Profile, now: dt.datetime, **kwargs: Any) -> None:
    """Two profiles became one, or one became two."""
    _settle(frozenset({target.pk, source.pk}), now)


def _joinings(batch: StoredBatch) -> Iterator[Declaration]:
    for profile_id, records in batch.records.items():
        for record in records:
            key = _joined_account(record)
            if key:
                yield Declaration(profile_id, ACCOUNT, key, record.source, valid_from=from_ms(record.occurred_at))


def _joined_account(record: EventRecord) -> str:
    if record.name != _JOINED:
        return ""
    start = f"{ACCOUNT}="
    said = next((part for part in record.labels.split(LABEL_END) if part.startswith(start)), "")
    try:
        return account_key(said.removeprefix(start))
    except NoAccount:
        return ""


def _settle(profile_ids: frozenset[int], now: dt.datetime) -> None:
    """Have the accounts that facts name counted, and end the figures of whoever has none.

    An account that nobody knew is made, but for fillers, which all name alike.
    """
    rows = Fact.objects.filter(profile__in=profile_ids, name__in=(ACCOUNT, *COUNTED))
    named = {row.text for row in rows if row.name == ACCOUNT and not is_placeholder(row.text or "")}
    if named:
        made = [Account(key=key, created_at=now) for key in sorted(named)]
        Account.objects.bulk_create(made, ignore_conflicts=True)
        touch_accounts_of(profile_ids)
    valid = rows.filter(valid_at(now))
    told = set(valid.filter(name__in=COUNTED).values_list("profile", flat=True))
    belonging = set(valid.filter(name=ACCOUNT).values_list("profile", flat=True))
    ending = [Declaration(pk, name, None, SOURCE) for pk in sorted(told - belonging) for name in COUNTED]
    set_facts(ending, now=now, are_counted=True)
