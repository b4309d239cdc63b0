"""Decisions in words for staff: what a slot shows and why, and why others were passed over.

Comes in: decisions as values, and the names that the shop gives to its segments and experiences.
A name that is not known is told by its slug.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .slots import Choice, Decision, Reason, Rejection

__all__ = ["Names", "PassedOver", "Told", "tell"]

_MS = 1000

#: Every reason but those that need the experience's own words.
_REASONS: dict[Reason, str | Promise] = {
    Reason.PREVIEW: gettext_lazy("It is shown because it is being previewed."),
    Reason.NOTHING_LIVE: gettext_lazy("No experience is live for this slot."),
    Reason.NOTHING_FITS: gettext_lazy("None of the live experiences fits."),
    Reason.OUT_OF_STOCK: gettext_lazy("None of the products that it promotes is in stock."),
    Reason.STOCK_UNKNOWN: gettext_lazy("The shop could not say whether its products are in stock."),
    Reason.EMPTY_CART: gettext_lazy("Nothing that can be bought lies in the cart."),
    Reason.OFFER_OVER: gettext_lazy("Its offer is over, or not for this visitor."),
    Reason.BOT: gettext_lazy("Machines are shown the default."),
    Reason.NO_CONSENT: gettext_lazy("Nothing is chosen for a visitor who does not allow personalisation."),
    Reason.STOPPED: gettext_lazy("Personalisation is stopped for everybody."),
    Reason.ERROR: gettext_lazy("Something failed, so the default is shown. The log says what."),
}


@dataclass(frozen=True, slots=True)
class Names:
    """The shop's names by slug."""

    segments: Mapping[str, str] = field(default_factory=dict)
    experiences: Mapping[str, str] = field(default_factory=dict)

    def segment(self, slug: str) -> str:
        return self.segments.get(slug, slug)

    def experience(self, slug: str) -> str:
        return self.experiences.get(slug, slug)

    def listed(self, slugs: Iterable[str], last_word: str) -> str:
        return get_text_list([f"“{self.segment(slug)}”" for slug in slugs], last_word)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An experience that was tried and not shown."""

    slug: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words. ``slug`` and ``name`` are empty if the slot shows its default."""

    slot: str
    slug: str
    name: str
    why: str
    passed_over: tuple[PassedOver, ...]

    @property
    def is_default(self) -> bool:
        return not self.slug


def tell(
    decision: Decision,
    choices: Iterable[Choice],
    members_of: Collection[str],
    names: Names,
    failures: Mapping[str, str] | None = None,
) -> Told:
    """A decision among some choices for a member of some segments."""
    by_slug = {choice.slug: choice for choice in choices}
    passed_over = [_passed_over(each, by_slug.get(each.slug), members_of, names) for each in decision.rejected]
    choice = decision.choice
    failure = None if choice is None else (failures or {}).get(choice.slug)
    if choice is None:
        return Told(decision.slot, "", "", _why(decision.reason), tuple(passed_over))
    if failure is not None:
        why = _("It could not be shown: %s") % failure
        broken = PassedOver(choice.slug, names.experience(choice.slug), why)
        return Told(decision.slot, "", "", _why(Reason.ERROR), (*passed_over, broken))
    why = _fits(choice, members_of, names) if decision.reason == Reason.FITS else _why(decision.reason)
    return Told(decision.slot, choice.slug, names.experience(choice.slug), why, tuple(passed_over))


def _why(reason: Reason) -> str:
    return str(_REASONS.get(reason, reason))


def _fits(choice: Choice, members_of: Collection[str], names: Names) -> str:
    met = [slug for slug in choice.segments if slug in members_of]
    if not met:
        return _("It is for everybody.")
    return _("You are in %s.") % names.listed(met, _("and"))


def _passed_over(rejection: Rejection, choice: Choice | None, members_of: Collection[str], names: Names) -> PassedOver:
    why = _why(rejection.reason) if choice is None else _objection(rejection.reason, choice, members_of, names)
    return PassedOver(rejection.slug, names.experience(rejection.slug), why)


def _objection(reason: Reason, choice: Choice, members_of: Collection[str], names: Names) -> str:
    if reason == Reason.SEGMENTS:
        missing = [slug for slug in choice.segments if slug not in members_of]
        if choice.needs_all:
            return _("You are not in %s.") % names.listed(missing, _("and"))
        return _("It is for %s.") % names.listed(missing, _("or"))
    if reason == Reason.NOT_YET and choice.starts_at is not None:
        return _("It begins on %s.") % _when(choice.starts_at)
    if reason == Reason.OVER and choice.ends_at is not None:
        return _("It ended on %s.") % _when(choice.ends_at)
    return _why(reason)


def _when(instant: int) -> str:
    moment = dt.datetime.fromtimestamp(instant / _MS, tz=dt.UTC)
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
