"""The pack for care and make-up: what runs low, routines, shades, gifts, reviews."""

from __future__ import annotations

from .pack import Pack, category, days, least, share, template, word

__all__ = ["BEAUTY"]

BEAUTY = Pack(
    "beauty",
    "Beauty",
    "Refills by the own rhythm, routines, shades, gifts, faithful fans.",
    (
        template(
            "beauty-running-low", "Running low",
            'count("product_purchased", where(category={category})) >= {times}'
            ' and days_since("product_purchased", where(category={category}))'
            ' >= {factor} * mean_gap("product_purchased", where(category={category}))'
            ' and days_since("product_purchased", where(category={category})) <= {most_days}',
            category("skincare"), least("times", "bought at least … times", 3),
            share("0.9", "times the own average gap", "factor"), days("most_days", "days at most", 180),
            who="Have reached the time after which they usually buy it again.",
            why="A refill in time is an order without a search.",
            action="The same product with one click, and its larger size.",
        ),
        template(
            "beauty-routine", "One step of the routine is missing",
            'count("product_purchased", where(category={has}), days={days}) >= {times}'
            ' and count("product_purchased", where(category={lacks}), days={lack_days}) == 0',
            category("cleansers", "has", "step that they buy"), least("times", "bought at least … times", 2),
            days("days", "in the last … days", 180), category("moisturisers", "lacks", "step that comes next"),
            days("lack_days", "and not in the last … days", 365),
            who="Buy one step of the routine again and again, and never the next.",
            why="They buy the next step elsewhere, or do not know that there is one.",
            action="Explain the routine on the product page; a sample of the next step in the parcel.",
        ),
        template(
            "beauty-shades", "Try shades",
            'distinct("product_purchased", "product", where(category={category}), days={days}) >= {products}',
            category("lipstick"), least("products", "different products at least", 4), days("days", "days to look back", 180),
            who="Bought many different ones within half a year.",
            why="They want what is new, and talk about it.",
            action="New shades first, sets of small sizes, and the gallery of customers' pictures.",
        ),
        template(
            "beauty-gift", "Bought a present",
            'count("product_purchased", where(attribute={attribute}), days={days}) >= 1'
            ' and count("order_completed", days={quiet_days}) == 0',
            word("attribute", "how your shop marks sets for presents", "gift-set"), days("days", "in the last … days", 400),
            days("quiet_days", "without an order for … days", 60),
            who="Bought a set that is a present, and nothing lately.",
            why="The next occasion comes in a year: they buy for others, not for themselves.",
            action="Remind them a year later, with wrapping and delivery to another address; no refill messages.",
        ),
        template(
            "beauty-one-brand", "Faithful to one brand",
            'count("product_purchased", days={days}) >= {lines}'
            ' and share("product_purchased", of=where(brand={brand}), days={days}) >= {share}',
            word("brand", "a brand of your shop", "tarnway"), least("lines", "lines of orders, at least", 4),
            share("0.7", "part of them of this brand, from 0 to 1"), days("days", "days to look back", 365),
            who="Most of what they buy is of one brand.",
            why="They follow the brand; the shop is how they get it.",
            action="News of this brand before anybody else; no offers of its competitors.",
        ),
        template(
            "beauty-advocates", "Praise what they bought",
            'count("product_reviewed", days={days}) >= {reviews} and avg("product_reviewed", "rating", days={days}) >= {rating}',
            least("reviews", "reviews at least", 2), share("4.5", "stars on average, at least", "rating"),
            days("days", "days to look back", 365),
            who="Wrote reviews, and good ones.",
            why="Others buy because of them.",
            action="New products to try before the launch, and a programme that thanks for recommendations.",
        ),
        template(
            "beauty-after-first", "A month after the first order",
            'count("order_completed") == 1 and {from_days} <= days_since("order_completed") <= {to_days}',
            days("from_days", "from … days after it", 21), days("to_days", "to … days after it", 45),
            who="Ordered once, and it is time to know whether it was good.",
            why="The second order decides whether they stay.",
            action="Ask how it is, explain how to use it, and offer an exchange where it does not suit.",
        ),
    ),
)  # fmt: skip
