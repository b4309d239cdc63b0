"""Door: companies and households, from the shop's own code.

``join_account`` puts a customer in, ``leave_account`` takes them out, ``account_totals`` says what all members did
together. An account is named by the shop's own key for it, compared without regard to capital letters.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from . import conf
from .collect.hooks import PersonKey
from .collect.money import from_minor
from .profile import accounts
from .profile.accounts import NoAccount
from .profile.errors import PersonErased
from .profile.facts import set_fact
from .profile.models import Account
from .profile.resolve import resolve

__all__ = ["AccountTotals", "NoAccount", "account_totals", "customers_of", "join_account", "leave_account"]

_SOURCE = "shop"


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """``spend`` is in the shop's currency, after refunds. ``counted_at`` says as of when all this holds."""

    name: str
    members: int
    buyers: int
    orders: int
    spend: Decimal
    counted_at: dt.datetime


def join_account(customer_key: str, account: str, *, name: str = "") -> None:
    """The customer belongs to the account from now on, and to no other. Safe to call again.

    Raises `NoAccount` for a key that stands for nobody, `PersonErased` if the customer asked to be forgotten.
    """
    key, now = accounts.account_key(account), timezone.now()
    with transaction.atomic():
        accounts.name_account(key, name, now=now)
        _declare(customer_key, key, now)


def leave_account(customer_key: str) -> None:
    """The customer belongs to no account any more. Raises `PersonErased` if they asked to be forgotten."""
    with transaction.atomic():
        _declare(customer_key, None, timezone.now())


def account_totals(account: str) -> AccountTotals | None:
    """What the members did together, as last counted; None if nobody has counted yet, or knows the account."""
    row = Account.objects.filter(key=accounts.account_key(account)).first()
    if row is None or row.counted_at is None:
        return None
    spend = from_minor(row.spend_minor or 0, conf.get("CURRENCY"))
    return AccountTotals(row.name, row.members or 0, row.buyers or 0, row.orders or 0, spend, row.counted_at)


def customers_of(account: str) -> list[str]:
    """The keys of the customers who belong to an account now."""
    members = accounts.members_of(accounts.account_key(account), timezone.now()).exclude(customer_key=None)
    return [str(key) for key in members.order_by("customer_key").values_list("customer_key", flat=True)]


def _declare(customer_key: str, account: str | None, now: dt.datetime) -> None:
    """Raises `PersonErased`."""
    person = PersonKey("", customer_key)
    profile = resolve([person], now=now).get(person)
    if profile is None:
        raise PersonErased
    set_fact(profile, accounts.ACCOUNT, account, source=_SOURCE, now=now)
