"""What a goal offers on this shop's own data: each segment with its sentence and its size, there already or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from django_microseg.segment.admin_words import count_in_words
from django_microseg.segment.judged import FaultyRule, read_rule
from django_microseg.segment.models import Segment
from django_microseg.segment.patience import TooMuch
from django_microseg.segment.presets import PRESETS, preset_rule, preset_text
from django_microseg.segment.preview import preview_rule
from django_microseg.segment.sentence import Labels, describe
from django_microseg.segment.vocabulary import build_labels
from django_microseg.segment.written import sentence_of

from .goals import Goal

__all__ = ["OfferedSegment", "offered_by"]


@dataclass(frozen=True, slots=True)
class OfferedSegment:
    """``is_new``: it would be added. ``size`` is in words; ``note`` says why somebody should look at it first."""

    slug: str
    name: str
    sentence: str
    size: str
    is_new: bool
    note: str = ""


def offered_by(goal: Goal, *, now: dt.datetime) -> list[OfferedSegment]:
    """The segments of a goal, the best first."""
    labels = build_labels()
    rows = Segment.objects.filter(slug__in=goal.presets).select_related("live_version")
    known = {segment.slug: segment for segment in rows}
    return [_known(known[slug], labels) if slug in known else _new(slug, labels, now) for slug in goal.presets]


def _known(segment: Segment, labels: Labels) -> OfferedSegment:
    live = segment.live_version
    if live is None:
        note = _("It is not in force, so nobody is in it: %s.") % segment.get_state_display()
        return OfferedSegment(segment.slug, segment.name, segment.description, "", is_new=False, note=note)
    size = _("not counted yet") if segment.size is None else _people(segment.size)
    sentence = _("Somebody who %s.") % sentence_of(live.rule, labels)
    return OfferedSegment(segment.slug, segment.name, sentence, size, is_new=False)


def _new(slug: str, labels: Labels, now: dt.datetime) -> OfferedSegment:
    name, sentence = PRESETS[slug].name, _("Somebody who %s.") % describe(preset_rule(slug), labels)
    try:
        found = preview_rule(read_rule(preset_text(slug)), now=now)
    except FaultyRule as error:
        return OfferedSegment(slug, name, sentence, "", is_new=True, note=str(error))
    except TooMuch:
        note = _("There is too much to count just now. It can be added all the same.")
        return OfferedSegment(slug, name, sentence, "", is_new=True, note=note)
    size = f"≈ {_people(found.size)}" if found.is_estimate else _people(found.size)
    note = _("More at the right moment, while somebody is here.") if found.is_momentary else ""
    return OfferedSegment(slug, name, sentence, size, is_new=True, note=note)


def _people(number: int) -> str:
    return ngettext("%s person", "%s people", number) % count_in_words(number)
