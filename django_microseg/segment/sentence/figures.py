"""Figures as nouns, for the other side of a comparison: "twice the average time between orders"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ...profile.traits.definition import Trait
from ..exact import decimal_text
from ..rule import PopulationOperand, TraitOperand
from .amounts import duration, plain, units_of
from .filters import filter_in_words, tests_in_words, window_in_words
from .words import Labels

__all__ = ["figure_in_words", "follow_in_words", "show_value"]


def figure_in_words(trait: Trait, labels: Labels) -> str:
    """The figure with its article."""
    words = {
        "events": labels.nouns(trait.stream.event) + filter_in_words(trait.stream.where, labels),
        "verb": labels.verb(trait.stream.event) + filter_in_words(trait.stream.where, labels),
        "field": labels.field_name(trait.field or ""),
        "fields": labels.field_names(trait.field or ""),
        "part": tests_in_words(trait.part, labels),
        "follow": follow_in_words(trait, labels),
    }
    return _templates()[trait.aggregate] % words + window_in_words(trait.window, labels)


def _templates() -> dict[str, str]:
    since = _("the time since they last %(verb)s")
    following = _("the number of %(events)s %(follow)s")
    share = _("the share of %(events)s %(follow)s")
    return {
        "count": _("the number of %(events)s"),
        "sum": _("the total %(field)s of %(events)s"),
        "avg": _("the average %(field)s of %(events)s"),
        "min": _("the least %(field)s of %(events)s"),
        "max": _("the greatest %(field)s of %(events)s"),
        "distinct": _("the number of different %(fields)s in %(events)s"),
        "active_days": _("the number of different days with %(events)s"),
        "active_weeks": _("the number of different weeks with %(events)s"),
        "first": _("the first %(field)s of %(events)s"),
        "last": _("the last %(field)s of %(events)s"),
        "top": _("the most frequent %(field)s of %(events)s"),
        "days_since": since,
        "hours_since": since,
        "minutes_since": since,
        "mean_gap": _("the average time between %(events)s"),
        "share": _("the share of %(events)s with %(part)s"),
        "follows": following,
        "not_follows": following,
        "follows_share": share,
        "not_follows_share": share,
    }


def follow_in_words(trait: Trait, labels: Labels) -> str:
    """ "within 7 days after they opened an e-mail", or without that; nothing for other figures."""
    after = trait.stream.after
    if after is None:
        return ""
    event = labels.verb(after.event) + filter_in_words(after.where, labels)
    words = {"time": duration(after.within), "event": event}
    if after.is_negated:
        return _("without “%(event)s” in the %(time)s before") % words
    return _("within %(time)s after they %(event)s") % words


def show_value(trait: Trait, value: Any, labels: Labels) -> str:
    """What a trait is compared with, in the trait's unit."""
    if isinstance(value, TraitOperand):
        return _scaled(value.factor, figure_in_words(value.trait, labels))
    if isinstance(value, PopulationOperand):
        return _scaled(value.factor, labels.population.get(value.name) or value.name.replace("_", " "))
    if trait.aggregate == "mean_gap" or trait.aggregate.endswith("_since"):
        return units_of(trait.aggregate.removesuffix("_since"), value)
    if "share" in trait.aggregate:
        return _("%(number)s %%") % {"number": decimal_text(value * 100)}
    return plain(value) + _unit(trait, labels)


def _unit(trait: Trait, labels: Labels) -> str:
    """The unit behind a number, with a blank before."""
    if trait.aggregate not in ("sum", "avg", "min", "max"):
        return ""
    if trait.field == "value":
        return f" {labels.currency}" if labels.currency else ""
    if (trait.field or "").endswith("_seconds"):
        return " " + _("seconds")
    return " %" if (trait.field or "").endswith("_percent") else ""


def _scaled(factor: Any, figure: str) -> str:
    if factor == 1:
        return figure
    return _("%(factor)s times %(figure)s") % {"factor": decimal_text(factor), "figure": figure}
