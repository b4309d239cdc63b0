"""What the staff bar shows of one request: who the visitor is, what this page decided, and why.

Comes in: a request with its visitor; out goes a `Bar`, or None for everybody but staff who may
preview the shop. Only a browser that carries their mark, or a running preview, is asked who is
logged in, so that a shopper's page costs nothing and no session is looked into.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .known import Known
from .permission import MEASUREMENT, PERSONALISATION, Consent
from .preview.holder import may_preview
from .preview.mark import is_marked
from .preview.names import names_for
from .visitor import Visitor
from .words import Names, Told, tell

__all__ = ["Backstage", "Bar", "Group", "Member", "backstage_of"]

#: So many segments are named on the bar itself; the panel names them all.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Member:
    """A segment that is in force. ``why_url`` leads to the explanation, if there is one to see."""

    slug: str
    name: str
    is_in: bool
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Segments of one kind, to choose from."""

    title: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Everything on the bar, in words."""

    is_preview: bool
    is_stopped: bool
    summary: str
    consent: str
    decisions: tuple[Told, ...]
    inside: tuple[Member, ...]
    groups: tuple[Group, ...]
    profile_url: str
    start_url: str
    stop_url: str
    address: str


class Backstage:
    """What staff may see behind one page. Lazy in every part."""

    def __init__(self, request: HttpRequest, visitor: Visitor) -> None:
        self._request = request
        self._visitor = visitor

    @cached_property
    def is_open(self) -> bool:
        """Whether whoever is logged in may look; nobody without the mark is even asked."""
        if hasattr(self._request, "microseg_preview"):
            return False
        if not is_marked(self._request) and self._visitor.preview is None:
            return False
        return may_preview(getattr(self._request, "user", None))

    @cached_property
    def names(self) -> Names:
        return names_for()

    @cached_property
    def in_force(self) -> Known:
        """What may be chosen from, also for whom nothing was read, such as a machine."""
        shown = self._visitor.shown
        return self._visitor.published if shown.is_unread else shown

    def load(self) -> None:
        """Read ahead, for a page that may not ask the database later."""
        if self.is_open:
            _ = self.names, self.in_force

    def bar(self) -> Bar | None:
        """The bar; None for whoever may not look."""
        if not self.is_open:
            return None
        visitor, is_preview = self._visitor, self._visitor.preview is not None
        members = visitor.segments_among(None)
        inside = tuple(self._members(members, members, has_links=not is_preview))
        return Bar(
            is_preview=is_preview,
            is_stopped=self.in_force.is_stopped,
            summary=_summary(inside),
            consent=_preview_words() if is_preview else _consent_words(visitor.permission),
            decisions=tuple(self._tell(members)),
            inside=inside,
            groups=tuple(self._groups(members)),
            profile_url="" if is_preview else self._admin_url("change"),
            start_url=reverse("django_microseg:preview_start"),
            stop_url=reverse("django_microseg:preview_stop"),
            address=self._request.get_full_path(),
        )

    def _tell(self, members: frozenset[str]) -> Iterable[Told]:
        for decision in self._visitor.decisions:
            choices = self._visitor.choices(decision.slot)
            yield tell(decision, choices, members, self.names, self._visitor.failures)

    def _groups(self, members: frozenset[str]) -> Iterable[Group]:
        """What a visit itself tells, such as device and hour, apart from what is known of a person."""
        known = self.in_force
        kinds = {
            _("What people did and are"): known.in_force - known.momentary,
            _("What asks for the visit itself"): known.momentary,
        }
        return (Group(title, tuple(self._members(slugs, members))) for title, slugs in kinds.items() if slugs)

    def _members(self, slugs: Iterable[str], members: frozenset[str], *, has_links: bool = False) -> Iterable[Member]:
        """By name; those that are chosen already come first, so that they are seen among hundreds."""
        for slug in sorted(slugs, key=lambda slug: (slug not in members, self.names.segment(slug).casefold())):
            url = self._admin_url("explain", slug) if has_links else ""
            yield Member(slug, self.names.segment(slug), slug in members, url)

    def _admin_url(self, page: str, *further: str) -> str:
        """A page about the visitor in the admin, if they are known and the admin and the right to look are there."""
        profile_id = self._visitor.known.profile_id
        if profile_id is None or not self._request.user.has_perm("django_microseg.view_profile"):
            return ""
        try:
            return reverse(f"admin:django_microseg_profile_{page}", args=[profile_id, *further])
        except NoReverseMatch:
            return ""


def backstage_of(request: HttpRequest, visitor: Visitor) -> Backstage:
    """The one of this request, with what has been read ahead."""
    found = getattr(request, "microseg_backstage", None)
    if not isinstance(found, Backstage):
        found = Backstage(request, visitor)
        request.microseg_backstage = found  # type: ignore[attr-defined]
    return found


def _summary(inside: tuple[Member, ...]) -> str:
    if not inside:
        return _("in no segment")
    named = ", ".join(member.name for member in inside[:_NAMED])
    more = len(inside) - _NAMED
    if more <= 0:
        return named
    return ngettext("%(named)s and %(count)s more", "%(named)s and %(count)s more", more) % {
        "named": named,
        "count": more,
    }


def _preview_words() -> str:
    return _("This is a preview: nothing is recorded, no discount is given, and it ends by itself after an hour.")


def _consent_words(consent: Consent) -> str:
    if not consent.is_asked:
        return _("You have not answered the consent question, so nothing of you is stored or recognised.")
    allowed = {MEASUREMENT: _("measurement"), PERSONALISATION: _("personalisation")}
    purposes = [word for purpose, word in allowed.items() if purpose in consent.purposes]
    if not purposes:
        return _("You have refused, so nothing of you is stored and nothing is chosen for you.")
    return _("You allow %s.") % get_text_list(purposes, _("and"))
