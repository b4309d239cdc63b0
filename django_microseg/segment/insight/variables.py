"""What segments are compared by: how people come, look and buy, and the facts that are known of them.

Each variable is a name in words and a way to read it from somebody's figures. Reading takes one statement for the
figures of a batch of people and one for their facts, however many values a variable has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ... import conf
from ...collect.fields import to_ms
from ...collect.money import minor_exponent
from ...profile.age import age_at, day_number
from ...profile.fact_catalogue import fact_types
from ...profile.facts import reserved_now, valid_at
from ...profile.models import Fact, Profile
from ...profile.scan import Scan
from ...profile.traits.definition import DAY, Stream, Test, Trait
from ...profile.traits.plan import ORDER
from ..rulebook import shop_zone
from .contrast import NO, Value

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["VARIABLES", "Figures", "Variable", "fact_variables", "read_people"]

#: Keys that lead to one person or company say nothing about many.
_NO_VARIABLES = frozenset({"account", "birthday"})
_AT_ONCE = 1_000
_ANY = Stream("any")
_HOURS = {"night": (0, 5), "morning": (6, 11), "afternoon": (12, 17), "evening": (18, 23)}

_TRAITS: Mapping[str, Trait] = {
    "orders": Trait("count", Stream(ORDER)),
    "average": Trait("avg", Stream(ORDER), field="value"),
    "since_order": Trait("days_since", Stream(ORDER)),
    "coupons": Trait("count", Stream(ORDER, (Test("coupon", "ne", ("",)),))),
    "visits": Trait("distinct", Stream("page_viewed"), field="visit"),
    "views": Trait("count", Stream("product_viewed")),
    "since": Trait("days_since", _ANY),
    "device": Trait("last", _ANY, field="device"),
    "country": Trait("last", _ANY, field="country"),
    "language": Trait("last", _ANY, field="language"),
    "channel": Trait("last", _ANY, field="channel"),
    "viewed_category": Trait("top", Stream("product_viewed"), field="category"),
    "viewed_brand": Trait("top", Stream("product_viewed"), field="brand"),
    "bought_category": Trait("top", Stream("product_purchased"), field="category"),
    **{
        name: Trait("count", Stream("any", (Test("local_hour", "between", hours),))) for name, hours in _HOURS.items()
    },
    "weekend": Trait("count", Stream("any", (Test("local_weekday", "between", (5, 6)),))),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one person. ``seen`` goes by the names of the traits, ``facts`` by those of facts."""

    is_customer: bool
    now: int
    seen: Mapping[str, Any]
    facts: Mapping[str, Value]

    def days_since(self, name: str) -> float | None:
        return None if self.seen[name] is None else (self.now - self.seen[name]) / DAY

    def text(self, name: str) -> str | None:
        return self.seen[name] or None


@dataclass(frozen=True, slots=True)
class Variable:
    """``name`` in words. ``asks`` are the events and facts behind it; ``kind`` is yes, text, number, money or days."""

    key: str
    name: StrOrPromise
    read: Callable[[Figures], Value]
    kind: str = "text"
    asks: frozenset[str] = frozenset()


def _yes(key: str, name: StrOrPromise, is_so: Callable[[Figures], bool | None], asks: str = "") -> Variable:
    def read(figures: Figures) -> Value:
        answer = is_so(figures)
        return None if answer is None else "yes" if answer else NO

    return Variable(key, name, read, "yes", frozenset({asks} if asks else ()))


def _text(key: str, name: StrOrPromise, asks: str = "") -> Variable:
    return Variable(key, name, lambda figures: figures.text(key), asks=frozenset({asks} if asks else ()))


def _number(key: str, name: StrOrPromise, asks: str) -> Variable:
    return Variable(key, name, lambda figures: figures.seen[key], "number", frozenset({asks}))


def _days(key: str, name: StrOrPromise, asks: str) -> Variable:
    return Variable(key, name, lambda figures: figures.days_since(key), "days", frozenset({asks}))


def _orders(figures: Figures) -> int | None:
    """Of buyers alone: that somebody has ordered is a variable of its own."""
    return figures.seen["orders"] or None


