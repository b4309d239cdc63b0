"""The pack for clothes and shoes: sizes and returns, seasons, outfits, wish lists."""

from __future__ import annotations

from .pack import Pack, category, days, least, share, template, word

__all__ = ["FASHION"]

FASHION = Pack(
    "fashion",
    "Fashion",
    "Sizes and returns, seasons, outfits and wish lists.",
    (
        template(
            "fashion-return-much", "Send much of it back",
            'count("order_completed", days={days}) >= {orders}'
            ' and distinct("order_refunded", "order", days={days}) >= {share} * count("order_completed", days={days})',
            least("orders", "orders at least", 3), share("0.5", "part of the orders with money back, from 0 to 1"),
            days("days", "days to look back", 365),
            who="Got money back for half of their orders, or more.",
            why="Returns may cost more than these orders earn, and the size is the usual reason.",
            action="Size advice and measurements beside the button; no free-return messages; no discounts on several sizes.",
        ),
        template(
            "fashion-keep-all", "Keep what they order",
            'count("order_completed", days={days}) >= {orders} and count("order_refunded", days={days}) == 0',
            least("orders", "orders at least", 4), days("days", "days to look back", 365),
            who="Order often and have sent nothing back.",
            why="They know their size and your cut: the most profitable buyers there are.",
            action="New arrivals first, in their size; free delivery; ask them for reviews about the fit.",
        ),
        template(
            "fashion-several-sizes", "Order several of one thing",
            'sum("product_purchased", "quantity", days={days}) >= {factor} * distinct("product_purchased", "product", days={days})'
            ' and count("order_completed", days={days}) >= 1',
            share("2", "pieces for each product, at least", "factor"), days("days", "days to look back", 60),
            who="Bought two pieces of each product, or more: several sizes, mostly.",
            why="At least one of them will come back.",
            action="Ask after the order which one fitted, and show that size as chosen the next time.",
        ),
        template(
            "fashion-last-season", "Bought around this time last year",
            'count("order_completed", days=({from_days}, {to_days})) >= 1 and count("order_completed", days={quiet_days}) == 0',
            days("from_days", "from … days ago", 335), days("to_days", "to … days ago", 395),
            days("quiet_days", "but not in the last … days", 30),
            who="Bought at this point of last year's season, and not yet in this one.",
            why="People renew their wardrobe by season; whoever is first with the new one gets the order.",
            action="Open the shop on the new season, with what goes with last year's order.",
        ),
        template(
            "fashion-sale-lookers", "Look at the sale alone",
            'count("product_viewed", days={days}) >= {views}'
            ' and share("product_viewed", of=where(category={category}), days={days}) >= {share}',
            least("views", "products looked at, at least", 10), category("sale", label="your category of reduced goods"),
            share("0.6", "part of them in that category, from 0 to 1"), days("days", "days to look back", 90),
            who="Most of the products that they look at are reduced.",
            why="New goods at full price are lost on them, and a discount elsewhere is given away.",
            action="Lead with reductions in their size; keep coupons for others.",
        ),
        template(
            "fashion-wish-list", "Wish for it, and wait",
            'count("wishlist_product_added", days={days}) >= {products} and count("order_completed", days={quiet_days}) == 0',
            least("products", "products on the wish list, at least", 2), days("days", "put there in the last … days", 60),
            days("quiet_days", "without an order for … days", 30),
            who="Put things on the wish list lately, and bought nothing since.",
            why="The wish is there; a size that runs out or a price that falls decides.",
            action="Say when few are left in the size they chose; remind them once when the price falls.",
        ),
        template(
            "fashion-half-outfit", "Have one half of an outfit",
            'count("product_purchased", where(category={has}), days={days}) >= 1'
            ' and count("product_purchased", where(category={lacks}), days={lack_days}) == 0',
            category("dresses", "has", "category that they bought"), days("days", "in the last … days", 45),
            category("shoes", "lacks", "category that goes with it"), days("lack_days", "and not in the last … days", 365),
            who="Bought one part lately, and nothing of what is worn with it.",
            why="A second part sells best while the first is new.",
            action="Show complete outfits with the part that they have.",
        ),
        template(
            "fashion-new-arrivals", "Follow what is new",
            'count("product_viewed", where(attribute={attribute}), days={days}) >= {views}',
            word("attribute", "how your shop marks what is new", "new"), least("views", "of them looked at, at least", 5),
            days("days", "days to look back", 14),
            who="Look at new arrivals week after week.",
            why="They buy early and at full price, and others copy them.",
            action="New arrivals on the first page, and a day of early access.",
        ),
    ),
)  # fmt: skip
