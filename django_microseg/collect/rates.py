"""What a currency was worth in the shop's on a day.

Either the shop's own function, named by ``MICROSEG["CURRENCY_RATES"]`` (currency and day in, a
Decimal or None out), or the table `CurrencyRate`, where a rate holds from its day until the next.
Without a rate an amount in the shop's currency is unknown, and stays None.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from .. import conf
from .draft import Draft
from .fields import DayField
from .localtime import local_at
from .models import CurrencyRate
from .money import to_base

__all__ = ["convert", "rates_for"]

_EPOCH = dt.date(1970, 1, 1)


def convert(drafts: Collection[Draft], base: str, shop_zone: dt.tzinfo) -> None:
    """Set the value in the shop's currency of those drafts whose amounts are in another."""
    foreign = [draft for draft in drafts if draft.value_minor is not None and draft.currency != base]
    if not foreign:
        return
    asked = {id(draft): (draft.currency, _day_of(draft, shop_zone)) for draft in foreign}
    rates = rates_for(set(asked.values()))
    for draft in foreign:
        rate = rates.get(asked[id(draft)])
        if rate is not None and draft.value_minor is not None:
            draft.value_base_minor = to_base(draft.value_minor, draft.currency, base, rate)


def rates_for(asked: Collection[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Decimal]:
    """The rates of some currencies on some days, as far as they are known; one query at most."""
    provider = conf.get("CURRENCY_RATES")
    if provider is None:
        return _from_table(asked)
    ask = import_string(provider)
    found = {pair: ask(*pair) for pair in asked}
    return {pair: Decimal(rate) for pair, rate in found.items() if rate is not None}


def _day_of(draft: Draft, shop_zone: dt.tzinfo) -> dt.date:
    return _EPOCH + dt.timedelta(days=local_at(draft.occurred_at, shop_zone).day)


def _from_table(asked: Collection[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Decimal]:
    """Reads, of each currency, the days asked for and the last rate before them."""
    currencies = {currency for currency, _ in asked}
    first, last = min(day for _, day in asked), max(day for _, day in asked)
    before = CurrencyRate.objects.filter(currency=OuterRef("currency"), day__lte=first).order_by("-day")
    rows = (
        CurrencyRate.objects.filter(currency__in=currencies, day__lte=last)
        .filter(day__gte=Coalesce(Subquery(before.values("day")[:1]), Value(first, output_field=DayField())))
        .order_by("day")
        .values_list("currency", "day", "rate")
    )
    days: defaultdict[str, list[dt.date]] = defaultdict(list)
    rates: defaultdict[str, list[Decimal]] = defaultdict(list)
    for currency, day, rate in rows:
        days[currency].append(day)
        rates[currency].append(rate)
    places = {(currency, day): bisect_right(days[currency], day) for currency, day in asked}
    return {(currency, day): rates[currency][place - 1] for (currency, day), place in places.items() if place}
