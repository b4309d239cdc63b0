"""What a pack is: the segments that a specialist of one trade would use, as ready-made ones with gaps to fill."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...profile.traits.definition import Number
from ..exact import tidy
from ..preset_data import Gap, Preset

__all__ = ["Pack", "category", "days", "least", "share", "template", "word"]


@dataclass(frozen=True, slots=True)
class Pack:
    """A trade's segments, with what the gallery says of them all."""

    slug: str
    name: str
    description: str
    presets: tuple[Preset, ...]


def template(slug: str, name: str, rule: str, *gaps: Gap, who: str, why: str, action: str) -> Preset:
    return Preset(slug, "", name, who, rule, gaps, why, action)


def days(name: str, label: str, default: int) -> Gap:
    return Gap(name, label, default)


def least(name: str, label: str, default: int) -> Gap:
    """A whole number that something is compared with."""
    return Gap(name, label, default)


def share(default: str, label: str, name: str = "share") -> Gap:
    """A decimal such as a part of all, from 0 to 1, or a factor."""
    return Gap(name, label, _exact(default), kind="number", least=0)


def word(name: str, label: str, default: str) -> Gap:
    """A word of the shop's own; the default is an example."""
    return Gap(name, label, default, kind="text")


def category(default: str, name: str = "category", label: str = "category of your shop") -> Gap:
    return word(name, label, default)


def _exact(text: str) -> Number:
    return tidy(Fraction(text))
