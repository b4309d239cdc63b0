"""The pack for electronics and do-it-yourself: accessories, warranty, projects, comparing."""

from __future__ import annotations

from .pack import Pack, category, days, least, share, template

__all__ = ["ELECTRONICS"]

ELECTRONICS = Pack(
    "electronics",
    "Electronics and DIY",
    "What goes with a device, the end of its warranty, weekend projects, comparing before buying.",
    (
        template(
            "diy-accessory", "Have the device, not what goes with it",
            'count("product_purchased", where(category={device}), days={days}) >= 1'
            ' and count("product_purchased", where(category={accessory}), days={days}) == 0',
            category("drills", "device", "category of the device"), category("bits", "accessory", "category of what goes with it"),
            days("days", "days to look back", 30),
            who="Bought a device lately, and nothing that it needs.",
            why="It is bought within a month, and earns more than the device.",
            action="What fits exactly this device, as a set; on the thank-you page too.",
        ),
        template(
            "diy-warranty", "Warranty runs out soon",
            'count("product_purchased", where(category={category}), days=({from_days}, {to_days})) >= 1',
            category("laptops"), days("from_days", "bought from … days ago", 670), days("to_days", "to … days ago", 730),
            who="Bought a device almost two years ago.",
            why="Now they think of repair, insurance, or a new one.",
            action="A check-up, a longer warranty, or what the successor does better; take the old one back.",
        ),
        template(
            "diy-weekend", "Weekend project buyers",
            'count("product_viewed", days={days}) >= {views}'
            ' and share("product_viewed", of=where(local_weekday=between(4, 6)), days={days}) >= {share}'
            ' and count("order_completed", days=365) >= 1',
            least("views", "products looked at, at least", 12), share("0.7", "part of them from Friday to Sunday, from 0 to 1"),
            days("days", "days to look back", 60),
            who="Look around from Friday to Sunday, and have bought before.",
            why="They plan on Thursday and build on Saturday: what arrives on Monday is too late.",
            action="Say on Thursday what arrives by Saturday; lists of material for a project.",
        ),
        template(
            "diy-project", "In the middle of a project",
            'count("order_completed", days={days}) >= {orders}'
            ' and distinct("product_purchased", "category", days={days}) >= {categories}',
            least("orders", "orders at least", 2), least("categories", "different categories, at least", 3),
            days("days", "days to look back", 14),
            who="Several orders within two weeks, of several kinds.",
            why="Something is always missing, and they need it now.",
            action="Quick delivery or collection first; what others needed for the same project.",
        ),
        template(
            "diy-emergency", "Once a year, in a hurry",
            'count("order_completed", days=365) == 1 and count("product_viewed", days=365) <= {views}'
            ' and distinct("any", "visit", days=365) <= {visits}',
            least("views", "products looked at, at most", 4), least("visits", "visits at most", 2),
            who="Came because something broke, bought it, and went.",
            why="They remember who helped; newsletters do not bring them.",
            action="No campaigns. A page with stock, collection and a telephone number when they return.",
        ),
        template(
            "diy-comparing", "Compare before they buy",
            'distinct("product_viewed", "product", where(category={category}), days={days}) >= {products}'
            ' and count("product_purchased", where(category={category}), days={days}) == 0',
            category("televisions"), least("products", "different products at least", 5), days("days", "days to look back", 14),
            who="Looked at many products of one category, and bought none of it.",
            why="They will buy within days; whoever makes the choice easy gets the order.",
            action="A comparison of what they looked at, tests, and advice by telephone.",
        ),
        template(
            "diy-watching", "Watch how it is done",
            'sum("video_review_viewed", "watched_seconds", days={days}) >= {seconds}'
            ' and count("order_completed", days={days}) == 0',
            least("seconds", "seconds watched, at least", 180), days("days", "days to look back", 30),
            who="Watched video reviews, and did not buy.",
            why="They are interested and unsure.",
            action="The next video, and the parts that it uses as one basket.",
        ),
        template(
            "diy-price-watch", "Wait for a lower price",
            'count("price_drop_alert_clicked", days={days}) >= {clicks} and count("order_completed", days={days}) == 0',
            least("clicks", "clicks on price alerts, at least", 2), days("days", "days to look back", 60),
            who="Follow prices, and have not bought yet.",
            why="They have decided on the thing, not on the moment.",
            action="Tell them of refurbished ones, of a price guarantee, or that this is the lowest price of the year.",
        ),
    ),
)  # fmt: skip
