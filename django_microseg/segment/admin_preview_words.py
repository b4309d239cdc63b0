"""A preview in words: plain values in, lines and small tables out, for the panel beside the rule's field."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..collect.in_words import money_in_words
from ..profile.traits.definition import Trait
from .admin_words import count_in_words, percent_in_words, split_in_words
from .near_misses import NearMiss, Variant
from .preview import Preview
from .preview_figures import Buying, Mix, Overlap
from .rule import FactCondition, TraitCondition
from .sentence import Labels, describe
from .text import render

__all__ = ["lines_of", "mixes_of", "near_misses_of", "overlap_in_words"]

#: How many near misses are shown, and how many of them may be easier thresholds.
_MOST_NEAR, _MOST_EASIER = 5, 3
_UNKNOWN = "–"  # noqa: RUF001 - the dash, not the hyphen
_MIX_TITLES = {"device": gettext_lazy("Device last seen on"), "country": gettext_lazy("Country last seen in")}
_STEPS = {
    "order_completed": gettext_lazy("One more order brings %(people)s: %(condition)s"),
    "product_viewed": gettext_lazy("One more view brings %(people)s: %(condition)s"),
}


def lines_of(found: Preview) -> list[str]:
    """How many, who they are, and how they buy; the number first."""
    if not found.people:
        return [_("Nobody is known yet, so there is nobody to count. Figures come with the first visitor or order.")]
    lines = [_size(found)]
    if found.size:
        lines.append(", ".join(split_in_words(found.size, found.customers)))
        lines.append(_buying(found.inside, found.everybody))
    if found.is_momentary:
        lines.append(
            _("More at the right moment: the rule asks for something that is known only while somebody is here.")
        )
    return lines


def _size(found: Preview) -> str:
    if found.size == found.people and not found.is_estimate:
        everybody = ngettext("%s person: everybody there is", "%s people: everybody there is", found.size)
        return everybody % count_in_words(found.size)
    if not found.size and not found.is_estimate:
        return _("Nobody, of %s people") % count_in_words(found.people)
    share = percent_in_words(100 * found.size / found.people)
    people, size = count_in_words(found.people), count_in_words(found.size)
    said = {"about": _about(found), "size": size, "share": share, "people": people}
    one, more = "%(about)s%(size)s person, %(share)s of %(people)s", "%(about)s%(size)s people, %(share)s of %(people)s"
    line: str = ngettext(one, more, found.size) % said
    if found.is_estimate:
        asked = {"margin": count_in_words(found.margin), "asked": count_in_words(found.everybody.people)}
        line += _(" (± %(margin)s, %(asked)s were asked)") % asked
    return line


def _about(found: Preview) -> str:
    return "≈ " if found.is_estimate else ""


def _buying(inside: Buying, everybody: Buying) -> str:
    said = {
        "share": percent_in_words(100 * (inside.conversion or 0)),
        "all_share": percent_in_words(100 * (everybody.conversion or 0)),
        "value": _money(inside.average_minor),
        "all_value": _money(everybody.average_minor),
    }
    return _("%(share)s have ordered (of all %(all_share)s), %(value)s an order (of all %(all_value)s)") % said


def _money(minor: int | None) -> str:
    return _("nothing") if minor is None else money_in_words(minor)


def overlap_in_words(found: Preview, labels: Labels) -> list[str]:
    """How many are in both, seen from either side."""
    overlap = found.overlap
    if overlap is None:
        return []
    name = labels.segments.get(overlap.slug, overlap.slug)
    if not overlap.other:
        return [_("Nobody who was asked is in “%(name)s”.") % {"name": name}]
    said = {"about": _about(found), "both": count_in_words(overlap.both), "name": name}
    line: str = ngettext(
        "%(about)s%(both)s is in “%(name)s” too", "%(about)s%(both)s are in “%(name)s” too", overlap.both
    )
    line %= said
    if found.is_estimate:
        line += _(" (± %(margin)s)") % {"margin": count_in_words(overlap.margin)}
    return [line, *_both_ways(found.size, overlap, name)]


def _both_ways(size: int, overlap: Overlap, name: str) -> list[str]:
    if not size:
        return []
    ours, theirs = 100 * overlap.both / size, 100 * overlap.both / overlap.other
    said = {"ours": percent_in_words(min(ours, 100)), "theirs": percent_in_words(min(theirs, 100)), "name": name}
    return [_("That is %(ours)s of those whom this rule finds, and %(theirs)s of “%(name)s”.") % said]


def mixes_of(found: Preview) -> list[dict[str, Any]]:
    """Small tables: each value with its part of those in it and of everybody, 0 to 100, and the index."""
    return [_mix(mix) for mix in found.mixes]


def _mix(mix: Mix) -> dict[str, Any]:
    are_enough = mix.are_enough
    note = _("Known of %(inside)s of those in it and of %(everybody)s of everybody. Index 100: as everybody.")
    if not are_enough:
        note = _("Known of %(inside)s of those in it and of %(everybody)s of everybody: too few for an index.")
    asked = {"inside": count_in_words(mix.inside), "everybody": count_in_words(mix.everybody)}
    return {
        "title": str(_MIX_TITLES[mix.name]),
        "heads": [_("In it"), _("Everybody"), _("Index")],
        "note": note % asked,
        "rows": [
            {
                "name": row.value.upper() if mix.name == "country" else row.value,
                "inside": percent_in_words(100 * row.inside),
                "everybody": percent_in_words(100 * row.everybody),
                "index": count_in_words(row.index) if are_enough and row.index is not None else _UNKNOWN,
                "bars": [round(100 * row.inside, 1), round(100 * row.everybody, 1)],
            }
            for row in mix.rows
        ],
    }


def near_misses_of(found: Preview, labels: Labels) -> list[dict[str, str]]:
    """Three to five changes, easier thresholds first, each with the rule that it makes."""
    easier = [near for near in found.near if near.variant.eased is not None]
    without = [near for near in found.near if near.variant.eased is None]
    chosen = easier[: max(_MOST_EASIER, _MOST_NEAR - len(without))] + without
    return [
        {
            "text": _near(near, found, labels),
            "rule": render(near.variant.rule),
            "take": _("Leave it out") if near.variant.eased is None else _("Take it over"),
        }
        for near in chosen[:_MOST_NEAR]
    ]


def _near(near: NearMiss, found: Preview, labels: Labels) -> str:
    words = ngettext("%(about)s%(count)s person", "%(about)s%(count)s people", near.people)
    people = words % {"about": _about(found), "count": count_in_words(near.people)}
    if found.is_estimate:
        people += _(" (± %(margin)s)") % {"margin": count_in_words(near.margin)}
    said = {"people": people, "condition": describe(near.variant.eased or near.variant.part, labels)}
    if near.variant.eased is None:
        return _("This alone keeps %(people)s out: %(condition)s") % said
    return str(_step(near.variant)) % said


def _step(variant: Variant) -> str:
    """What somebody must do more, where that can be said in a word."""
    part = variant.part
    if isinstance(part, TraitCondition | FactCondition) and part.operator in (">=", ">"):
        trait = getattr(part, "trait", None)
        if isinstance(trait, Trait) and trait.aggregate == "count" and part.operator == _operator(variant):
            return str(_STEPS.get(trait.stream.event, _("One more time brings %(people)s: %(condition)s")))
    return _("One step easier brings %(people)s: %(condition)s")


def _operator(variant: Variant) -> str:
    return getattr(variant.eased, "operator", "")
