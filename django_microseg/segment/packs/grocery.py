"""The pack for food and drink: the weekly shop, what runs out, baskets large and small."""

from __future__ import annotations

from .pack import Pack, category, days, least, share, template, word

__all__ = ["GROCERY"]

GROCERY = Pack(
    "grocery",
    "Grocery",
    "The rhythm of baskets: the weekly shop, refills, stocking up, fresh things.",
    (
        template(
            "grocery-weekly", "The weekly shop",
            'active_weeks("order_completed", weeks={weeks}) >= {active}',
            least("active", "weeks with an order, at least", 6), days("weeks", "of the last … weeks", 8),
            who="Ordered in most of the last weeks.",
            why="The household shops here: one missed week is a warning.",
            action="The usual basket with one click; delivery on the usual day; no entry offers.",
        ),
        template(
            "grocery-skipped", "Skipped their usual shop",
            'count("order_completed", days=180) >= {orders}'
            ' and days_since("order_completed") > {factor} * mean_gap("order_completed", days=180)'
            ' and days_since("order_completed") <= {most_days}',
            least("orders", "orders in half a year, at least", 5), share("1.5", "times the own average gap", "factor"),
            days("most_days", "days without an order at most", 45),
            who="Should have ordered by now, by their own rhythm.",
            why="A regular who shops elsewhere once does it again.",
            action="The usual basket, ready to order, with a delivery slot of tomorrow.",
        ),
        template(
            "grocery-refill", "Must be running out",
            'count("product_purchased", where(category={category}), days={known_days}) >= {times}'
            ' and count("product_purchased", where(category={category}), days={cycle_days}) == 0',
            category("coffee"), least("times", "bought at least … times", 2),
            days("known_days", "in the last … days", 180), days("cycle_days", "how many days one pack lasts", 28),
            who="Buy one thing again and again, and have not for as long as it lasts.",
            why="It is bought this week, here or elsewhere.",
            action="Put it at the top, in the size of the last time; offer a subscription.",
        ),
        template(
            "grocery-top-up", "Top up between shops",
            'count("order_completed", days={days}) >= {orders} and avg("order_completed", "quantity", days={days}) <= {pieces}',
            least("orders", "orders at least", 4), least("pieces", "pieces an order, on average at most", 6),
            days("days", "days to look back", 90),
            who="Order often, and few things at a time.",
            why="Picking and delivery of small baskets cost most.",
            action="Show progress to free delivery, and what most people add.",
        ),
        template(
            "grocery-stock-up", "Stock up",
            'count("order_completed", days={days}) >= 2 and avg("order_completed", "quantity", days={days}) >= {pieces}'
            ' and mean_gap("order_completed", days={days}) >= {gap_days}',
            least("pieces", "pieces an order, on average at least", 25), days("gap_days", "days between orders, at least", 21),
            days("days", "days to look back", 180),
            who="Order seldom, and much at a time.",
            why="One order more or less a year is much money.",
            action="Large packs and things that keep; a reminder when the usual time has come.",
        ),
        template(
            "grocery-fresh", "Buy fresh things week after week",
            'active_weeks("product_purchased", where(category={category}), weeks={weeks}) >= {active}',
            category("vegetables", label="your category of fresh goods"), least("active", "weeks with some, at least", 4),
            days("weeks", "of the last … weeks", 8),
            who="Have fresh goods in the basket in half of the weeks, or more.",
            why="Whoever trusts you with fresh goods buys everything else too.",
            action="What is in season, recipes, and when it was harvested.",
        ),
        template(
            "grocery-attribute", "Buy mostly one sort of food",
            'count("product_purchased", days={days}) >= {lines}'
            ' and share("product_purchased", of=where(attribute={attribute}), days={days}) >= {share}',
            word("attribute", "what it is like, as your shop marks it", "organic"), least("lines", "lines of orders, at least", 10),
            share("0.5", "part of them of this sort, from 0 to 1"), days("days", "days to look back", 90),
            who="Half of what they buy is of one sort, such as organic.",
            why="Offers of anything else are noise to them.",
            action="Sort lists so that this sort comes first, and say so.",
        ),
        template(
            "grocery-evening", "Order for the evening",
            'count("order_completed", days={days}) >= {orders}'
            ' and share("order_completed", of=where(local_hour=between(15, 19)), days={days}) >= {share}',
            least("orders", "orders at least", 3), share("0.6", "part of them between 15:00 and 19:59, from 0 to 1"),
            days("days", "days to look back", 90),
            who="Order in the afternoon, mostly.",
            why="They want it today; tomorrow's slot is no offer.",
            action="Ready meals and the next free slot, from three o'clock on.",
        ),
    ),
)  # fmt: skip
