"""What the page of a person shows beside their segments: their R, F and M scores, and the group that these make.

Derived here because segments and what is learned know nothing of each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from django_microseg.collect.in_words import count_in_words, money_in_words
from django_microseg.learn.admin_rfm_words import GROUP_WORDS, TREATMENTS
from django_microseg.learn.rfm.letters import Letters
from django_microseg.learn.rfm.picture import Standing, standing_of
from django_microseg.learn.rfm.scores import BEST
from django_microseg.profile.models import Profile
from django_microseg.segment.admin_profile import ProfileWithSegmentsAdmin
from django_microseg.segment.admin_words import ago

__all__ = ["ProfileWithScoresAdmin"]


@dataclass(frozen=True, slots=True)
class ScoresView:
    """The group, what fits it, and of each letter: what it is, the score, the figure behind it."""

    group: str
    treatment: str
    rows: tuple[tuple[str, int, str], ...]
    best: int
    worked_out: str
    grid_url: str


class ProfileWithScoresAdmin(ProfileWithSegmentsAdmin):
    """People, with where they stand among all who bought."""

    def panels(self, request: HttpRequest, profile: Profile) -> dict[str, Any]:
        now = timezone.now()
        standing = standing_of(profile.pk, Letters(), now=now) if profile.merged_into_id is None else None
        return {
            **super().panels(request, profile),
            "scores": _view(standing, self._grid_url(request), now) if standing else None,
        }

    def _grid_url(self, request: HttpRequest) -> str:
        """Empty for who may not see the grid."""
        app = self.opts.app_label
        may = request.user.has_perm(f"{app}.view_rfmgrid")
        return reverse(f"{self.admin_site.name}:{app}_rfmgrid_changelist") if may else ""


def _view(standing: Standing, grid_url: str, now: dt.datetime) -> ScoresView:
    scores, person, slug = standing.scores, standing.person, standing.group.slug
    last = ago(now - dt.timedelta(milliseconds=person.age), now)
    orders = ngettext("%s order", "%s orders", person.count) % count_in_words(person.count)
    return ScoresView(
        str(GROUP_WORDS[slug]),
        str(TREATMENTS[slug]),
        (
            (
                _("R: how recently"),
                scores.r,
                _("last order %s") % last,
            ),
            (_("F: how often"), scores.f, orders),
            (_("M: how much"), scores.m, _("%s spent") % money_in_words(person.value)),
        ),
        BEST,
        ago(standing.as_of, now),
        grid_url,
    )
