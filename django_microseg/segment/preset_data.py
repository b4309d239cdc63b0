"""The presets themselves, as data. The numbers S41 … S54 are those of the product's capabilities."""

from __future__ import annotations

from dataclasses import dataclass

from .rule import Value

__all__ = ["PRESET_DATA", "Gap", "Preset"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that a shop adjusts. ``kind``: whole, number, text or choice (a bare word of ``choices``).

    ``online_retail`` is None where that set has the default too.
    """

    name: str
    label: str
    default: Value
    online_retail: Value | None = None
    kind: str = "whole"
    least: int = 1
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made segment: ``template`` is a rule's text with ``{gaps}``.

    ``number`` is empty in a pack of a trade. ``why`` it matters and what to do (``action``) stand beside it.
    """

    slug: str
    number: str
    name: str
    description: str
    template: str
    gaps: tuple[Gap, ...] = ()
    why: str = ""
    action: str = ""

    @property
    def is_own(self) -> bool:
        """Whether a shop must fill in a word of its own, such as a category, before it finds anybody."""
        return any(gap.kind == "text" for gap in self.gaps)


def _days(default: int, label: str = "days to look back", *, online_retail: int | None = None) -> Gap:
    return Gap("days", label, default, online_retail)


PRESET_DATA = (
    Preset(
        "frequent-buyers", "S41", "Frequent buyers",
        "Bought often in the last month: they like to hear what is new.",
        'count("order_completed", days={days}) >= {orders}',
        (Gap("orders", "orders at least", 3), _days(30)),
        action="Show what is new first; no discount is needed.",
    ),
    Preset(
        "lapsing-buyers", "S42", "Lapsing buyers",
        "Bought in the last half year, but not in the last three months: remind them in time.",
        'count("order_completed", days={bought_days}) >= 1 and count("order_completed", days={quiet_days}) == 0',
        (Gap("bought_days", "bought in the last … days", 180), Gap("quiet_days", "but not in the last … days", 90)),
        action="Remind them of what they bought, and of what goes with it.",
    ),
    Preset(
        "regular-buyers", "S43", "Regular buyers",
        "Five orders in half a year: they come back without being asked.",
        'count("order_completed", days={days}) >= {orders}',
        (Gap("orders", "orders at least", 5), _days(180)),
        action="Thank them: early access, or free delivery for good.",
    ),
    Preset(
        "coupon-only-buyers", "S44", "Buy only with coupons",
        "Every order came with a coupon. Two orders at least, because one says little.",
        'count("order_completed") >= {orders} and share("order_completed", of=where(coupon=known())) >= {share}',
        (
            Gap("orders", "orders at least", 2),
            Gap("share", "share of orders with a coupon, from 0 to 1", 1, kind="number", least=0),
        ),
        action="Smaller coupons, or one for a second product instead of for all.",
    ),
    Preset(
        "fans-of-one-kind", "S45", "Fans of a category or brand",
        "Bought many products of one category, or of one brand.",
        'sum("product_purchased", "quantity", where({property}={name}), days={days}) >= {pieces}',
        (
            Gap("property", "category or brand", "category", kind="choice", choices=("category", "brand")),
            Gap("name", "which one", "footwear", kind="text"),
            Gap("pieces", "pieces at least", 5),
            _days(365),
        ),
        action="Open the shop on this category or brand, and tell them of its news.",
    ),
    Preset(
        "recommendation-clickers", "S46", "Clicked recommendations, never bought",
        "Our recommendations interest them, but something keeps them from buying.",
        'count("recommendation_clicked", days={days}) >= {clicks} and count("order_completed") == 0',
        (Gap("clicks", "clicks at least", 1), _days(90)),
        action="Answer what holds them back: delivery, returns, reviews; a first-order offer.",
    ),
    Preset(
        "abandoned-cart", "S47", "Abandoned carts",
        "Changed the cart, did not order since, and has left it alone for an hour.",
        'count("cart_changed", since="order_completed") >= 1 and minutes_since("cart_changed") >= {idle_minutes}'
        ' and days_since("cart_changed") <= {days}',
        (Gap("idle_minutes", "minutes without a change", 60), _days(30, "days until it is forgotten")),
        action="A quiet reminder of the cart, with what delivery costs.",
    ),
    Preset(
        "browsers", "S48", "Browse many pages",
        "Looks around a lot: interested, or unable to find it.",
        'count("page_viewed", days={days}) >= {pages}',
        (Gap("pages", "pages at least", 30), _days(30)),
        action="Offer help to choose: filters, a guide, bestsellers.",
    ),
    Preset(
        "long-lookers", "S49", "Look at products for long",
        "Spends much time on product pages, with the page in sight.",
        'sum("product_dwelled", "dwell_seconds", days={days}) >= {seconds}',
        (Gap("seconds", "seconds at least, all together", 600), _days(30)),
        action="Show reviews and comparisons beside what they looked at.",
    ),
    Preset(
        "one-visit-one-order", "S50", "One visit, one order",
        "Came once, bought once: the second order is the hardest.",
        'count("order_completed") == 1 and distinct("any", "visit") <= 1',
        action="What goes with the first order, and a reason to come again.",
    ),
    Preset(
        "big-spenders", "S51", "Big spenders",
        "Their average order is worth more than the shop's. The shop's average moves, and they with it.",
        'avg("order_completed", "value") > {factor} * shop("average_order_value")',
        (Gap("factor", "times the shop's average", 1, kind="number", least=0),),
        action="Show the best first; services rather than discounts.",
    ),
    Preset(
        "vip", "S52", "VIP",
        "Buys often and spends a lot.",
        'count("order_completed", days={order_days}) >= {orders}'
        ' and sum("order_completed", "value", days={value_days}) >= {value}',
        (
            Gap("orders", "orders at least", 8),
            Gap("order_days", "in the last … days", 365),
            Gap("value", "spent at least", 200, kind="number", least=0),
            Gap("value_days", "in the last … days", 180),
        ),
        action="Personal service, early access, and nothing that looks like a mass mailing.",
    ),
    Preset(
        "lost", "S53", "Lost customers",
        "Has not bought for longer than usual: against the own rhythm where it is known, else against fixed days.",
        '(count("order_completed") >= {cadence_orders}'
        ' and days_since("order_completed") > {factor} * mean_gap("order_completed")'
        ' and days_since("order_completed") >= {min_days})'
        ' or (count("order_completed") < {cadence_orders} and days_since("order_completed") >= {days})',
        (
            Gap("cadence_orders", "orders from which on the own rhythm counts", 3, 1_000_000),
            Gap("factor", "times the own average gap", 2, kind="number", least=0),
            Gap("min_days", "days without an order at least", 30),
            Gap("days", "days without an order where there is no rhythm", 180, 180),
        ),
        action="Ask why, or show what has changed since; once, not every week.",
    ),
    Preset(
        "returning-customer", "S54", "Returning customers",
        "Visited or ordered before.",
        'count("order_completed") >= 1 or distinct("any", "visit") >= 2 or context.visit_number >= 2',
        action="Lead on from where they stopped.",
    ),
    Preset(
        "new-visitor-from-social-campaign", "S54", "New visitors from a social campaign",
        "Came by a campaign in a social network, for the first time, and has not ordered yet.",
        'context.channel == {channel} and known(context.campaign) and count("order_completed") == 0'
        ' and distinct("any", "visit") <= 1 and (context.visit_number <= 1 or unknown(context.visit_number))',
        (Gap("channel", "channel", "social", kind="text"),),
        action="Repeat what the campaign promised, and offer something for the first order.",
    ),
)  # fmt: skip
