"""Population facts: figures over everybody that rules compare people with.

Each is an exact ratio, kept in versions, so that "above the shop's average order" means the same
to everyone until the next version. `refresh` says which profiles a new version concerns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from ..collect.models import Event
from .models import ComparedValue, PopulationFact
from .traits.plan import ORDER, REFUND

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["POPULATION", "Moved", "compute", "latest", "settle", "store_moved", "touched_by"]

Ratio = tuple[int, int]


def _counting(now: dt.datetime) -> QuerySet[Event]:
    """Events of known people that count at ``now``."""
    is_valid = Q(voided_at__isnull=True) | Q(voided_at__gt=now)
    return Event.objects.filter(is_valid, occurred_at__lte=now, profile__isnull=False)


def average_order_value(now: dt.datetime) -> Ratio:
    """Sum of what orders were worth after refunds, over their number; minor units."""
    refunds = (
        _counting(now)
        .filter(name=REFUND, order_key=OuterRef("order_key"), profile=OuterRef("profile"))
        .exclude(order_key="")
        .order_by()
        .values("order_key")
        .annotate(total=Sum("value_base_minor", output_field=BigIntegerField()))
        .values("total")
    )
    orders = _counting(now).filter(name=ORDER, value_base_minor__isnull=False)
    gross = orders.aggregate(total=Sum("value_base_minor"), orders=Count("pk"))
    refunded = (
        orders.filter(order_key__in=_counting(now).filter(name=REFUND).values("order_key"))
        .exclude(order_key="")
        .annotate(refunded=Subquery(refunds, output_field=BigIntegerField()))
        .aggregate(total=Sum("refunded"))["total"]
    )
    return int(gross["total"] or 0) - int(refunded or 0), int(gross["orders"])


def average_orders(now: dt.datetime) -> Ratio:
    """Number of orders over the number of customers who ordered."""
    counted = _counting(now).filter(name=ORDER)
    result = counted.aggregate(orders=Count("pk"), customers=Count(F("profile"), distinct=True))
    return int(result["orders"]), int(result["customers"])


#: name -> (how it is computed, what it is called)
POPULATION: dict[str, tuple[Callable[[dt.datetime], Ratio], StrOrPromise]] = {
    "average_order_value": (average_order_value, _("the shop's average order value")),
    "average_orders": (average_orders, _("the shop's average number of orders per customer")),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A population fact that has a new value. ``old`` is None where nobody knows which one people
    were compared with: there was none, or whoever looked at them again never came to the end."""

    name: str
    old: Ratio | None
    new: Ratio


def compute(names: Iterable[str], now: dt.datetime) -> dict[str, Ratio]:
    """The named figures as of ``now``, from the table."""
    return {name: POPULATION[name][0](now) for name in names if name in POPULATION}


def latest(names: Iterable[str]) -> dict[str, Ratio]:
    """The newest stored version of each named figure that has one."""
    return {name: (fact.numerator, fact.denominator) for name, fact in _newest(names).items()}


def store_moved(names: Iterable[str], now: dt.datetime) -> list[Moved]:
    """Compute the named figures and store a version of each that moved.

    A version that was never settled has moved too: somebody died before all had been looked at.
    """
    wanted = sorted(set(names))
    known, new = _newest(wanted), compute(wanted, now)
    moved = [Moved(name, _settled(known.get(name)), ratio) for name, ratio in new.items()]
    PopulationFact.objects.bulk_create(
        PopulationFact(name=name, numerator=ratio[0], denominator=ratio[1], computed_at=now)
        for name, ratio in new.items()
        if name not in known or _ratio(known[name]) != ratio
    )
    return [each for each in moved if each.old != each.new]


def settle(*, upto: dt.datetime, now: dt.datetime) -> None:
    """Everybody whom versions computed until ``upto`` concern has been looked at again."""
    PopulationFact.objects.filter(settled_at=None, computed_at__lte=upto).update(settled_at=now)


def _newest(names: Iterable[str]) -> dict[str, PopulationFact]:
    rows = PopulationFact.objects.filter(name__in=list(names)).order_by("computed_at", "pk")
    return {fact.name: fact for fact in rows}


def _ratio(fact: PopulationFact) -> Ratio:
    return fact.numerator, fact.denominator


def _settled(fact: PopulationFact | None) -> Ratio | None:
    return None if fact is None or fact.settled_at is None else _ratio(fact)


def touched_by(moved: Moved, factors: Iterable[float], now: dt.datetime) -> QuerySet[ComparedValue]:
    """Compared values that lie between the old and the new threshold, or that have expired.

    Values are rounded, so the range is a little wider; the rule itself decides exactly. Without an
    old value everybody is concerned.
    """
    rows = ComparedValue.objects.filter(fact=moved.name)
    if moved.old is None or not moved.old[1] or not moved.new[1]:
        return rows
    between = Q(valid_until__lte=now)
    for factor in factors:
        ends = sorted(factor * top / bottom for top, bottom in (moved.old, moved.new))
        slack = 1e-9 * max(1.0, abs(ends[0]), abs(ends[1]))
        between |= Q(value__gte=ends[0] - slack, value__lte=ends[1] + slack)
    return rows.filter(between)
