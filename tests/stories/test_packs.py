"""Each template of each pack: somebody who is in it, and a twin who does almost the same and must not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.models import Profile
from django_microseg.segment.presets import PACKS
from django_microseg.testing import Line, Shopper, Story, days
from tests.stories.asking import who_is_in

Life = Callable[[Shopper], object]


def orders(*ago: int, **more: object) -> Life:
    """An order on each of these days."""

    def live(shopper: Shopper) -> None:
        for number in ago:
            shopper.buys(total=20, at=days(-number), **more)  # type: ignore[arg-type]

    return live


def lines(*bought: tuple[int, Line]) -> Life:
    """An order of one line on each of these days."""

    def live(shopper: Shopper) -> None:
        for ago, line in bought:
            shopper.buys(total=20, lines=[line], at=days(-ago))

    return live


def views(number: int, *, ago: int = 3, products: int = 1, **what: object) -> Life:
    def live(shopper: Shopper) -> None:
        for each in range(number):
            shopper.views(f"p-{each % products}", at=days(-ago), hour=10, minute=each, **what)  # type: ignore[arg-type]

    return live


def does(event: str, times: int, *, ago: int = 3, **properties: object) -> Life:
    def live(shopper: Shopper) -> None:
        for number in range(times):
            shopper.does(event, {"product_id": f"p-{number}", **properties}, at=days(-ago - number))

    return live


def refunded(*ago: int, back: int) -> Life:
    """Orders of which the first few were paid back in part."""

    def live(shopper: Shopper) -> None:
        for number, when in enumerate(ago):
            shopper.buys(total=20, at=days(-when))
            if number < back:
                shopper.refunds(5, at=days(1 - when))

    return live


def at_hour(hour: int, *ago: int) -> Life:
    def live(shopper: Shopper) -> None:
        for number in ago:
            shopper.buys(total=20, at=days(-number), hour=hour)

    return live


def account(**figures: int) -> Life:
    """What the account that somebody belongs to comes to; nobody declares it, it is counted."""

    def live(shopper: Shopper) -> None:
        shopper.opens_page()
        profile = Profile.objects.get(customer_key=shopper.customer_key)
        rows = [Declaration(profile.pk, name, number, "account") for name, number in figures.items()]
        set_facts(rows, now=shopper.story.now, are_counted=True)

    return live


def all_of(*lives: Life) -> Life:
    def live(shopper: Shopper) -> None:
        for each in lives:
            each(shopper)

    return live


def of(category: str, product: str = "p-1", quantity: int = 1) -> Line:
    return Line(product, category, "tarnway", quantity=quantity, price=20)


def tagged(*ago: int, attribute: str = "", brand: str = "") -> Life:
    """Orders of one line with an attribute, or of a brand."""

    def live(shopper: Shopper) -> None:
        for number in ago:
            line = {"product_id": f"p-{number}", "quantity": 1, "price": 20, "brand": brand}
            line["attributes"] = [attribute] if attribute else []
            shopper.does("order_completed", {"order_id": f"{shopper.name}-{number}", "currency": "GBP", "revenue": 20,
                                             "products": [line]}, at=days(-number))  # fmt: skip

    return live


WEEKS = (1, 8, 15, 22, 29, 36)
YEAR = tuple(range(0, 300, 30))
#: Slug: who is in it, and the twin who is not. The story's now is a Sunday at noon.
LIVES: dict[str, tuple[Life, Life]] = {
    "fashion-return-much": (refunded(50, 30, 10, 5, back=2), refunded(50, 30, 10, 5, back=1)),
    "fashion-keep-all": (refunded(50, 30, 10, 5, back=0), refunded(50, 30, 10, 5, back=1)),
    "fashion-several-sizes": (lines((5, of("shoes", quantity=2))), lines((5, of("shoes")))),
    "fashion-last-season": (orders(360), orders(360, 10)),
    "fashion-sale-lookers": (
        all_of(views(7, category="sale"), views(3, ago=5, category="boots")),
        all_of(views(3, category="sale"), views(7, ago=5, category="boots")),
    ),
    "fashion-wish-list": (does("wishlist_product_added", 2), all_of(does("wishlist_product_added", 2), orders(2))),
    "fashion-half-outfit": (lines((9, of("dresses"))), lines((9, of("dresses")), (3, of("shoes")))),
    "fashion-new-arrivals": (views(5, attributes=["new"]), views(5, attributes=["classic"])),
    "grocery-weekly": (orders(*WEEKS), orders(*WEEKS[:5])),
    "grocery-skipped": (orders(42, 35, 28, 21, 12), orders(42, 35, 28, 21, 8)),
    "grocery-refill": (lines((90, of("coffee")), (40, of("coffee"))), lines((90, of("coffee")), (20, of("coffee")))),
    "grocery-top-up": (
        lines(*((ago, of("bread", quantity=5)) for ago in (9, 6, 4, 2))),
        lines(*((ago, of("bread", quantity=8)) for ago in (9, 6, 4, 2))),
    ),
    "grocery-stock-up": (
        lines((90, of("rice", quantity=30)), (60, of("rice", quantity=30))),
        lines((90, of("rice", quantity=30)), (80, of("rice", quantity=30))),
    ),
    "grocery-fresh": (
        lines(*((ago, of("vegetables")) for ago in WEEKS[:4])),
        lines(*((ago, of("vegetables")) for ago in WEEKS[:3]), (29, of("bread"))),
    ),
    "grocery-attribute": (tagged(*range(1, 11), attribute="organic"), tagged(*range(1, 11), attribute="frozen")),
    "grocery-evening": (at_hour(17, 9, 6, 3), at_hour(9, 9, 6, 3)),
    "diy-accessory": (lines((9, of("drills"))), lines((9, of("drills")), (8, of("bits", "p-2")))),
    "diy-warranty": (lines((700, of("laptops"))), lines((600, of("laptops")))),
    "diy-weekend": (
        all_of(views(12, ago=1), orders(100)),  # the day before the story's Sunday
        all_of(views(12, ago=4), orders(100)),
    ),
    "diy-project": (
        lines((9, of("paint", "a")), (6, of("wood", "b")), (3, of("screws", "c"))),
        lines((9, of("paint", "a")), (6, of("wood", "b")), (3, of("wood", "c"))),
    ),
    "diy-emergency": (orders(100), all_of(orders(100), views(5, ago=99))),
    "diy-comparing": (
        views(5, products=5, category="televisions"),
        all_of(views(5, products=5, category="televisions"), lines((1, of("televisions")))),
    ),
    "diy-watching": (
        does("video_review_viewed", 2, watched_seconds=100),
        does("video_review_viewed", 2, watched_seconds=80),
    ),
    "diy-price-watch": (does("price_drop_alert_clicked", 2), does("price_drop_alert_clicked", 1)),
    "beauty-running-low": (
        lines(*((ago, of("skincare")) for ago in (90, 60, 30))),
        lines(*((ago, of("skincare")) for ago in (70, 40, 10))),
    ),
    "beauty-routine": (
        lines((90, of("cleansers")), (30, of("cleansers"))),
        lines((90, of("cleansers")), (30, of("cleansers")), (9, of("moisturisers"))),
    ),
    "beauty-shades": (
        lines(*((ago, of("lipstick", f"shade-{ago}")) for ago in (9, 7, 5, 3))),
        lines(*((ago, of("lipstick", "shade-1")) for ago in (9, 7, 5, 3))),
    ),
    "beauty-gift": (tagged(90, attribute="gift-set"), tagged(90, 9, attribute="gift-set")),
    "beauty-one-brand": (tagged(9, 7, 5, 3, brand="tarnway"), tagged(9, 7, 5, 3, brand="karstwell")),
    "beauty-advocates": (does("product_reviewed", 2, rating=5), does("product_reviewed", 2, rating=4)),
    "beauty-after-first": (orders(30), orders(50)),
    "b2b-reorder-due": (orders(115, 85, 70, 40), orders(95, 65, 50, 20)),
    "b2b-clockwork": (orders(*YEAR), orders(*(ago + 60 for ago in YEAR))),
    "b2b-large-order": (
        does("product_added", 1, quantity=60),
        all_of(does("product_added", 1, quantity=60), orders(1)),
    ),
    "b2b-one-buyer": (account(account_members=3, account_buyers=1), account(account_members=3, account_buyers=2)),
    "b2b-key-account": (account(account_spend=5000, account_orders=5), account(account_spend=4999, account_orders=5)),
    "b2b-one-range": (
        lines(*((ago, of("toner")) for ago in (90, 70, 50, 30, 10))),
        lines(*((ago, of("toner")) for ago in (90, 70, 50, 30)), (10, of("paper"))),
    ),
    "b2b-shrinking": (orders(170, 150, 130, 110, 40, 10), orders(170, 150, 130, 110, 60, 40, 10)),
    "b2b-hidden": (at_hour(9, 6, 5, 4, 3), at_hour(9, 7, 5, 4, 3)),  # the Sunday before is no office day
}


def test_every_template_has_its_lives() -> None:
    assert list(LIVES) == [preset.slug for pack in PACKS for preset in pack.presets]


@pytest.mark.parametrize("slug", LIVES)
def test_who_is_meant_is_in_and_the_twin_is_not(story: Story, slug: str) -> None:
    story.preset(slug)
    for name, live in zip(("ann", "twin"), LIVES[slug], strict=True):
        live(story.shopper(name))
    assert who_is_in(story, slug) == {"ann"}
