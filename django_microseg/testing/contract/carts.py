"""The promises about carts: the visitor's own, whole, and not a trace is left by looking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...shop.customer import customer_key_of
from ...shop.values import CartInfo
from ..browser import Browser
from .faults import faults_of
from .hooks import Hooks, hold, same
from .watch import watch

__all__ = ["CartContract"]


class CartContract(Hooks):
    """Tests of `cart`."""

    def _goods(self, number: int) -> list[Any]:
        return [self.make_product(title=f"Contract sock {at}", price=Decimal("9.50"), stock=50) for at in range(number)]

    def _filled(self, goods: list[Any], quantity: int = 1, *, user: Any = None) -> Browser:
        """A visitor, or a customer, who has put things into the cart."""
        browser = Browser()
        if user is not None:
            browser.log_in(user)
        request = browser.request()
        self.fill_cart(request, [(thing, quantity) for thing in goods])
        browser.keep(request)
        return browser

    def _owner(self) -> Any:
        """Somebody who may have a cart: a guest if there are carts of guests."""
        return None if self.has_guest_carts else self.make_user()

    def _look(self, browser: Browser) -> CartInfo | None:
        return watch(self.adapter().cart, browser.request()).answer

    def test_shop_without_carts_says_so(self) -> None:
        if not self.has_carts:
            browser = Browser()
            browser.log_in(self.make_user())
            same(self._look(browser), None, "The cart in a shop that has none")

    def test_visitor_without_a_session_gets_none_by_looking(self) -> None:
        request = Browser().request()
        seen = watch(self.adapter().cart, request)
        same(seen.answer, None, "The cart of a new visitor")
        hold(not request.session.modified, "Looking for a cart changes the session of a visitor who has none")
        hold(not request.session.accessed, "Looking for a cart reads the session of a visitor who has none")
        same(request.session.session_key, None, "The session's key of a visitor who has no session")

    def test_customer_without_a_cart_gets_none_by_looking(self) -> None:
        browser = Browser()
        browser.log_in(self.make_user())
        same([self._look(browser), self._look(browser)], [None, None], "The cart of a customer who has none, twice")

    def test_emptied_cart_is_none(self) -> None:
        if not self.has_carts:
            return
        browser = self._filled(self._goods(1), user=self._owner())
        request = browser.request()
        self.empty_cart(request)
        browser.keep(request)
        same(self._look(browser), None, "A cart that was emptied")

    def test_cart_of_a_guest_is_told_truly(self) -> None:
        if not (self.has_carts and self.has_guest_carts):
            return
        goods = self._goods(2)
        self._tell_cart(self._look(self._filled(goods, 3)), goods, "")

    def test_cart_of_a_customer_is_told_truly(self) -> None:
        if not self.has_carts:
            return
        goods, user = self._goods(2), self.make_user()
        self._tell_cart(self._look(self._filled(goods, 3, user=user)), goods, customer_key_of(user))

    def _tell_cart(self, cart: CartInfo | None, goods: list[Any], customer_key: str) -> None:
        hold(cart is not None, "A cart that holds something is not found")
        if cart is None:
            return
        same(faults_of(cart), [], "What is wrong with the cart's value")
        expected = {(self.adapter().key_of(thing), 3, f"Contract sock {at}") for at, thing in enumerate(goods)}
        same({(each.product_key, each.quantity, each.title) for each in cart.lines}, expected, "The cart's lines")
        same(len(cart.lines), len(goods), "The number of the cart's lines")
        same(cart.customer_key, customer_key, "The key of the cart's customer")

    def test_cart_is_shown_to_nobody_else(self) -> None:
        if not self.has_carts:
            return
        self._filled(self._goods(1), user=self._owner())
        self._filled(self._goods(1), user=self.make_user())
        other = Browser()
        other.log_in(self.make_user())
        same(self._look(other), None, "The cart of a customer who has none, beside carts of others")
        same(self._look(Browser()), None, "The cart of a new visitor, beside carts of others")

    def test_looking_does_not_change_the_session(self) -> None:
        if not self.has_carts:
            return
        request = self._filled(self._goods(1), user=self._owner()).request()
        watch(self.adapter().cart, request)
        hold(not request.session.modified, "Looking at the cart changes the session")

    def test_long_cart_costs_no_more_queries(self) -> None:
        if not self.has_carts:
            return
        counts = []
        for number in (1, 6):
            request = self._filled(self._goods(number), user=self._owner()).request()
            counts.append(watch(self.adapter().cart, request).queries)
        hold(counts[1] <= counts[0], f"A cart of six lines takes {counts[1]} queries, one of a single line {counts[0]}")

    def test_line_of_a_sold_out_product_is_not_available(self) -> None:
        if not self.has_carts:
            return
        goods = self._goods(1)
        browser = self._filled(goods, user=self._owner())
        self.sell_out(goods[0])
        cart = self._look(browser)
        found = [] if cart is None else [each.is_available for each in cart.lines]
        same(found, [False], "Whether the line of a sold-out product is available")