def _average(figures: Figures) -> float | None:
    ratio = figures.seen["average"]
    return ratio[0] / ratio[1] if ratio else None


def _time_of_day(figures: Figures) -> str | None:
    counts = {name: figures.seen[name] for name in _HOURS}
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] else None


def _is_at_weekends(figures: Figures) -> bool | None:
    events = sum(figures.seen[name] for name in _HOURS)
    return figures.seen["weekend"] * 2 > events if events else None


def _uses_coupons(figures: Figures) -> bool | None:
    return figures.seen["coupons"] > 0 if figures.seen["orders"] else None


VARIABLES: Sequence[Variable] = (
    _yes("customer", _("known by name"), lambda figures: figures.is_customer),
    _yes("buyer", _("has ordered"), lambda figures: figures.seen["orders"] > 0, ORDER),
    Variable("orders", _("orders of a buyer"), _orders, "number", frozenset({ORDER})),
    Variable("average", _("average order"), _average, "money", frozenset({ORDER})),
    _days("since_order", _("days since the last order"), ORDER),
    _yes("coupons", _("orders with a coupon"), _uses_coupons, ORDER),
    _number("visits", _("visits"), "page_viewed"),
    _number("views", _("products looked at"), "product_viewed"),
    _days("since", _("days since the last visit"), "any"),
    _text("device", _("device")),
    _text("country", _("country")),
    _text("language", _("language")),
    _text("channel", _("came last by")),
    _text("viewed_category", _("looks mostly at"), "product_viewed"),
    _text("viewed_brand", _("looks mostly at the brand"), "product_viewed"),
    _text("bought_category", _("buys mostly"), "product_purchased"),
    Variable("hour", _("here mostly in the"), _time_of_day),
    _yes("weekend", _("here mostly at weekends"), _is_at_weekends),
)


def fact_variables() -> list[Variable]:
    """The facts of this shop that rules may ask for; of a birthday, the age."""
    reserved = reserved_now() | _NO_VARIABLES
    return [
        Variable(f"fact {name}", name.replace("_", " "), _fact(name), fact.kind, frozenset({name}))
        for name, fact in sorted(fact_types(conf.get("FACTS")).items())
        if name not in reserved and fact.kind in ("text", "number")
    ]


def _fact(name: str) -> Callable[[Figures], Value]:
    return lambda figures: figures.facts.get(name)


def read_people(ids: Sequence[int], now: dt.datetime) -> dict[str, list[Value]]:
    """By variable, the value of each of these people, in the order of their ids."""
    variables = [*VARIABLES, *fact_variables()]
    figures = [each for at in range(0, len(ids), _AT_ONCE) for each in _figures(ids[at : at + _AT_ONCE], now)]
    return {variable.key: [variable.read(each) for each in figures] for variable in variables}


def _figures(ids: Sequence[int], now: dt.datetime) -> list[Figures]:
    moment, among = to_ms(now), Q(pk__in=ids)
    customers = dict(Profile.objects.filter(among).values_list("pk", "customer_key"))
    facts = _facts(ids, now)
    scan = Scan(tuple(_TRAITS.values()), moment, minor_exponent(conf.get("CURRENCY")))
    return [
        Figures(customers.get(pk) is not None, moment, dict(zip(_TRAITS, values, strict=True)), facts.get(pk, {}))
        for pk, values in scan.rows(among)
    ]


def _facts(ids: Sequence[int], now: dt.datetime) -> dict[int, dict[str, Value]]:
    """What is valid now, by profile and name; the latest word counts."""
    today = day_number(to_ms(now), shop_zone())
    found: dict[int, dict[str, Value]] = {}
    rows = Fact.objects.filter(valid_at(now), profile__in=ids).exclude(name__in=reserved_now())
    for pk, name, text, number in rows.order_by("valid_from", "pk").values_list("profile_id", "name", "text", "number"):
        known = found.setdefault(pk, {})
        if number is None:
            known[name] = text
        elif name == "birthday":
            known["age"] = float(age_at(number, today))
        else:
            known[name] = number / 1000
    return found
