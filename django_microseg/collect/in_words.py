"""Figures as people read them, in the language of the page."""

from __future__ import annotations

from django.utils.formats import number_format

from .. import conf
from .money import from_minor, minor_exponent

__all__ = ["count_in_words", "money_in_words"]


def count_in_words(number: int) -> str:
    """With thousands separators."""
    return number_format(number, use_l10n=True, force_grouping=True)


def money_in_words(minor: int) -> str:
    """An amount in the shop's currency, with thousands separators and the digits of that currency."""
    currency = conf.get("CURRENCY")
    amount = number_format(from_minor(minor, currency), minor_exponent(currency), force_grouping=True)
    return f"{amount} {currency}"
