"""The RFM grid in words: what counts, the ten groups, and what fits each."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

__all__ = ["EVENT_WORDS", "GROUP_WORDS", "TREATMENTS", "VALUE_WORDS", "percent_in_words"]

EVENT_WORDS: Mapping[str, object] = {
    "orders": gettext_lazy("orders"),
    "visits": gettext_lazy("visits"),
    "app": gettext_lazy("openings of the app"),
    "views": gettext_lazy("products looked at"),
    "carts": gettext_lazy("products put into the cart"),
    "mails": gettext_lazy("openings of mails"),
    "logins": gettext_lazy("logins"),
}
VALUE_WORDS: Mapping[str, object] = {
    "orders": gettext_lazy("what they spent"),
    "carts": gettext_lazy("what they put into the cart"),
    "checkouts": gettext_lazy("what they went to the checkout with"),
}
GROUP_WORDS: Mapping[str, object] = {
    "champions": gettext_lazy("Champions"),
    "loyal": gettext_lazy("Loyal"),
    "potential-loyalists": gettext_lazy("Potential loyalists"),
    "new": gettext_lazy("New"),
    "promising": gettext_lazy("Promising"),
    "need-attention": gettext_lazy("Need attention"),
    "about-to-sleep": gettext_lazy("About to sleep"),
    "cannot-lose": gettext_lazy("Cannot lose"),
    "at-risk": gettext_lazy("At risk"),
    "hibernating": gettext_lazy("Hibernating"),
}
TREATMENTS: Mapping[str, object] = {
    "champions": gettext_lazy("News first, early access, no discounts: they buy anyway."),
    "loyal": gettext_lazy("What goes with their last purchase; the loyalty programme."),
    "potential-loyalists": gettext_lazy("A reason for the next order: the programme, a bundle."),
    "new": gettext_lazy("Explain what is good about the shop, and help with the first purchase."),
    "promising": gettext_lazy("Remind them of what they looked at."),
    "need-attention": gettext_lazy("An offer with an end, of what they bought before."),
    "about-to-sleep": gettext_lazy("Bestsellers of their category; ask what they look for."),
    "cannot-lose": gettext_lazy("Ask them personally; a generous offer once."),
    "at-risk": gettext_lazy("Bring them back: what is new since their last visit."),
    "hibernating": gettext_lazy("Rarely and cheaply, or not at all."),
}


def percent_in_words(share: float) -> str:
    """Whole ones from ten on, and of nothing."""
    digits = 0 if share >= 0.1 or share == 0 else 1
    return _("%s %%") % number_format(round(100 * share, digits), digits)
