"""What a subclass of the contract says about its shop: how things are made there, and what it has not got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest

from ...shop.adapter import ShopAdapter
from ...shop.current import current_shop

__all__ = ["ContractBroken", "Hooks", "hold", "same"]

_users = count(1)


class ContractBroken(AssertionError):
    """The adapter does not keep a promise on which personalisation builds."""


def same(found: object, expected: object, what: str) -> None:
    """Raise unless both are equal."""
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected!r}, but the adapter gave {found!r}.")


def hold(is_kept: bool, what: str) -> None:  # noqa: FBT001 - a condition is what it is about
    """Raise unless the condition holds."""
    if not is_kept:
        raise ContractBroken(f"{what}.")


class Hooks:
    """Write those that raise. A thing may be a row of the shop's model or, in a remote shop, its key."""

    has_categories = True
    has_carts = True
    #: Whether a visitor may fill a cart without logging in.
    has_guest_carts = True
    has_orders = True
    has_guest_orders = True

    def adapter(self) -> ShopAdapter:
        """The adapter under test: the one that the settings name."""
        return current_shop()

    def make_product(self, *, title: str, price: Decimal, stock: int) -> Any:
        """A new product that can be bought, unless its stock is 0."""
        raise NotImplementedError

    def sell_out(self, product: Any) -> None:
        """Leave nothing of a product in stock."""
        raise NotImplementedError

    def make_category(self, *, title: str) -> Any:
        """A new category."""
        raise NotImplementedError

    def make_user(self) -> Any:
        """A new customer with an account."""
        model = get_user_model()
        name = f"contract-{next(_users)}@example.com"
        return model._default_manager.create(**{model.USERNAME_FIELD: name})

    def fill_cart(self, request: HttpRequest, lines: Sequence[tuple[Any, int]]) -> None:
        """Put products, each with a quantity, into the cart of the request, as the shop's own page does."""
        raise NotImplementedError

    def empty_cart(self, request: HttpRequest) -> None:
        """Take everything out of the cart of the request again."""
        raise NotImplementedError

    def make_order(self, *, user: Any, email: str, placed_at: dt.datetime, lines: Sequence[tuple[Any, int]]) -> Any:
        """A new order that stands; ``user`` is None for a guest, ``email`` may be empty for a customer."""
        raise NotImplementedError

    def cancel_order(self, order: Any) -> None:
        """Cancel it, so that it does not count any more."""
        raise NotImplementedError

    def again(self, thing: Any) -> Any:
        """The same thing, read anew."""
        return type(thing)._base_manager.get(pk=thing.pk) if isinstance(thing, models.Model) else thing
