"""How an experience that is being edited would look: on a real page of the shop, for some segments.

Comes in: an experience that need not be saved, the address of a page and segments; out goes the
page's HTML with the experience in its slot, and every decision of the page in words. What is in the
way, a slot that is not on the page or a template that fails, is a `PageNotShown` with a sentence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ..models import Experience
from ..publish import published
from ..slots import Choice, read_choices
from ..visitor import Visitor
from ..words import Names, Told, tell
from .names import names_for
from .page import PageNotShown, make_page
from .values import Preview

__all__ = ["PreviewedExperience", "preview_experience"]


@dataclass(frozen=True, slots=True)
class PreviewedExperience:
    """``note`` says what visitors in these segments would really be shown at the moment."""

    html: str
    note: str
    decisions: tuple[Told, ...]

    def as_data(self) -> dict[str, Any]:
        return {"html": self.html, "note": self.note, "decisions": [asdict(told) for told in self.decisions]}


def preview_experience(
    request: HttpRequest, experience: Experience, *, address: str, segments: Collection[str]
) -> PreviewedExperience:
    """The page with the experience in its slot. Raises `PageNotShown`."""
    choice = _choice_of(experience)
    preview = Preview(frozenset(segments), forced=choice)
    page = make_page(request, address, preview)
    _check_shown(page.visitor, choice, address)
    names = names_for(also={choice.slug: str(experience)})
    return PreviewedExperience(page.html, _note(page.visitor, choice, names), _told(page.visitor, preview, names))


def _choice_of(experience: Experience) -> Choice:
    """As pages would read it once it is live."""
    [[choice]] = read_choices([published(experience)]).values()
    return choice


def _check_shown(visitor: Visitor, choice: Choice, address: str) -> None:
    slots = [decision.slot for decision in visitor.decisions]
    if choice.slot not in slots:
        here = get_text_list([f"“{slot}”" for slot in slots], _("and")) or _("none")
        text = _("The page “%(page)s” has no slot “%(slot)s”, so it cannot show this. Slots on it: %(here)s.")
        raise PageNotShown(text % {"page": address, "slot": choice.slot, "here": here})
    failure = visitor.failures.get(choice.slug)
    if failure is not None:
        raise PageNotShown(_("It cannot be shown, and visitors would see the default: %s") % failure)


def _note(visitor: Visitor, choice: Choice, names: Names) -> str:
    if visitor.shown.is_stopped:
        return _("Personalisation is stopped at the moment, so every visitor is shown the default.")
    segments = visitor.segments_among(None)
    usual = tell(visitor.decide_as_usual(choice.slot), visitor.choices(choice.slot), segments, names)
    if usual.slug == choice.slug:
        return _("Visitors in these segments see this while it is live.")
    objections = [each.why for each in usual.passed_over if each.slug == choice.slug]
    if objections:
        return _("Visitors in these segments would not see this. %s") % objections[0]
    return _("Visitors in these segments would see “%s” instead, which is tried first.") % usual.name


def _told(visitor: Visitor, preview: Preview, names: Names) -> tuple[Told, ...]:
    return tuple(
        tell(decision, visitor.choices(decision.slot), preview.segments, names, visitor.failures)
        for decision in visitor.decisions
    )
