"""Who was in a segment at a past moment, in words: two answers side by side, and what the log cannot tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .admin_words import count_in_words
from .insight.then import Then, in_force_at, log_begins
from .models import Segment, SegmentSize
from .rulebook import shop_zone
from .sizes.calendar import day_of
from .vocabulary import build_labels
from .written import sentence_of

__all__ = ["KINDS", "AsOfPanel", "as_of_panel", "chosen_ids", "read_moment"]

KINDS = {
    "shown": gettext_lazy("shown then"),
    "recomputed": gettext_lazy("by the rule of now"),
    "only-shown": gettext_lazy("only then"),
    "only-recomputed": gettext_lazy("only by the rule of now"),
}
_BEFORE = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what it is called, how many, and what that rests on."""

    name: str
    number: str
    note: str


@dataclass(frozen=True, slots=True)
class AsOfPanel:
    title: str
    sentence: str
    is_told: bool
    lines: tuple[Line, ...]
    counted: str
    warnings: tuple[str, ...]


def read_moment(text: str | None, *, now: dt.datetime) -> tuple[dt.datetime, bool]:
    """A moment of the shop's calendar, and whether it could be read and is past; 30 days ago otherwise."""
    try:
        found = parse_datetime(text or "")
    except ValueError:
        found = None
    if found is None:
        return now - _BEFORE, not text
    at = found if found.tzinfo else found.replace(tzinfo=shop_zone())
    return (at, True) if at <= now else (now - _BEFORE, False)


def chosen_ids(then: Then, kind: str) -> list[int]:
    recomputed = then.recomputed or frozenset()
    chosen = {
        "shown": then.shown,
        "recomputed": recomputed,
        "only-shown": then.shown - recomputed,
        "only-recomputed": recomputed - then.shown,
    }
    return sorted(chosen[kind])


def as_of_panel(segment: Segment, then: Then, at: dt.datetime, *, now: dt.datetime) -> AsOfPanel:
    version = in_force_at(segment, at)
    begins = log_begins(segment, now)
    is_told = begins is not None and begins <= at
    when = f"{at.astimezone(shop_zone()):%Y-%m-%d %H:%M}"
    shown = count_in_words(then.shown_number)
    words = ngettext(
        "%(number)s person was in it on %(when)s", "%(number)s people were in it on %(when)s", then.shown_number
    )
    return AsOfPanel(
        title=words % {"number": shown, "when": when} if is_told else _("Nobody can tell who was shown on %s") % when,
        sentence=sentence_of(version.rule, build_labels()) if version else "",
        is_told=is_told,
        lines=tuple(_lines(then, shown) if is_told else _recomputed(then)),
        counted=_counted(segment, at),
        warnings=tuple(_warnings(begins, at, is_told=is_told)),
    )


def _lines(then: Then, shown: str) -> list[Line]:
    lines = [Line(_("Shown then"), shown, _("by the log of changes, under the rule that was in force"))]
    if then.recomputed is None:
        return lines
    both = len(then.shown & then.recomputed)
    lines += [
        *_recomputed(then),
        Line(_("Both"), _number(both, then), ""),
        Line(_("Only shown then"), _number(len(then.shown) - both, then), _("the rule of now would leave them out")),
        Line(
            _("Only by the rule of now"),
            _number(len(then.recomputed) - both, then),
            _("the rule of now would add them"),
        ),
    ]
    return lines


def _recomputed(then: Then) -> list[Line]:
    if then.recomputed is None:
        return []
    known = _("of %(people)s people who were known") % {"people": count_in_words(then.people)}
    return [Line(_("By the rule of now"), _number(len(then.recomputed), then), known)]


def _number(found: int, then: Then) -> str:
    """Of a random part, what it comes to for all."""
    if not then.is_estimate:
        return count_in_words(found)
    return f"≈ {count_in_words(round(found * then.people / max(1, then.asked)))}"


def _counted(segment: Segment, at: dt.datetime) -> str:
    """What was counted on that day, which no erasure changes."""
    day = day_of(at, shop_zone())
    row = SegmentSize.objects.filter(segment=segment, day=day, is_recomputed=False).first()
    if row is None:
        return ""
    text = _("Counted at the end of that day: %(size)s. Whoever was erased since is in that number, and in no list.")
    return text % {"size": count_in_words(row.size)}


def _warnings(begins: dt.datetime | None, at: dt.datetime, *, is_told: bool) -> list[str]:
    if is_told:
        return []
    if begins is None:
        return [_("No rule of this segment has ever been in force, so nobody was ever shown.")]
    text = _(
        "The log of changes of this segment tells of the time from %s on. Before it, only the rule of now can be asked."
    )
    return [text % f"{begins.astimezone(shop_zone()):%Y-%m-%d %H:%M}"]
