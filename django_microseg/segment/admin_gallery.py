"""What the gallery shows of a pack: a card for each ready-made segment, its fields filled with what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from .admin_words import count_in_words, percent_in_words
from .counting import Counts
from .errors import InvalidRule
from .exact import decimal_text
from .models import Segment
from .packs import PACKS, Pack
from .preset_data import PRESET_DATA
from .presets import Gap, Preset, preset_text, typed_value
from .rule import Rule
from .sentence import Labels, describe
from .text import parse

__all__ = ["Card", "Field", "cards_of", "pack_of", "tabs_of"]

_EVERY = Pack("", "For every shop", "Groups of people that most shops want to tell apart.", PRESET_DATA)


@dataclass(frozen=True, slots=True)
class Field:
    """A gap as a field of the form."""

    name: str
    gap: Gap
    value: str

    def read(self) -> Any:
        """What was typed, of the gap's kind as far as it can be read as such."""
        return self.value if self.gap.kind in ("text", "choice") else typed_value(self.value)

    @property
    def words(self) -> str:
        """Which of the shop's words fit: those of categories, those of brands, or none."""
        said = f"{self.gap.name} {self.gap.label}"
        return next((word for word in ("category", "brand") if word in said), "")


@dataclass(slots=True)
class Card:
    """A ready-made segment; ``segment`` is the one that the shop has of its slug, if any."""

    preset: Preset
    fields: list[Field]
    segment: Segment | None
    is_ticked: bool
    values: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    sentence: str = ""
    error: str = ""
    rule: Rule | None = None
    size: str = ""
    number: int = 0
    share: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.preset.slug

    def say_size(self, counts: Counts) -> None:
        counted = counts.of.get(self.slug)
        if counted is None:
            return
        self.number = counted.size
        self.size = f"{'≈ ' if counts.is_estimate else ''}{count_in_words(counted.size)}"
        self.share = percent_in_words(100 * counted.size / counts.people if counts.people else 0)
        if counted.margin:
            self.notes.append(_("± %s") % count_in_words(counted.margin))
        if counted.is_momentary:
            self.notes.append(_("more at the right moment"))


def pack_of(slug: str) -> Pack:
    """The pack of this slug; the presets for every shop where there is none."""
    return next((pack for pack in PACKS if pack.slug == slug), _EVERY)


def tabs_of(shown: Pack) -> list[tuple[str, str, bool]]:
    return [(pack.slug, pack.name, pack.slug == shown.slug) for pack in (_EVERY, *PACKS)]


def cards_of(pack: Pack, typed: QueryDict, labels: Labels) -> list[Card]:
    """The cards of a pack, with what was typed in place of the defaults."""
    slugs = [preset.slug for preset in pack.presets]
    known = {segment.slug: segment for segment in Segment.objects.filter(slug__in=slugs)}
    return [_card(preset, typed, known.get(preset.slug), labels, is_ticked=not pack.slug) for preset in pack.presets]


def _card(preset: Preset, typed: QueryDict, segment: Segment | None, labels: Labels, *, is_ticked: bool) -> Card:
    if typed:
        is_ticked = preset.slug in typed.getlist("preset")
    card = Card(preset, [_field(preset, gap, typed) for gap in preset.gaps], segment, is_ticked)
    card.values = {each.gap.name: each.read() for each in card.fields}
    try:
        card.text = preset_text(preset.slug, **card.values)
        card.rule = parse(card.text)
    except InvalidRule as error:
        card.error = error.full_message
        return card
    card.sentence = describe(card.rule, labels)
    return card


def _field(preset: Preset, gap: Gap, typed: QueryDict) -> Field:
    name = f"{preset.slug}.{gap.name}"
    shown = gap.default if isinstance(gap.default, str) else decimal_text(gap.default)
    return Field(name, gap, str(typed.get(name, shown)).strip())
