"""The pack for shops that sell to companies: the rhythm of accounts, large orders, who of a company buys."""

from __future__ import annotations

from .pack import Pack, days, least, share, template

__all__ = ["BUSINESS"]

BUSINESS = Pack(
    "b2b",
    "B2B",
    "The rhythm of reorders, large orders, who of a company buys, accounts that shrink.",
    (
        template(
            "b2b-reorder-due", "Reorder is due",
            'count("order_completed", days=365) >= {orders}'
            ' and days_since("order_completed") > {factor} * mean_gap("order_completed", days=365)'
            ' and {least_days} <= days_since("order_completed") <= {most_days}',
            least("orders", "orders in a year, at least", 4), share("1.2", "times the own average gap", "factor"),
            days("least_days", "days without an order at least", 7), days("most_days", "and at most", 120),
            who="Order at a rhythm, and are a little late.",
            why="A late reorder is the first sign that somebody else delivers.",
            action="The last order as a list to confirm; the sales desk rings the large ones.",
        ),
        template(
            "b2b-clockwork", "Order like clockwork",
            'count("order_completed", days=365) >= {orders}'
            ' and days_since("order_completed") <= {factor} * mean_gap("order_completed", days=365)',
            least("orders", "orders in a year, at least", 10), share("1.5", "times the own average gap, at most", "factor"),
            who="Order often, and are on time.",
            why="They need no advertising; each click less is worth more than a discount.",
            action="Order lists, standing orders, invoices at the month's end; leave campaigns out.",
        ),
        template(
            "b2b-large-order", "A large order in sight",
            'max("product_added", "quantity", days={days}) >= {pieces} and count("order_completed", days={days}) == 0',
            least("pieces", "pieces of one product, at least", 50), days("days", "days to look back", 14),
            who="Put many pieces of one thing into the cart, and have not ordered.",
            why="They wait for a price or for somebody's approval.",
            action="A quote with a date, graduated prices, and a name to ring.",
        ),
        template(
            "b2b-one-buyer", "Only one of the company buys",
            "account_members >= {members} and account_buyers == 1",
            least("members", "people of the account, at least", 3),
            who="Belong to an account of several people of whom one has ordered.",
            why="When that person leaves, so does the account.",
            action="Invite colleagues: order lists to share, roles, approval by the buyer.",
        ),
        template(
            "b2b-key-account", "Key accounts",
            "account_spend >= {spend} and account_orders >= {orders}",
            least("spend", "spent by all of the account, at least", 5000), least("orders", "orders of the account, at least", 5),
            who="Belong to an account that spends much.",
            why="A few accounts bring most of the money.",
            action="Their contact's name on every page, agreed prices, stock set aside.",
        ),
        template(
            "b2b-one-range", "Buy of one range alone",
            'count("order_completed", days={days}) >= {orders}'
            ' and distinct("product_purchased", "category", days={days}) == 1',
            least("orders", "orders at least", 5), days("days", "days to look back", 365),
            who="Order regularly, and from one category alone.",
            why="They buy the rest elsewhere.",
            action="What companies of their kind buy besides; a first order of a second range without delivery costs.",
        ),
        template(
            "b2b-shrinking", "Order less than they did",
            'count("order_completed", days=({days}, {before_days})) >= {orders}'
            ' and count("order_completed", days={days}) <= {share} * count("order_completed", days=({days}, {before_days}))',
            days("days", "the last … days", 90), days("before_days", "against those until … days ago", 180),
            least("orders", "orders then, at least", 4), share("0.5", "part of then, from 0 to 1"),
            who="Half as many orders as in the months before, or fewer.",
            why="Accounts do not leave, they fade; at half there is still somebody to talk to.",
            action="A call by the sales desk: prices, delivery, a competitor?",
        ),
        template(
            "b2b-hidden", "Companies among private customers",
            'count("order_completed", days={days}) >= {orders} and unknown(account)'
            ' and share("order_completed", of=where(local_hour=between(7, 17), local_weekday=between(0, 4)), days={days})'
            ' >= {share}',
            least("orders", "orders at least", 4), share("0.9", "part of them in office hours, from 0 to 1"),
            days("days", "days to look back", 365),
            who="Order in office hours alone, and belong to no account.",
            why="They buy for work at private prices, and nobody looks after them.",
            action="Offer an account: invoice, net prices, several buyers.",
        ),
    ),
)  # fmt: skip
