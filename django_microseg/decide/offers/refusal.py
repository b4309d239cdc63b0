"""Why a code takes nothing off, in a shopper's words. A shop may word it anew, by the `Refusal`."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

__all__ = ["Refusal", "sentence_of"]


class Refusal(StrEnum):
    """What stands against a code. Empty: nothing does."""

    NONE = ""
    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    OVER = "over"
    USED = "used"
    NOT_FIRST_ORDER = "not_first_order"
    NEEDS_EMAIL = "needs_email"
    BELOW_MINIMUM = "below_minimum"
    OTHER_CURRENCY = "other_currency"
    NOTHING_OFF = "nothing_off"
    ANOTHER_IS_BETTER = "another_is_better"
    UNAVAILABLE = "unavailable"


_SENTENCES = {
    Refusal.UNKNOWN: _("We know no code %(code)s. Please check the spelling."),
    Refusal.NOT_YET: _("The code %(code)s cannot be used yet."),
    Refusal.OVER: _("The code %(code)s has ended."),
    Refusal.USED: _("The code %(code)s can be used once, and has been used already."),
    Refusal.NOT_FIRST_ORDER: _("The code %(code)s is for a first order, and you have ordered before."),
    Refusal.NEEDS_EMAIL: _("Please give your e-mail address: the code %(code)s can be used once."),
    Refusal.BELOW_MINIMUM: _("The code %(code)s is for goods of %(minimum)s or more."),
    Refusal.OTHER_CURRENCY: _("The code %(code)s cannot be used in this currency."),
    Refusal.NOTHING_OFF: _("The code %(code)s takes nothing off these goods."),
    Refusal.ANOTHER_IS_BETTER: _("You get more off without the code %(code)s. It stays yours for another time."),
    Refusal.UNAVAILABLE: _("The code %(code)s cannot be used at the moment. Please try again."),
}
#: As much of what somebody typed as is said back to them.
_SHOWN = 20


def sentence_of(refusal: Refusal, *, code: str, minimum: str = "") -> str:
    """The sentence; empty for none."""
    if refusal is Refusal.NONE:
        return ""
    return str(_SENTENCES[refusal]) % {"code": code.strip()[:_SHOWN], "minimum": minimum}
