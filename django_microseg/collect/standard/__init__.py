"""The events we know, as data: Segment's e-commerce spec v2, e-mail, pages and what else a shop asks.

Aliases are other names an event arrives under: GA4's, Segment's older ones, and Segment's own
where ours is put differently. They are compared without case, with every space as ``_``.
"""

from __future__ import annotations

from .browsing import BROWSING
from .cart import CART_EVENTS
from .messages import MESSAGES
from .opinions import OPINIONS
from .orders import ORDERS
from .people import PEOPLE

__all__ = ["STANDARD_EVENTS"]

STANDARD_EVENTS = (*BROWSING, *CART_EVENTS, *ORDERS, *MESSAGES, *OPINIONS, *PEOPLE)
