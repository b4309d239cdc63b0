"""Counts what the members of an account are and did together, and tells each of them by facts.

As facts of the members the figures are traits like any other: rules ask for ``account_orders >= 10``, live, in batches
and as of a day. They are counted by the traits' own scan, so an order counts, is refunded or is cancelled for the
account as it is for the person. A sweep does this for accounts that were touched, and once a day for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from .. import conf
from ..collect.fields import to_ms
from ..collect.money import from_minor, minor_exponent
from .accounts import ACCOUNT, COUNTED, SOURCE, members_of
from .fact_catalogue import FACTS, encode_fact
from .facts import standing_facts
from .lock import lock_profiles
from .models import Account, AccountTouch, Fact
from .scan import Scan
from .signals import facts_changed
from .traits.definition import Stream, Trait
from .traits.plan import ORDER

__all__ = ["Totals", "recount", "recount_due", "totals_of"]

_TRAITS = (Trait("count", Stream(ORDER)), Trait("sum", Stream(ORDER), field="value"))
_AT_ONCE = 500
_EVERY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Totals:
    """``spend_minor`` is what was paid less refunds, in minor units of the shop's currency."""

    members: int = 0
    buyers: int = 0
    orders: int = 0
    spend_minor: int = 0

    def as_facts(self, currency: str) -> dict[str, int | Decimal]:
        spend = from_minor(self.spend_minor, currency)
        figures = (self.members, self.buyers, self.members - self.buyers, self.orders, spend)
        return dict(zip(COUNTED, figures, strict=True))


def totals_of(key: str, now: dt.datetime) -> tuple[Totals, tuple[int, ...]]:
    """The figures of an account at ``now``, and the ids of its members."""
    scan = Scan(_TRAITS, to_ms(now), minor_exponent(conf.get("CURRENCY")))
    found = dict(scan.rows(Q(pk__in=members_of(key, now).values("pk"))))
    orders = [figures[0] for figures in found.values()]
    spend = sum(figures[1] for figures in found.values())
    return Totals(len(found), sum(number > 0 for number in orders), sum(orders), spend), tuple(sorted(found))


def recount_due(now: dt.datetime, *, limit: int = 100, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Count accounts that were touched, then those that nobody counted for a day; gives how many."""
    touched = list(AccountTouch.objects.order_by("account").values_list("account", flat=True).distinct()[:limit])
    old = Account.objects.filter(counted_at__lt=now - _EVERY).exclude(pk__in=touched).order_by("counted_at")
    done = 0
    for account in [*Account.objects.filter(pk__in=touched).order_by("pk"), *old[: limit - len(touched)]]:
        if should_stop():
            break
        recount(account, now)
        done += 1
    return done


def recount(account: Account, now: dt.datetime) -> Totals:
    """Count, tell the members, and note the figures. What happens meanwhile touches the account again."""
    touches = list(account.touches.values_list("pk", flat=True))
    totals, members = totals_of(account.key, now)
    numbers = {
        name: encode_fact(FACTS[name], value)[1] or 0 for name, value in totals.as_facts(conf.get("CURRENCY")).items()
    }
    for start in range(0, len(members), _AT_ONCE):
        _tell(account.key, members[start : start + _AT_ONCE], numbers, now)
    same = Account.objects.filter(pk=account.pk, counted_at=account.counted_at)
    is_ours = same.update(
        counted_at=now, members=totals.members, buyers=totals.buyers, orders=totals.orders,
        spend_minor=totals.spend_minor,
    )  # fmt: skip
    AccountTouch.objects.filter(pk__in=touches).delete()
    if not is_ours:  # somebody else counted at the same time, and who of us came last is unknown
        AccountTouch.objects.create(account=account)
    return totals


def _tell(key: str, profile_ids: Sequence[int], numbers: Mapping[str, int], now: dt.datetime) -> None:
    """Write what is new to whoever still is a member. Of one day only the last figures stay."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    new, moved = [], []
    with transaction.atomic():
        locked = lock_profiles(profile_ids)
        standing = standing_facts(list(locked), (ACCOUNT, *COUNTED), now)
        for profile_id in sorted(locked):
            at_home = standing.get((profile_id, ACCOUNT))
            if at_home is None or at_home.text != key:
                continue
            for name, number in numbers.items():
                row = standing.get((profile_id, name))
                if row is not None and row.number == number:
                    continue
                if row is not None and row.valid_from >= today and row.origin_id == profile_id:
                    row.number, row.valid_from = number, now
                    moved.append(row)
                else:
                    new.append(_row(profile_id, name, number, now))
        Fact.objects.bulk_create(new)
        Fact.objects.bulk_update(moved, ["number", "valid_from"])
        changed = frozenset(row.profile_id for row in (*new, *moved))
        if changed:
            facts_changed.send(Fact, profile_ids=changed, names=frozenset(COUNTED), now=now)


def _row(profile_id: int, name: str, number: int, now: dt.datetime) -> Fact:
    return Fact(
        profile_id=profile_id, origin_id=profile_id, name=name, number=number, source=SOURCE, confidence=100,
        valid_from=now,
    )  # fmt: skip
