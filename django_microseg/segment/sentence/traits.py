"""Conditions on figures in words: "bought at least 5 times in the last 180 days"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ...profile.traits.definition import Trait
from ..aggregates import AGGREGATES
from .amounts import Comparison, choice_of, frequency, plain, quantity
from .figures import figure_in_words, follow_in_words, show_value
from .filters import filter_in_words, tests_in_words, window_in_words
from .words import Labels

__all__ = ["trait_in_words"]

_ORDER = "order_completed"


def trait_in_words(trait: Trait, comparison: Comparison, labels: Labels) -> str:
    """The condition as it follows "somebody who …"."""
    if comparison.operator in ("known", "unknown"):
        return _presence(trait, comparison.operator, labels)
    kind = AGGREGATES[trait.aggregate].kind
    if kind == "text":
        return _text(trait, comparison, labels)
    words = {
        "verb": labels.verb(trait.stream.event) + filter_in_words(trait.stream.where, labels),
        "events": labels.nouns(trait.stream.event) + filter_in_words(trait.stream.where, labels),
        "filter": filter_in_words(trait.stream.where, labels),
        "window": window_in_words(trait.window, labels),
        "amount": quantity(comparison, lambda value: show_value(trait, value, labels)),
        "fields": labels.field_names(trait.field or ""),
        "part": tests_in_words(trait.part, labels),
        "follow": follow_in_words(trait, labels),
        "figure": figure_in_words(trait, labels),
    }
    if trait.aggregate in ("count", "follows", "not_follows") or _is_visits(trait):
        return _counted(trait, comparison, words, labels)
    return _template(trait) % words


def _counted(trait: Trait, comparison: Comparison, words: dict[str, str], labels: Labels) -> str:
    if _is_visits(trait):
        words["verb"] = _("visited the shop") + words["filter"]
    if words["follow"]:
        words["verb"] += f" {words['follow']}"
    if (comparison.operator, comparison.value) in (("==", 0), ("<=", 0), ("<", 1)) and comparison.upper is None:
        return _("never %(verb)s%(window)s") % words
    words["times"] = frequency(comparison, lambda value: show_value(trait, value, labels))
    return _("%(verb)s %(times)s%(window)s") % words


def _is_visits(trait: Trait) -> bool:
    """Different visits of anything are how often somebody came."""
    return (trait.aggregate, trait.stream.event, trait.field) == ("distinct", "any", "visit")


def _template(trait: Trait) -> str:
    counted = (trait.aggregate, trait.stream.event, trait.field)
    special: dict[tuple[str, str, str | None], str] = {
        ("sum", _ORDER, "value"): _("spent %(amount)s%(filter)s%(window)s"),
        ("avg", _ORDER, "value"): _("spent %(amount)s per order on average%(filter)s%(window)s"),
        ("sum", "product_purchased", "quantity"): _("bought %(amount)s pieces%(filter)s%(window)s"),
    }
    return special.get(counted) or _templates().get(trait.aggregate) or _("has %(amount)s as %(figure)s")


def _templates() -> dict[str, str]:
    since, following = (
        _("last %(verb)s%(window)s %(amount)s ago"),
        _("has %(amount)s of %(events)s%(window)s %(follow)s"),
    )
    return {
        "distinct": _("has %(amount)s different %(fields)s in %(events)s%(window)s"),
        "active_days": _("%(verb)s on %(amount)s different days%(window)s"),
        "active_weeks": _("%(verb)s in %(amount)s different weeks%(window)s"),
        "days_since": since,
        "hours_since": since,
        "minutes_since": since,
        "mean_gap": _("has %(amount)s on average between %(events)s%(window)s"),
        "share": _("has %(amount)s of %(events)s%(window)s with %(part)s"),
        "follows_share": following,
        "not_follows_share": following,
    }


def _text(trait: Trait, comparison: Comparison, labels: Labels) -> str:
    given: Any = comparison.value
    values = tuple(map(plain, given if isinstance(given, tuple) else (given,)))
    words = {"values": choice_of(comparison.operator, values), "figure": figure_in_words(trait, labels)}
    return _("has %(values)s as %(figure)s") % words


def _presence(trait: Trait, operator: str, labels: Labels) -> str:
    verb = labels.verb(trait.stream.event) + filter_in_words(trait.stream.where, labels)
    words = {"verb": verb, "window": window_in_words(trait.window, labels), "figure": figure_in_words(trait, labels)}
    if trait.aggregate.endswith("_since"):
        return (_("%(verb)s at some time%(window)s") if operator == "known" else _("never %(verb)s%(window)s")) % words
    return (_("has something as %(figure)s") if operator == "known" else _("has nothing as %(figure)s")) % words
