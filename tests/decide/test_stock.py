"""Nothing sold out is ever promoted, whatever the stock is, and the shop is asked at most once."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.decide.slots import Choice, Reason, Rejection, choose, promoted_products
from django_microseg.decide.stock import STOCKING, Stock, can_be_bought
from django_microseg.shop.no_shop import NoShop
from django_microseg.shop.values import ProductInfo
from django_microseg.testing import MemoryShop, use_shop

NOON = 1_700_000_000_000
KEYS = st.sampled_from(["boot", "sock", "tent", "lamp", "gone"])
STOCKS = st.fixed_dictionaries({key: st.sampled_from([None, 0, 1, 5]) for key in ("boot", "sock", "tent", "lamp")})


class CountingShop(MemoryShop):
    """Counts the questions about products."""

    asked = 0

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        self.asked += 1
        return super().products(keys)


class BrokenShop(MemoryShop):
    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        raise ConnectionError("the warehouse is down")


@pytest.fixture(autouse=True)
def _fresh_guard() -> Iterator[None]:
    STOCKING.reset()
    yield
    STOCKING.reset()


def _shop(stocks: Mapping[str, int | None]) -> CountingShop:
    shop = CountingShop()
    for key, stock in stocks.items():
        shop.add_product(key, stock=stock)
    return shop


def _choice(slug: str, *product_keys: str, slot: str = "hero", **fields: object) -> Choice:
    plain = Choice(slug, slot, (), needs_all=False, content_html=slug, template_name="", priority=0, starts_at=None,
                   ends_at=None, created_at=NOON)  # fmt: skip
    return replace(plain, product_keys=product_keys, **fields)


@given(st.lists(st.lists(KEYS, max_size=3, unique=True), max_size=5), STOCKS)
def test_first_experience_with_something_in_stock_is_shown_and_never_one_without(promoted, stocks):
    choices = [_choice(str(place), *keys) for place, keys in enumerate(promoted)]
    with use_shop(_shop(stocks)):
        shown = choose("hero", choices, frozenset(), now=NOON, stock_of=Stock(frozenset).has_any).choice
    in_stock = {key for key, stock in stocks.items() if stock != 0}
    may_be_shown = [
        choice for choice in choices if not choice.product_keys or in_stock.intersection(choice.product_keys)
    ]
    assert shown == next(iter(may_be_shown), None)


@given(st.lists(st.lists(KEYS, max_size=3, unique=True), max_size=5), STOCKS)
def test_shop_is_asked_once_for_all_slots_and_only_if_something_is_promoted(promoted, stocks):
    choices = [_choice(str(place), *keys, slot=f"slot-{place}") for place, keys in enumerate(promoted)]
    shop = _shop(stocks)
    stock = Stock(lambda: promoted_products(choices, frozenset(), now=NOON))
    with use_shop(shop):
        for choice in choices:
            choose(choice.slot, [choice], frozenset(), now=NOON, stock_of=stock.has_any)
    assert shop.asked == (1 if any(promoted) else 0)


@pytest.mark.parametrize(
    "fields", [{"segments": ("vip",)}, {"starts_at": NOON + 1}, {"ends_at": NOON}], ids=["segments", "later", "over"]
)
def test_stock_of_what_would_not_be_shown_anyway_is_not_asked(fields):
    choice, shop = _choice("one", "boot", **fields), _shop({"boot": 1})
    with use_shop(shop):
        choose("hero", [choice], frozenset(), now=NOON, stock_of=Stock(frozenset).has_any)
    assert (shop.asked, promoted_products([choice], frozenset(), now=NOON)) == (0, frozenset())


def test_who_is_passed_over_for_the_stock_is_named():
    choices = [_choice("boots", "boot", "gone"), _choice("plain")]
    with use_shop(_shop({"boot": 0})):
        decision = choose("hero", choices, frozenset(), now=NOON, stock_of=Stock(frozenset).has_any)
    assert (decision.choice, decision.rejected) == (choices[1], (Rejection("boots", Reason.OUT_OF_STOCK),))


@pytest.mark.parametrize("shop", [NoShop(), BrokenShop()], ids=["no shop", "broken shop"])
def test_what_nobody_can_say_is_not_promoted_and_the_reason_says_so(shop, caplog):
    caplog.set_level(logging.CRITICAL)
    with use_shop(shop):
        decision = choose("hero", [_choice("boots", "boot")], frozenset(), now=NOON, stock_of=Stock(frozenset).has_any)
    assert (decision.choice, decision.rejected) == (None, (Rejection("boots", Reason.STOCK_UNKNOWN),))


def test_shop_that_fails_is_not_asked_again_in_the_same_request(caplog):
    stock = Stock(frozenset)
    with use_shop(BrokenShop()):
        assert (stock.has_any(["boot"]), stock.has_any(["boot"])) == (None, None)
    assert len(caplog.records) == 1


def test_experience_of_which_one_product_is_left_may_be_shown():
    with use_shop(_shop({"boot": 0, "sock": 1})):
        assert Stock(frozenset).has_any(["boot", "sock"]) is True


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        (ProductInfo("p", "P"), True),
        (ProductInfo("p", "P", stock=1), True),
        (ProductInfo("p", "P", stock=0), False),
        (ProductInfo("p", "P", stock=-2), False),
        (ProductInfo("p", "P", is_available=False), False),
        (ProductInfo("p", "P", stock=3, is_available=False), False),
    ],
)
def test_what_can_be_bought(product, expected):
    assert can_be_bought(product) is expected
