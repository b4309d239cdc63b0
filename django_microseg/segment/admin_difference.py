"""The page “What would change”: what a waiting version would do, before it is in force, and the buttons that decide.

Whoever may view the segment may look; whoever may change it decides. Nothing goes live here that was not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from django_microseg.collect.ids import read_id
from django_microseg.profile.models import Profile
from django_microseg.profile.permission import may_see_people

from .admin_builder import BuilderPages
from .admin_form import edit_url
from .admin_list import directory_of
from .admin_schedule import preparing_in_words, schedule_in_words
from .admin_versions import Piece, changed_words
from .admin_words import count_in_words, percent_in_words
from .approval import NotApproved, approve, may_approve
from .difference import Difference, Movement
from .launch import NotBroughtBack, Objected, Shown, Stale, Switched, Underway, bring_back, discard, put_in_force
from .models import Segment, SegmentVersion
from .outlook import outlook_of
from .uses import Use
from .versions import candidate_of
from .vocabulary import build_labels
from .written import sentence_of

__all__ = ["DifferencePages", "Link"]


@dataclass(frozen=True, slots=True)
class Link:
    """Something with a page of its own: what kind of thing, its name, address, state, and where it is seen."""

    kind: str
    name: str
    url: str
    state: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    url: str
    why_url: str


class DifferencePages(BuilderPages):
    """Adds the page of a waiting version."""

    pages = {**BuilderPages.pages, "difference": "difference", "bring-back": "bring_back"}

    def difference(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """What would change; a POST decides."""
        if request.method == "POST":
            return self._decide(request, segment)
        version = candidate_of(segment)
        if version is None:
            messages.info(request, _("Nothing waits to go live: the newest rule of this segment is in force."))
            return HttpResponseRedirect(self.object_url("change", segment.pk))
        now, labels = timezone.now(), build_labels(directory_of(request).names)
        outlook = outlook_of(version, now=now)
        found = outlook.difference
        live = segment.live_version
        before, after = sentence_of(live.rule, labels) if live else "", sentence_of(version.rule, labels)
        return self.render(
            request, "difference.html", segment, _("What would change"),
            version=version,
            before=before,
            after=after,
            pieces=_pieces(before, after),
            difference=found,
            figures=_figures(found) if found else {},
            people=self._changing(request, version, found) if found else [],
            followers=_following(found, labels.segments) if found else [],
            uses=self.links(request, outlook.uses),
            objections=outlook.objections,
            may_approve=self._has_approve_permission(request) and may_approve(version, request.user.get_username()),
            is_draft=version.state == SegmentVersion.State.DRAFT,
            preparing=preparing_in_words(version),
            may_discard=_may_discard(version),
            schedule=schedule_in_words(segment, now),
            live_id=segment.live_version_id or "",
            segment_url=self.object_url("change", segment.pk),
        )  # fmt: skip

    def bring_back(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Make the rule of an earlier version the draft, and show what it would change."""
        if request.method != "POST" or not self.has_change_permission(request, segment):
            raise PermissionDenied
        past = segment.versions.filter(pk=read_id(request.POST.get("bring_back")) or 0).first()
        try:
            bring_back(segment, past, author=request.user.get_username(), now=timezone.now())
        except NotBroughtBack as error:
            messages.warning(request, str(error))
        return HttpResponseRedirect(self.object_url("difference", segment.pk))

    def links(self, request: HttpRequest, uses: Iterable[Use]) -> list[Link]:
        """Uses with the address of each in this admin."""
        return [Link(each.kind, each.name, edit_url(each.row), each.state, each.where) for each in uses]

    def _changing(
        self, request: HttpRequest, version: SegmentVersion, found: Difference
    ) -> list[tuple[str, list[_Person]]]:
        """Some of those who would come in and of those who would leave, for whoever may see people."""
        if not may_see_people(request.user):
            return []
        rows = Profile.objects.in_bulk([*found.came.sample, *found.left.sample])
        groups = ((_("Some who would come in"), found.came), (_("Some who would leave"), found.left))
        return [
            (title, [self._person(rows[pk], version) for pk in movement.sample if pk in rows])
            for title, movement in groups
            if movement.sample
        ]

    def _person(self, row: Profile, version: SegmentVersion) -> _Person:
        name = f"{self.admin_site.name}:{self.opts.app_label}_profile"
        why = reverse(f"{name}_explain", args=[row.pk, version.segment.slug])
        return _Person(str(row), reverse(f"{name}_change", args=[row.pk]), f"{why}?version={version.pk}")

    # -- deciding

    def _has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(f"{self.opts.app_label}.approve_segment"))

    def _approve(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        """Somebody else than the author says that this very version may go live."""
        version = candidate_of(segment)
        if not self._has_approve_permission(request):
            raise PermissionDenied
        if version is None or version.pk != read_id(request.POST.get("version")):
            messages.warning(request, _("Another draft was saved meanwhile, so nothing was approved. Look again."))
            return HttpResponseRedirect(self.object_url("difference", segment.pk))
        try:
            approve(version, by=request.user.get_username(), now=timezone.now())
        except NotApproved as error:
            messages.warning(request, str(error))
        else:
            self.log_change(request, segment, f"version {version.number} approved")
            messages.success(request, _("Version %s is approved.") % version.number)
        return HttpResponseRedirect(self.object_url("difference", segment.pk))

    def _decide(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        if "approve" in request.POST:
            return self._approve(request, segment)
        if not self.has_change_permission(request, segment):
            raise PermissionDenied
        shown = Shown(read_id(request.POST.get("version")), read_id(request.POST.get("live")))
        if "discard" in request.POST:
            return self._discard(request, segment, shown)
        passed = request.POST.getlist("acknowledge")
        try:
            done = put_in_force(segment, shown=shown, acknowledged=passed, now=timezone.now())
        except Stale as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(self.object_url("difference", segment.pk))
        except Objected as error:
            messages.error(request, _("It was not put in force: something speaks against it. See below."))
            messages_of(request, error)
            return HttpResponseRedirect(self.object_url("difference", segment.pk))
        self.log_change(request, segment, _live_in_words(segment, passed, done))
        messages.success(request, outcome_in_words(done))
        return HttpResponseRedirect(self.object_url("change", segment.pk))

    def _discard(self, request: HttpRequest, segment: Segment, shown: Shown) -> HttpResponse:
        if shown.version_id is None or not discard(segment, version_id=shown.version_id, now=timezone.now()):
            messages.warning(request, _("There is no such draft any more, so nothing was discarded."))
        else:
            self.log_change(request, segment, "draft discarded")
            messages.success(request, _("It is discarded. It stays in the history."))
        return HttpResponseRedirect(self.object_url("change", segment.pk))


def _may_discard(version: SegmentVersion) -> bool:
    """A draft; or what is being prepared, unless it only follows another segment by the rule in force."""
    live, state = version.segment.live_version, SegmentVersion.State
    follows = live is not None and version.rule == live.rule
    return bool(version.state == state.DRAFT or (version.state == state.PREPARING and not follows))


def messages_of(request: HttpRequest, error: Objected) -> None:
    """Each objection as a message of its own."""
    for objection in error.objections:
        messages.error(request, objection.text)


def outcome_in_words(done: Switched | Underway) -> str:
    if isinstance(done, Underway):
        far = _("It is being prepared: %s %% of all people have been looked at.") % done.percent
        return f"{far} {_('The next sweep goes on, and it comes into force when all have been.')}"
    said = {"entered": count_in_words(done.entered), "left": count_in_words(done.left)}
    return _("The rule is in force: %(entered)s came in, %(left)s left.") % said


def _live_in_words(segment: Segment, passed: Sequence[str], done: Switched | Underway) -> str:
    version = segment.live_version
    said = f"version {version.number} put in force" if version else "put in force"
    if isinstance(done, Underway):
        said = "a rule put in preparation"
    return f"{said}, although: {', '.join(passed)}" if passed else said


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The sentence with what changes in it; empty where the two have too little in common."""
    pieces = changed_words(before, after)
    return pieces if len(pieces) > 1 else ()


def _figures(found: Difference) -> dict[str, Any]:
    about = "≈ " if found.is_estimate else ""
    return {
        "came": _moved("+", found.came, is_estimate=found.is_estimate),
        "left": _moved("−", found.left, is_estimate=found.is_estimate),  # noqa: RUF001 - the sign, not the hyphen
        "before": about + count_in_words(found.before),
        "after": about + count_in_words(found.after),
        "share": percent_in_words(100 * found.after / found.people) if found.people else "",
        "people": count_in_words(found.people),
        "asked": count_in_words(found.asked) if found.is_estimate else "",
    }


def _moved(sign: str, movement: Movement, *, is_estimate: bool) -> str:
    """“+120”, or “≈ +1,200 ± 80”; nobody has no sign."""
    words = f"{sign if movement.people else ''}{count_in_words(movement.people)}"
    return f"≈ {words} ± {count_in_words(movement.margin)}" if is_estimate else words


def _following(found: Difference, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "pk": each.segment_id,
            "name": names.get(each.slug, each.slug),
            "came": _moved("+", each.came, is_estimate=found.is_estimate),
            "left": _moved("−", each.left, is_estimate=found.is_estimate),  # noqa: RUF001
        }
        for each in found.followers
    ]
