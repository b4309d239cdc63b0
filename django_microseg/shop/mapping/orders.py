"""Reads orders, and answers whether somebody has ordered. Only what the shop says counts, counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from django_microseg import conf

from ..customer import customer_key_of
from ..values import OrderInfo
from .convert import money_of, text_of
from .keys import may_be_sent, usable_keys
from .lines import Lines
from .moment import instant_of
from .section import Section

__all__ = ["Orders"]

#: Of all orders so many at a time are read with their lines.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Orders:
    section: Section
    lines: Lines | None
    is_minor: bool

    def all(
        self, *, keys: Collection[str] | None, customer_key: str, email: str, since: dt.datetime | None
    ) -> Iterator[OrderInfo]:
        """Oldest first, read in batches."""
        placed_at = self.section.ways["placed_at"].lookup
        lines = () if self.lines is None else self.lines.relations()
        rows = self._placed(self.section.rows(*lines))
        if since is not None:
            rows = rows.filter(**{f"{placed_at}__gte": since})
        if keys is not None:
            rows = rows.filter(self._keyed(keys))
        if customer_key or email:
            rows = rows.filter(self._of_somebody(customer_key, email))
        rows = rows.order_by(placed_at, "pk")
        is_small = keys is not None or customer_key or email
        for row in rows if is_small else rows.iterator(chunk_size=_BATCH):
            info = self._info(row)
            if info is not None:
                yield info

    def has_any(self, customer_key: str, email: str) -> bool | None:
        """One query. None if the mapping does not say how to find orders of whom it is asked about."""
        if not customer_key and not email:
            return False
        may_not_know = (customer_key and not self.section.has("user")) or (email and not self.section.has("email"))
        rows = self._placed(self.section.rows()).filter(self._counted(), self._of_somebody(customer_key, email))
        return rows.exists() or (None if may_not_know else False)

    def _placed(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """What was never placed is no order yet."""
        return rows.filter(**{f"{self.section.ways['placed_at'].lookup}__isnull": False})

    def _keyed(self, keys: Collection[str]) -> Q:
        way = self.section.ways["key"]
        assert way.field is not None
        return Q(**{f"{way.lookup}__in": list(usable_keys(way.field, keys).values())})

    def _of_somebody(self, customer_key: str, email: str) -> Q:
        """The customer's or the address's; of nobody if neither can be looked up."""
        found = Q(pk__in=())
        if customer_key and (owner := self.section.ways.get("user")):
            field = owner.field if owner.target is None else owner.target._meta.pk
            lookup = owner.lookup if owner.target is None else f"{owner.lookup}__pk"
            assert field is not None
            found |= Q(**{f"{lookup}__in": list(usable_keys(field, [customer_key]).values())})
        if email and may_be_sent(email) and (address := self.section.ways.get("email")):
            found |= Q(**{f"{address.lookup}__iexact": email.strip()})
        return found

    def _counted(self) -> Q:
        options, status = self.section.options, self.section.ways.get("status")
        if status is None:
            return Q()
        if "counted" in options:
            return Q(**{f"{status.lookup}__in": list(options["counted"])})
        return ~Q(**{f"{status.lookup}__in": list(options["not_counted"])})

    def _counts(self, row: Any) -> bool:
        options, status = self.section.options, self.section.first(row, "status")
        if not self.section.has("status"):
            return True
        return status in options["counted"] if "counted" in options else status not in options["not_counted"]

    def _info(self, row: Any) -> OrderInfo | None:
        read = self.section
        placed_at, currency = instant_of(read.first(row, "placed_at")), read.first(row, "currency")
        if placed_at is None:
            return None
        total = money_of(read.first(row, "total"), currency, base=conf.get("CURRENCY"), is_minor=self.is_minor)
        return OrderInfo(
            key=text_of(read.first(row, "key")),
            placed_at=placed_at,
            counts=self._counts(row),
            customer_key=self._customer_key(row),
            email=text_of(read.first(row, "email")),
            lines=() if self.lines is None else tuple(self.lines.of(row, currency)),
            total=total,
            coupon=text_of(read.first(row, "coupon")),
        )

    def _customer_key(self, row: Any) -> str:
        """By the user whom the order names, or the key that stands there in so many letters."""
        user = self.section.first(row, "user")
        is_user = "user" in self.section.ways and self.section.ways["user"].target is not None
        return customer_key_of(user) if is_user else text_of(user)
