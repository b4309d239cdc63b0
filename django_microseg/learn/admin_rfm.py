"""The RFM grid in the admin: a heatmap of who bought how recently and how often, its groups, and who moved.

The answer comes first, as a sentence. A group's link opens the form of a new segment with its rule filled in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_microseg.collect.admin_pages import ObjectPages, ReadOnly
from django_microseg.collect.in_words import count_in_words, money_in_words

from .rfm.grid import EVENTS, FEWEST, Cell, Grid, GroupFigures, grid_of, moves_between, rule_of
from .rfm.scores import BEST, group_of

__all__ = ["RfmAdmin"]

_PERIOD = dt.timedelta(days=30)
_MOST_MOVES = 10
_SHADES = 5

_EVENT_WORDS = {
    "orders": gettext_lazy("orders"),
    "visits": gettext_lazy("visits"),
    "app": gettext_lazy("openings of the app"),
}
_NAMES = {
    "champions": gettext_lazy("Champions"),
    "loyal": gettext_lazy("Loyal"),
    "potential-loyalists": gettext_lazy("Potential loyalists"),
    "new": gettext_lazy("New"),
    "promising": gettext_lazy("Promising"),
    "need-attention": gettext_lazy("Need attention"),
    "about-to-sleep": gettext_lazy("About to sleep"),
    "cannot-lose": gettext_lazy("Cannot lose"),
    "at-risk": gettext_lazy("At risk"),
    "hibernating": gettext_lazy("Hibernating"),
}
_TREATMENTS = {
    "champions": gettext_lazy("News first, early access, no discounts: they buy anyway."),
    "loyal": gettext_lazy("What goes with their last purchase; the loyalty programme."),
    "potential-loyalists": gettext_lazy("A reason for the next order: the programme, a bundle."),
    "new": gettext_lazy("Explain what is good about the shop, and help with the first purchase."),
    "promising": gettext_lazy("Remind them of what they looked at."),
    "need-attention": gettext_lazy("An offer with an end, of what they bought before."),
    "about-to-sleep": gettext_lazy("Bestsellers of their category; ask what they look for."),
    "cannot-lose": gettext_lazy("Ask them personally; a generous offer once."),
    "at-risk": gettext_lazy("Bring them back: what is new since their last visit."),
    "hibernating": gettext_lazy("Rarely and cheaply, or not at all."),
}


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell in words. ``shade`` from 0 to 5 by its part of all people."""

    people: str
    value: str
    name: str
    shade: int


@dataclass(frozen=True, slots=True)
class GroupView:
    name: str
    people: str
    share: str
    value: str
    treatment: str
    segment_url: str


class RfmAdmin(ReadOnly, ObjectPages):
    """One page instead of a list. ``view_rfmgrid`` shows it."""

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        event = request.GET.get("event", "")
        event = event if event in EVENTS else "orders"
        now = timezone.now()
        grid, before = grid_of(event, now), grid_of(event, now - _PERIOD)
        may_add = request.user.has_perm(f"{self.opts.app_label}.add_segment")
        return self.render(
            request, "rfm.html", None, _("RFM grid"),
            event=event, events=[(name, _EVENT_WORDS[name]) for name in EVENTS],
            sentence=_sentence(grid), is_enough=grid.is_enough, fewest=FEWEST,
            people=count_in_words(len(grid.persons)), rows=_rows(grid), columns=range(1, BEST + 1),
            groups=[self._group(figures, grid, may_add=may_add) for figures in grid.groups if figures.people],
            moves=_moves(before, grid) if before.is_enough else [],
        )  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A single person stands on the page of people."""
        return self.changelist_view(request)

    def _group(self, figures: GroupFigures, grid: Grid, *, may_add: bool) -> GroupView:
        slug = figures.group.slug
        rule, url = rule_of(figures, grid), ""
        if may_add and rule:
            prefilled = {
                "name": f"{_NAMES[slug]} ({_EVENT_WORDS[grid.event]})",
                "slug": f"rfm-{grid.event}-{slug}",
                "rule_text": rule,
                "description": str(_TREATMENTS[slug]),
            }
            url = f"{reverse(f'{self.admin_site.name}:{self.opts.app_label}_segment_add')}?{urlencode(prefilled)}"
        return GroupView(
            str(_NAMES[slug]), count_in_words(figures.people), _percent(figures.share),
            money_in_words(figures.value_minor), str(_TREATMENTS[slug]), url,
        )  # fmt: skip


def _sentence(grid: Grid) -> str:
    """Who matters most, in one line."""
    by_slug = {figures.group.slug: figures for figures in grid.groups}
    best, risk = by_slug["champions"], by_slug["at-risk"].people + by_slug["cannot-lose"].people
    text = _(
        "%(share)s are champions and spent %(value)s on average; %(risk)s who used to come often are drifting away."
    )
    return text % {
        "share": _percent(best.share),
        "value": money_in_words(best.value_minor),
        "risk": count_in_words(risk),
    }


def _rows(grid: Grid) -> list[tuple[int, list[CellView]]]:
    most = max((cell.people for cell in grid.cells.values()), default=0)
    return [
        (r, [_view(grid.cells[r, f], most) for f in range(1, BEST + 1)]) for r in range(BEST, 0, -1)
    ]  # fmt: skip


def _view(cell: Cell, most: int) -> CellView:
    shade = -(-_SHADES * cell.people // most) if most else 0
    value = money_in_words(cell.value_minor) if cell.people else ""
    return CellView(count_in_words(cell.people), value, str(_NAMES[group_of(cell.r, cell.f).slug]), shade)


def _moves(before: Grid, after: Grid) -> list[tuple[str, str, str]]:
    rows = moves_between(before, after)[:_MOST_MOVES]
    return [
        (str(_NAMES[old]) if old else _("(nobody yet)"), str(_NAMES[new]), count_in_words(number))
        for old, new, number in rows
    ]


def _percent(share: float) -> str:
    digits = 0 if share >= 0.1 or share == 0 else 1
    return _("%s %%") % number_format(round(100 * share, digits), digits)
