"""Saving a segment in the admin: its own fields at once, a changed rule as a draft, which leads to what it would do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .admin_difference import outcome_in_words
from .admin_form import SegmentForm
from .admin_frozen import FreezePages
from .launch import Outcome, Shown, Switched, Underway, put_all_in_force
from .models import Segment
from .particulars import PARTICULARS
from .publish import pause, save_definition
from .uses import InUse, in_use
from .versions import candidate_of

__all__ = ["SavingPages"]

State = Segment.State


class SavingPages(FreezePages):
    """Adds what happens when the form is saved, and the actions of the list."""

    actions = ["activate_chosen", "pause_chosen"]

    def save_model(self, request: HttpRequest, obj: Segment, form: SegmentForm, change: bool) -> None:  # noqa: FBT001
        """A rule never goes live by being saved: `response_change` leads to what it would change."""
        wanted, before = form.cleaned_data["state"], form.initial.get("state", State.DRAFT)
        obj.state = before if change else State.DRAFT
        obj.save(update_fields=PARTICULARS if change else None)
        if form.is_rule_changed:
            save_definition(
                obj, form.rule, now=timezone.now(), author=request.user.get_username(), note=form.cleaned_data["note"]
            )
        if wanted == State.ACTIVE:
            obj.__dict__["is_to_decide"] = form.is_rule_changed or obj.state != State.ACTIVE
        elif wanted != obj.state:
            self._take_out(request, obj, wanted)

    def _take_out(self, request: HttpRequest, segment: Segment, state: str = State.PAUSED) -> None:
        """Out of force; whoever pauses what something goes by is told."""
        now = timezone.now()
        uses = in_use(segment, now=now) if segment.state == State.ACTIVE else ()
        try:
            pause(segment, now=now, state=state)
        except InUse as error:  # somebody has begun to use it since the form was checked
            messages.error(request, str(error))
            return
        if uses:
            names = get_text_list([f"{each.kind} “{each.name}”" for each in uses], _("and"))
            text = _("“%(segment)s” has no members now, and this goes by it: %(names)s.")
            messages.warning(request, text % {"segment": segment, "names": names})

    def response_add(self, request: HttpRequest, obj: Segment, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_decide(obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Segment) -> HttpResponse:
        return self._to_decide(obj) or super().response_change(request, obj)

    def _to_decide(self, segment: Segment) -> HttpResponse | None:
        """To the page of differences, if the form asked for something that is decided there."""
        if not segment.__dict__.get("is_to_decide"):
            return None
        return HttpResponseRedirect(self.object_url("difference", segment.pk))

    # -- actions

    @admin.action(description=gettext_lazy("Activate the chosen segments"), permissions=["change"])
    def activate_chosen(self, request: HttpRequest, queryset: QuerySet[Segment]) -> HttpResponse | None:
        """One leads to what would change; of several, each goes live that nothing speaks against."""
        waiting = self._own(request, queryset.exclude(state=State.ACTIVE).exclude(versions=None).distinct())
        if len(waiting) == 1:
            return HttpResponseRedirect(self.object_url("difference", waiting[0].pk))
        outcomes = put_all_in_force({segment: _shown(segment) for segment in waiting}, now=timezone.now())
        done = sum(self._say_outcome(request, segment, outcomes[segment]) for segment in waiting)
        if done or not waiting:  # of each other one it was said why
            self._report(request, done, lambda n: ngettext("%s segment activated.", "%s segments activated.", n))
        return None

    def _own(self, request: HttpRequest, rows: QuerySet[Segment]) -> list[Segment]:
        """Without those that belong to a file, which are named."""
        found = list(rows)
        others = [segment for segment in found if segment.managed_by]
        if others:
            names = get_text_list([f"“{segment}”" for segment in others], _("and"))
            messages.warning(request, _("Left as it is, because it belongs to a file: %s. Change it there.") % names)
        return [segment for segment in found if not segment.managed_by]

    def _say_outcome(self, request: HttpRequest, segment: Segment, outcome: Outcome) -> bool:
        if not isinstance(outcome, Switched | Underway):
            messages.warning(request, f"{segment}: {outcome}")
            return False
        self.log_change(request, segment, outcome_in_words(outcome))
        if isinstance(outcome, Underway):
            messages.info(request, f"{segment}: {outcome_in_words(outcome)}")
        return isinstance(outcome, Switched)

    @admin.action(description=gettext_lazy("Pause the chosen segments"), permissions=["change"])
    def pause_chosen(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        active = self._own(request, queryset.filter(state=State.ACTIVE))
        for segment in active:
            self._take_out(request, segment)
        self._report(request, len(active), lambda n: ngettext("%s segment paused.", "%s segments paused.", n))

    def _report(self, request: HttpRequest, count: int, words: Callable[[int], str]) -> None:
        messages.success(request, words(count) % count)


def _shown(segment: Segment) -> Shown:
    version = candidate_of(segment)
    return Shown(version.pk if version else None, segment.live_version_id)
