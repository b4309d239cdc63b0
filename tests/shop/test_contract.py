"""The contract can fail: every broken adapter is noticed, by the promise it breaks, and every promise notices one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import TestCase

from django_microseg.testing import AdapterContract, ContractBroken, MemoryShop
from django_microseg.testing.contract.faults import faults_of
from tests.shop.broken_shops import BROKEN, BROKEN_WITHOUT
from tests.shop.in_memory import InMemory

pytestmark = pytest.mark.django_db

PROMISES = tuple(name for name in dir(AdapterContract) if name.startswith("test_"))
#: What stands in for an answer where an adapter breaks down, instead of breaking a promise.
BREAKDOWNS = (KeyError, AssertionError, TypeError, AttributeError, IndexError)


def broken_promises(make: Callable[[], MemoryShop], *, has_all: bool = True) -> set[str]:
    """The tests of the contract that fail for an adapter."""
    return {name for name in PROMISES if not _is_kept(name, make(), has_all=has_all)}


def _is_kept(name: str, shop: MemoryShop, *, has_all: bool) -> bool:
    case = InMemory()
    case.shop = shop
    case.has_categories = case.has_carts = case.has_orders = has_all
    with transaction.atomic():
        try:
            getattr(case, name)()
        except BREAKDOWNS:
            return False
        finally:
            transaction.set_rollback(True)
    return True


def test_shop_that_keeps_them_all_breaks_none() -> None:
    assert broken_promises(MemoryShop) == set()
    assert broken_promises(MemoryShop, has_all=False) == set()


@pytest.mark.parametrize(("shop", "promise"), BROKEN.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_broken_adapter_is_noticed(shop: type[MemoryShop], promise: str) -> None:
    assert promise in broken_promises(shop)


@pytest.mark.parametrize(("shop", "promise"), BROKEN_WITHOUT.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_shop_that_has_what_it_denies_is_noticed(shop: type[MemoryShop], promise: str) -> None:
    assert promise in broken_promises(shop, has_all=False)


def test_every_promise_is_broken_by_somebody() -> None:
    assert set(PROMISES) - {*BROKEN.values(), *BROKEN_WITHOUT.values()} == set()


def test_it_says_what_was_promised_and_what_came() -> None:
    case = InMemory()
    case.shop = next(shop for shop in BROKEN if shop.__name__ == "LosesTitles")()
    with pytest.raises(
        ContractBroken, match=r"^The product's title: expected 'Contract boot 1', but the adapter gave ''"
    ):
        case.test_product_is_told_truly()


def test_value_of_another_class_is_no_value() -> None:
    assert faults_of({"key": "boot"}) == ["a dict is none of django_microseg.shop.values"]


class TestUnderUnittest(InMemory, TestCase):
    """The same contract, as a mixin of Django's own."""

    def setUp(self) -> None:
        self.shop = MemoryShop()
