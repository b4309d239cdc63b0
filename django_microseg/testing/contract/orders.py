"""The promises about orders: whose they are, in which order they come, and which of them count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ...shop.customer import customer_key_of
from ...shop.values import OrderInfo
from .faults import faults_of
from .hooks import Hooks, hold, same
from .products import STRANGE
from .watch import watch

__all__ = ["OrderContract"]

_NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)
_ANN, _BOB = "ann@contract.example", "bob@contract.example"


def _keys(orders: Iterable[OrderInfo]) -> list[str]:
    return [order.key for order in orders]


class OrderContract(Hooks):
    """Tests of `orders` and `has_ordered`."""

    def _order(self, *, user: Any = None, email: str = "", days: int = 0) -> Any:
        goods = self.make_product(title="Contract flask", price=Decimal("19.90"), stock=50)
        return self.make_order(user=user, email=email, placed_at=_NOON + days * _DAY, lines=[(goods, 2)])

    def _key(self, **asked: Any) -> str:
        return self.adapter().key_of(self._order(**asked))

    def _has(self, *, customer_key: str = "", email: str = "") -> bool | None:
        return watch(self.adapter().has_ordered, customer_key=customer_key, email=email).answer

    def _orders(self, **asked: Any) -> list[OrderInfo]:
        return list(self.adapter().orders(**asked))

    def test_shop_without_orders_says_so(self) -> None:
        if not self.has_orders:
            same(self._orders(), [], "The orders of a shop that has none")
            hold(not self._has(email=_ANN), "Somebody has ordered in a shop that has no orders")

    def test_order_of_a_customer_is_told_truly(self) -> None:
        if not self.has_orders:
            return
        user = self.make_user()
        order = self._order(user=user)
        found = self._orders(customer_key=customer_key_of(user))
        self._tell_order(found, order, customer_key_of(user))
        same(self._has(customer_key=customer_key_of(user)), True, "Whether a customer with an order has ordered")

    def test_order_of_a_guest_is_told_truly(self) -> None:
        if not (self.has_orders and self.has_guest_orders):
            return
        order = self._order(email=_ANN)
        found = self._orders(email=_ANN)
        self._tell_order(found, order, "")
        same([each.email.casefold() for each in found], [_ANN], "The guest's address")
        same(self._has(email=_ANN), True, "Whether a guest with an order has ordered")

    def _tell_order(self, found: list[OrderInfo], order: Any, customer_key: str) -> None:
        shop = self.adapter()
        same(_keys(found), [shop.key_of(order)], "The keys of somebody's orders")
        same([fault for each in found for fault in faults_of(each)], [], "What is wrong with the order's value")
        same([each.placed_at for each in found], [_NOON], "When the order was placed")
        same([each.counts for each in found], [True], "Whether an order that stands counts")
        same([each.customer_key for each in found], [customer_key], "The key of the order's customer")
        quantities = [sum(line.quantity for line in each.lines) for each in found]
        hold(quantities in ([2], [0]), f"The order has two pieces, but the adapter says {quantities}")

    def test_address_in_other_letters_is_the_same(self) -> None:
        if not (self.has_orders and self.has_guest_orders):
            return
        key = self._key(email=_ANN)
        for spelling in ("Ann@Contract.Example", _ANN.upper()):
            same(_keys(self._orders(email=spelling)), [key], f"The orders of {spelling}")
            same(self._has(email=spelling), True, f"Whether {spelling} has ordered")

    def test_strangers_have_not_ordered(self) -> None:
        if not self.has_orders:
            return
        self._order(user=self.make_user())
        if self.has_guest_orders:
            self._order(email=_ANN)
        stranger = customer_key_of(self.make_user())
        near = ("nn@contract.example", "ann@contract.exampl", "%", "_nn@contract.example", "ann@contract.example\x00")
        for email in (_BOB, *near):
            same(self._orders(email=email), [], f"The orders of {email!r}, who has none")
            hold(not self._has(email=email), f"{email!r} has not ordered, but the adapter says so")
        same(self._orders(customer_key=stranger), [], "The orders of a customer who has none")
        hold(not self._has(customer_key=stranger, email=_BOB), "A stranger has not ordered, but the adapter says so")
        hold(not self._has(customer_key="no-such-customer"), "Nobody has this key, but has ordered")
        hold(not self._has(), "Nobody has not ordered, but the adapter says so")

    def test_cancelled_order_does_not_count(self) -> None:
        if not self.has_orders:
            return
        user = self.make_user()
        key = customer_key_of(user)
        self.cancel_order(self._order(user=user))
        same([each.counts for each in self._orders(customer_key=key)], [False], "Whether a cancelled one counts")
        same(self._has(customer_key=key), False, "Whether somebody whose only order was cancelled has ordered")
        self._order(user=user, days=1)
        same(
            self._has(customer_key=key), True, "Whether somebody with one cancelled and one standing order has ordered"
        )

    def test_oldest_comes_first_and_since_takes_its_moment_in(self) -> None:
        if not self.has_orders:
            return
        user = self.make_user()
        second, first, third = (self._key(user=user, days=days) for days in (2, 1, 3))
        shop = self.adapter()
        same(_keys(shop.orders()), [first, second, third], "The keys of all orders, oldest first")
        same(_keys(shop.orders(since=_NOON + 2 * _DAY)), [second, third], "The keys of orders since the second")

    def test_orders_by_their_keys(self) -> None:
        if not self.has_orders:
            return
        user = self.make_user()
        first, second = self._key(user=user), self._key(user=user, days=1)
        shop = self.adapter()
        strange = [each for each in STRANGE if each not in (first, second)]
        same(_keys(shop.orders(keys=[*strange, second])), [second], "Orders among strange keys and a known one")
        same(_keys(shop.orders(keys=[])), [], "Orders among no keys at all")

    def test_customer_and_address_together_mean_either(self) -> None:
        if not (self.has_orders and self.has_guest_orders):
            return
        user = self.make_user()
        own, guests, _ = self._key(user=user), self._key(email=_ANN, days=1), self._key(email=_BOB, days=2)
        asked = {"customer_key": customer_key_of(user), "email": _ANN}
        same(_keys(self._orders(**asked)), [own, guests], "The orders of a customer or an address")
        same(_keys(self._orders(**asked, keys=[guests])), [guests], "The same, among keys")

    def test_many_orders_cost_no_more_queries(self) -> None:
        if not self.has_orders:
            return
        counts = []
        for number in (1, 5):
            user = self.make_user()
            for days in range(number):
                self._order(user=user, days=days)
            key = customer_key_of(user)
            counts.append(watch(self._orders, customer_key=key).queries)
        hold(counts[1] <= counts[0], f"Five orders take {counts[1]} queries, a single one {counts[0]}")
