"""Adapters that break one promise each, to prove that the contract notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from django_microseg.shop.values import CartInfo, CategoryInfo, LineInfo, Money, OrderInfo, ProductInfo
from django_microseg.testing import MemoryShop

__all__ = ["BROKEN", "BROKEN_WITHOUT"]


def _query() -> None:
    User.objects.count()


def _write() -> None:
    Session.objects.create(session_key=f"k{Session.objects.count()}", session_data="", expire_date=timezone.now())


class Products(MemoryShop):
    """Base of those that tell products wrongly."""

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {key: self.wrong(product) for key, product in super().products(keys).items()}

    def wrong(self, product: ProductInfo) -> ProductInfo:
        return product


class RaisesOnUnknownProduct(MemoryShop):
    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {key: self._products[key] for key in keys}


class InventsProducts(MemoryShop):
    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {key: self._products.get(key, ProductInfo("unknown", "Unknown")) for key in keys}


class LosesTitles(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, title="")


class LosesPrices(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, price=None)


class CountsInCents(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        assert product.price is not None
        return replace(product, price=Money(product.price.amount * 100, product.price.currency))


class InventsStock(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, stock=1000)


class SellsWhatIsSoldOut(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, is_available=True)


class SellsNothing(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, is_available=False)


class HidesWhatIsSoldOut(MemoryShop):
    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {key: product for key, product in super().products(keys).items() if product.stock != 0}


class AsksPerProduct(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        _query()
        return product


class WritesWhenAskedForProducts(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        _write()
        return product


class FloatPrices(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, price=Money(49.9, "GBP"))  # type: ignore[arg-type]


class ListsOfCategories(Products):
    def wrong(self, product: ProductInfo) -> ProductInfo:
        return replace(product, category_keys=["boots"])  # type: ignore[arg-type]


class KeysOfNumbers(MemoryShop):
    def key_of(self, thing: Any) -> str:
        return len(thing)  # type: ignore[no-any-return]


class KeysThatChange(MemoryShop):
    def key_of(self, thing: Any) -> str:
        return f"{thing}-{next(self._numbers)}"


class OneKeyForAll(MemoryShop):
    def key_of(self, thing: Any) -> str:
        return "p-1"


class NoCategories(MemoryShop):
    def categories(self) -> tuple[CategoryInfo, ...]:
        return ()


class CategoriesTwice(MemoryShop):
    def categories(self) -> tuple[CategoryInfo, ...]:
        return super().categories() * 2


class CategoriesInAnyOrder(MemoryShop):
    def categories(self) -> tuple[CategoryInfo, ...]:
        told = super().categories()
        return told if next(self._numbers) % 2 else told[::-1]


class OrphanedCategories(MemoryShop):
    def categories(self) -> tuple[CategoryInfo, ...]:
        return tuple(replace(each, parent_key="gone") for each in super().categories())


class NamesInsteadOfAddresses(MemoryShop):
    def url_of(self, page: str) -> str:
        return page


class AddressesOfUnknownPages(MemoryShop):
    def url_of(self, page: str) -> str:
        return f"/{page}/"


class Carts(MemoryShop):
    """Base of those that tell carts wrongly."""

    def cart(self, request: HttpRequest) -> CartInfo | None:
        cart = super().cart(request)
        return None if cart is None else self.wrong(cart)

    def wrong(self, cart: CartInfo) -> CartInfo:
        return cart


class StartsSessions(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        request.session.save()
        return super().cart(request)


class ReadsTheSessionOfAnybody(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        request.session.get("cart")
        return super().cart(request)


class CreatesCarts(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        if request.COOKIES and super().cart(request) is None:
            _write()
        return super().cart(request)


class MarksTheSession(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        if request.COOKIES:
            request.session["seen"] = True
        return super().cart(request)


class ShowsEmptyCarts(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        empty = CartInfo("empty", ()) if request.COOKIES else None
        return super().cart(request) or empty


class ShowsAnybodysCart(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        return super().cart(request) or next((cart for cart in self._carts.values() if cart.lines), None)


class HidesCarts(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        return None


class HidesCartsOfGuests(Carts):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        return super().cart(request) if request.user.is_authenticated else None


class LosesQuantities(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        return replace(cart, lines=tuple(replace(line, quantity=1) for line in cart.lines))


class LosesLines(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        return replace(cart, lines=cart.lines[:1])


class DoublesLines(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        return replace(cart, lines=cart.lines * 2)


class ForgetsCustomers(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        return replace(cart, customer_key="")


class NaiveTimes(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        return replace(cart, updated_at=dt.datetime(2026, 3, 2, 12))


class AsksPerLine(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        for _ in cart.lines:
            _query()
        return cart


class LinesAlwaysAvailable(Carts):
    def wrong(self, cart: CartInfo) -> CartInfo:
        return replace(cart, lines=tuple(replace(line, is_available=True) for line in cart.lines))


class Orders(MemoryShop):
    """Base of those that tell orders wrongly."""

    def orders(self, **asked: Any) -> Iterator[OrderInfo]:
        return map(self.wrong, super().orders(**asked))

    def wrong(self, order: OrderInfo) -> OrderInfo:
        return order


class NewestFirst(MemoryShop):
    def orders(self, **asked: Any) -> Iterator[OrderInfo]:
        return reversed(list(super().orders(**asked)))


class SinceLeavesItsMomentOut(MemoryShop):
    def orders(self, *, since: dt.datetime | None = None, **asked: Any) -> Iterator[OrderInfo]:
        return super().orders(since=since and since + dt.timedelta(seconds=1), **asked)


class IgnoresSince(MemoryShop):
    def orders(self, *, since: dt.datetime | None = None, **asked: Any) -> Iterator[OrderInfo]:
        return super().orders(**asked)


class IgnoresKeys(MemoryShop):
    def orders(self, *, keys: Any = None, **asked: Any) -> Iterator[OrderInfo]:
        return super().orders(**asked)


class TakesNoKeysForAll(MemoryShop):
    def orders(self, *, keys: Any = None, **asked: Any) -> Iterator[OrderInfo]:
        return super().orders(keys=keys or None, **asked)


class RaisesOnStrangeOrders(MemoryShop):
    def orders(self, *, keys: Any = None, **asked: Any) -> Iterator[OrderInfo]:
        return super().orders(keys=None if keys is None else [self._orders[key].key for key in keys], **asked)


class CustomerAndAddressMeanBoth(MemoryShop):
    def orders(self, *, customer_key: str = "", email: str = "", **asked: Any) -> Iterator[OrderInfo]:
        found = super().orders(customer_key=customer_key, email=email, **asked)
        return (order for order in found if not (customer_key and email) or order.email == email)


class ExactAddresses(MemoryShop):
    def orders(self, *, email: str = "", **asked: Any) -> Iterator[OrderInfo]:
        return (order for order in super().orders(email=email, **asked) if not email or order.email == email)


class AddressesThatBeginAlike(MemoryShop):
    def orders(self, *, email: str = "", **asked: Any) -> Iterator[OrderInfo]:
        if not email:
            return super().orders(**asked)
        return (order for order in super().orders() if order.email.startswith(email.lower()))


class RaisesOnStrangeAddresses(MemoryShop):
    def orders(self, *, email: str = "", **asked: Any) -> Iterator[OrderInfo]:
        assert "\x00" not in email
        return super().orders(email=email, **asked)


class HidesOrders(MemoryShop):
    def orders(self, **asked: Any) -> Iterator[OrderInfo]:
        return iter(())


class HidesOrdersOfGuests(MemoryShop):
    def orders(self, **asked: Any) -> Iterator[OrderInfo]:
        return (order for order in super().orders(**asked) if order.customer_key)


class CancelledOrdersCount(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        return replace(order, counts=True)


class NoOrderCounts(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        return replace(order, counts=False)


class ForgetsBuyers(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        return replace(order, customer_key="")


class NaiveOrders(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        return replace(order, placed_at=order.placed_at.replace(tzinfo=None))


class LosesPieces(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        return replace(order, lines=tuple(replace(line, quantity=1) for line in order.lines))


class LinesOfAnotherKind(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        lines = tuple(LineInfo(line.product_key, float(line.quantity)) for line in order.lines)  # type: ignore[arg-type]
        return replace(order, lines=lines)


class AsksPerOrder(Orders):
    def wrong(self, order: OrderInfo) -> OrderInfo:
        _query()
        return order


class NobodyHasOrdered(MemoryShop):
    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        return False


class EverybodyHasOrdered(MemoryShop):
    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        return True


class EvenNobodyHasOrdered(MemoryShop):
    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        return super().has_ordered(customer_key=customer_key, email=email) if customer_key or email else True


class CancelledMakeABuyer(MemoryShop):
    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        return bool((customer_key or email) and list(self.orders(customer_key=customer_key, email=email)))


class OneCancelledUndoesAll(MemoryShop):
    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        found = list(self.orders(customer_key=customer_key, email=email)) if customer_key or email else []
        return bool(found) and all(order.counts for order in found)


class WritesWhenAskedWhetherSomebodyOrdered(MemoryShop):
    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        _write()
        return super().has_ordered(customer_key=customer_key, email=email)


#: Each with the promise that it breaks; others may break with it.
BROKEN: dict[type[MemoryShop], str] = {
    RaisesOnUnknownProduct: "test_unknown_products_are_left_out",
    InventsProducts: "test_unknown_products_are_left_out",
    LosesTitles: "test_product_is_told_truly",
    LosesPrices: "test_product_is_told_truly",
    CountsInCents: "test_product_is_told_truly",
    InventsStock: "test_product_is_told_truly",
    SellsNothing: "test_product_is_told_truly",
    SellsWhatIsSoldOut: "test_sold_out_product_is_not_available",
    HidesWhatIsSoldOut: "test_sold_out_product_is_not_available",
    AsksPerProduct: "test_products_in_three_queries",
    WritesWhenAskedForProducts: "test_products_in_three_queries",
    FloatPrices: "test_product_values_are_frozen_and_typed",
    ListsOfCategories: "test_product_values_are_frozen_and_typed",
    KeysOfNumbers: "test_product_keys_are_stable",
    KeysThatChange: "test_product_keys_are_stable",
    OneKeyForAll: "test_product_keys_are_stable",
    NoCategories: "test_categories_are_told_truly",
    CategoriesTwice: "test_categories_are_told_truly",
    CategoriesInAnyOrder: "test_categories_are_told_truly",
    OrphanedCategories: "test_categories_are_told_truly",
    NamesInsteadOfAddresses: "test_addresses_lead_somewhere_or_are_empty",
    AddressesOfUnknownPages: "test_addresses_lead_somewhere_or_are_empty",
    StartsSessions: "test_visitor_without_a_session_gets_none_by_looking",
    ReadsTheSessionOfAnybody: "test_visitor_without_a_session_gets_none_by_looking",
    CreatesCarts: "test_customer_without_a_cart_gets_none_by_looking",
    MarksTheSession: "test_looking_does_not_change_the_session",
    ShowsEmptyCarts: "test_emptied_cart_is_none",
    ShowsAnybodysCart: "test_cart_is_shown_to_nobody_else",
    HidesCarts: "test_cart_of_a_customer_is_told_truly",
    HidesCartsOfGuests: "test_cart_of_a_guest_is_told_truly",
    LosesQuantities: "test_cart_of_a_guest_is_told_truly",
    LosesLines: "test_cart_of_a_guest_is_told_truly",
    DoublesLines: "test_cart_of_a_guest_is_told_truly",
    ForgetsCustomers: "test_cart_of_a_customer_is_told_truly",
    NaiveTimes: "test_cart_of_a_guest_is_told_truly",
    AsksPerLine: "test_long_cart_costs_no_more_queries",
    LinesAlwaysAvailable: "test_line_of_a_sold_out_product_is_not_available",
    NewestFirst: "test_oldest_comes_first_and_since_takes_its_moment_in",
    SinceLeavesItsMomentOut: "test_oldest_comes_first_and_since_takes_its_moment_in",
    IgnoresSince: "test_oldest_comes_first_and_since_takes_its_moment_in",
    IgnoresKeys: "test_orders_by_their_keys",
    TakesNoKeysForAll: "test_orders_by_their_keys",
    RaisesOnStrangeOrders: "test_orders_by_their_keys",
    CustomerAndAddressMeanBoth: "test_customer_and_address_together_mean_either",
    ExactAddresses: "test_address_in_other_letters_is_the_same",
    AddressesThatBeginAlike: "test_strangers_have_not_ordered",
    RaisesOnStrangeAddresses: "test_strangers_have_not_ordered",
    HidesOrders: "test_order_of_a_customer_is_told_truly",
    HidesOrdersOfGuests: "test_order_of_a_guest_is_told_truly",
    CancelledOrdersCount: "test_cancelled_order_does_not_count",
    NoOrderCounts: "test_order_of_a_customer_is_told_truly",
    ForgetsBuyers: "test_order_of_a_customer_is_told_truly",
    NaiveOrders: "test_order_of_a_guest_is_told_truly",
    LosesPieces: "test_order_of_a_guest_is_told_truly",
    LinesOfAnotherKind: "test_order_of_a_guest_is_told_truly",
    AsksPerOrder: "test_many_orders_cost_no_more_queries",
    NobodyHasOrdered: "test_order_of_a_customer_is_told_truly",
    EverybodyHasOrdered: "test_strangers_have_not_ordered",
    EvenNobodyHasOrdered: "test_strangers_have_not_ordered",
    CancelledMakeABuyer: "test_cancelled_order_does_not_count",
    OneCancelledUndoesAll: "test_cancelled_order_does_not_count",
    WritesWhenAskedWhetherSomebodyOrdered: "test_strangers_have_not_ordered",
}


class HasCartsAfterAll(MemoryShop):
    def cart(self, request: HttpRequest) -> CartInfo | None:
        return CartInfo("c", (LineInfo("p", 1),)) if request.COOKIES else None


class HasOrdersAfterAll(MemoryShop):
    def orders(self, **asked: Any) -> Iterator[OrderInfo]:
        return iter([OrderInfo("o", timezone.now())])


class HasCategoriesAfterAll(MemoryShop):
    def categories(self) -> tuple[CategoryInfo, ...]:
        return (CategoryInfo("c", "C"),)


#: The same for shops that say that they have no categories, carts and orders.
BROKEN_WITHOUT: dict[type[MemoryShop], str] = {
    HasCartsAfterAll: "test_shop_without_carts_says_so",
    HasOrdersAfterAll: "test_shop_without_orders_says_so",
    HasCategoriesAfterAll: "test_categories_are_told_truly",
}
