"""Parent and parts on the page of a segment: what it is a part of, what its parts cover, and who is in none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .admin_presets import PresetPages
from .admin_words import count_in_words, percent_in_words
from .models import Membership, Segment
from .parts import parents_of
from .rulebook import Rulebook, current

__all__ = ["PartPages"]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment and what it comes to, in words."""

    name: str
    url: str
    words: str
    share: float = 0.0


class PartPages(PresetPages):
    """Adds the panel of parents and parts."""

    def parts_panel(self, request: HttpRequest, segment: Segment) -> dict[str, Any]:
        """In two statements, and none where no rule in force knows of the segment."""
        book = current()
        above, below = _family(book, segment)
        rows = {row.pk: row for row in Segment.objects.filter(pk__in=[*above, *below])} if above or below else {}
        return {
            "part_of": [self._parent(rows[pk], segment) for pk in above if pk in rows],
            "parts": [self._part(rows[pk], segment) for pk in below if pk in rows],
            "uncovered": _uncovered(segment, [rows[pk] for pk in below if pk in rows]),
            "make_part_url": self._make_part_url(request, segment),
        }

    def _parent(self, parent: Segment, segment: Segment) -> Part:
        words = _("Part of %(name)s: %(share)s of its %(size)s members") % {
            "name": parent.name,
            "share": _share(segment.size, parent.size),
            "size": count_in_words(parent.size or 0),
        }
        return Part(parent.name, self.object_url("change", parent.pk), words)

    def _part(self, part: Segment, segment: Segment) -> Part:
        members = ngettext("%s member", "%s members", part.size or 0) % count_in_words(part.size or 0)
        words = _("%(members)s, %(share)s") % {"members": members, "share": _share(part.size, segment.size)}
        return Part(part.name, self.object_url("change", part.pk), words, _ratio(part.size, segment.size))

    def _make_part_url(self, request: HttpRequest, segment: Segment) -> str:
        """The form of a new segment with the rule begun; empty for who may not add one."""
        if not self.has_add_permission(request) or segment.live_version_id is None:
            return ""
        begun = {
            "name": _("%s: a part") % segment.name,
            "slug": f"{segment.slug}-part"[:64],
            "folder": segment.folder,
            "rule_text": f'segment("{segment.slug}") and ',
        }
        return f"{self.list_url('add')}?{urlencode(begun)}"


def _family(book: Rulebook, segment: Segment) -> tuple[list[int], list[int]]:
    """Ids of the segments above and of those below, by the rules in force."""
    live = book.in_force
    own = live.get(segment.slug)
    above = sorted(parents_of(own.rule) & live.keys()) if own else []
    below = [slug for slug, each in sorted(live.items()) if segment.slug in each.references
             and segment.slug in parents_of(each.rule)]  # fmt: skip
    ids = {slug: book.segments[live[slug].id] for slug in (*above, *below)}
    return [ids[slug] for slug in above], [ids[slug] for slug in below]


def _uncovered(segment: Segment, parts: Iterable[Segment]) -> str:
    """How many members are in none of the parts; empty where there is no part."""
    versions = [part.live_version_id for part in parts]
    if not versions or not segment.size:
        return ""
    covered = Membership.objects.filter(definition__in=versions).values("profile")
    rest = Membership.objects.filter(definition=segment.live_version_id).exclude(profile__in=covered).count()
    if not rest:
        return _("Together they cover all of it.")
    one, more = "%(number)s member is in none of them, %(share)s.", "%(number)s members are in none of them, %(share)s."
    return ngettext(one, more, rest) % {"number": count_in_words(rest), "share": _share(rest, segment.size)}


def _ratio(size: int | None, whole: int | None) -> float:
    return 100 * (size or 0) / whole if whole else 0.0


def _share(size: int | None, whole: int | None) -> str:
    return percent_in_words(_ratio(size, whole))
