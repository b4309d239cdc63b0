"""Segments that a shop has with one click: its usual questions, with thresholds to adjust.

Each is data: a rule's text with gaps, and parameters that fill them. Two sets of values are settled, the
default and one for online retail as the published answers to that data set count.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from .errors import InvalidRule
from .exact import tidy
from .names import did_you_mean
from .packs import PACKS, Pack
from .preset_data import PRESET_DATA, Gap, Preset
from .rule import Rule
from .text import parse, render_value

__all__ = [
    "ONLINE_RETAIL",
    "PACKS",
    "PRESETS",
    "TEMPLATES",
    "Gap",
    "Pack",
    "Preset",
    "UnknownPreset",
    "preset_rule",
    "preset_text",
    "typed_value",
]

PRESETS: dict[str, Preset] = {preset.slug: preset for preset in PRESET_DATA}
#: The presets and those of every pack.
TEMPLATES: dict[str, Preset] = {**PRESETS, **{each.slug: each for pack in PACKS for each in pack.presets}}
#: Name of the second set of thresholds.
ONLINE_RETAIL = "online-retail"


class UnknownPreset(InvalidRule):
    """There is no preset of this slug, or it has no such parameter."""


def preset_rule(slug: str, thresholds: str = "", **parameters: Any) -> Rule:
    """The rule of a preset. ``thresholds`` may be ``online-retail``; parameters replace single values."""
    return parse(preset_text(slug, thresholds, **parameters))


def preset_text(slug: str, thresholds: str = "", **parameters: Any) -> str:
    """The rule of a preset as text, its gaps filled."""
    preset = TEMPLATES.get(slug)
    if preset is None:
        raise UnknownPreset(f"There is no preset {slug!r}.", did_you_mean(slug, TEMPLATES))
    values = _values(preset, thresholds) | parameters
    gaps = {gap.name: gap for gap in preset.gaps}
    for name in parameters:
        if name not in gaps:
            raise UnknownPreset(f"The preset {slug!r} has no parameter {name!r}.", did_you_mean(name, gaps))
    return preset.template.format_map({name: _fill(gap, values[name]) for name, gap in gaps.items()})


def typed_value(text: str) -> Any:
    """A parameter as somebody typed it: a whole number, an exact number, or the text itself."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if number == number.to_integral_value() else number


def _values(preset: Preset, thresholds: str) -> dict[str, Any]:
    if thresholds not in ("", ONLINE_RETAIL):
        raise UnknownPreset(f"There are no thresholds {thresholds!r}.", f"Use {ONLINE_RETAIL!r}, or none.")
    return {
        gap.name: gap.online_retail if thresholds and gap.online_retail is not None else gap.default
        for gap in preset.gaps
    }


def _fill(gap: Gap, value: Any) -> str:
    """A value as it stands in the rule's text; refused if it is not of the gap's kind."""
    if gap.kind in ("choice", "text"):
        if not isinstance(value, str) or (gap.choices and value not in gap.choices):
            wanted = f"one of: {', '.join(gap.choices)}" if gap.choices else "a text"
            raise InvalidRule(f"The parameter {gap.name!r} does not fit.", f"Give {wanted}.")
        return value if gap.kind == "choice" else render_value(value)
    number = tidy(Fraction(value)) if isinstance(value, Decimal) else value
    allowed = int if gap.kind == "whole" else int | Fraction
    if isinstance(number, bool) or not isinstance(number, allowed) or number < gap.least:
        wanted = "a whole number" if gap.kind == "whole" else "an exact number"
        raise InvalidRule(f"The parameter {gap.name!r} does not fit.", f"Give {wanted}, at least {gap.least}.")
    return render_value(number)
