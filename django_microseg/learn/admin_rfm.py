"""The RFM grid in the admin: a heatmap of who did something how recently and how often, its groups, and who moved.

The answer comes first, as a sentence. Each cell and each group leads to the form of a new segment with its rule filled
in. What each letter counts and between which two days people moved, whoever looks may choose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from django_microseg.collect.admin_pages import ObjectPages, ReadOnly
from django_microseg.collect.in_words import count_in_words, money_in_words

from .admin_rfm_words import EVENT_WORDS, GROUP_WORDS, TREATMENTS, VALUE_WORDS, percent_in_words
from .rfm.grid import FEWEST, Figures
from .rfm.letters import Letters, read_letters
from .rfm.picture import Look, Picture, look_at, today
from .rfm.scores import BEST, group_of

__all__ = ["RfmAdmin"]

_PERIOD = dt.timedelta(days=30)
_MOST_MOVES = 10
_SHADES = 5


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell in words. ``shade`` from 0 to 5 by its part of all people; ``url`` leads to a segment of them."""

    people: str
    value: str
    m: str
    name: str
    shade: int
    url: str
    spoken: str


@dataclass(frozen=True, slots=True)
class GroupView:
    name: str
    people: str
    share: str
    value: str
    m: str
    treatment: str
    segment_url: str


class RfmAdmin(ReadOnly, ObjectPages):
    """One page instead of a list. ``view_rfmgrid`` shows it."""

    class Media:
        css = {"all": ["django_microseg/admin.css", "django_microseg/rfm.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked, now = request.GET, timezone.now()
        letters = read_letters(asked.get("r", ""), asked.get("f", ""), asked.get("m", ""))
        first, last = _days(asked.get("from", ""), asked.get("to", ""), today(now))
        look = look_at(letters, first, last, now=now, is_anew="anew" in asked)
        picture, url_of = look.picture, self._urls(request, letters)
        return self.render(
            request, "rfm.html", None, _("RFM grid"),
            choices=_choices(letters), first=first, last=last, newest=today(now),
            sentence=_sentence(picture), is_enough=picture.is_enough, fewest=FEWEST,
            people=count_in_words(picture.people), rows=_rows(picture, url_of), columns=range(1, BEST + 1),
            value_words=VALUE_WORDS[letters.m],
            groups=[_group(figures, url_of(figures.place.slug, picture)) for figures in picture.groups
                    if figures.people],
            moves=_moves(look), are_moves_known=look.is_known, worked_out=_ago(look.worked_out_at, now),
            anew_url=f"?{urlencode(_address(letters, first, last) | {'anew': 'yes'})}",
        )  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A single person stands on the page of people."""
        return self.changelist_view(request)

    def _urls(self, request: HttpRequest, letters: Letters) -> Any:
        """From a cell or group to the form of a segment of it; nowhere for whoever may not add one."""
        may_add = request.user.has_perm(f"{self.opts.app_label}.add_segment")
        form = reverse(f"{self.admin_site.name}:{self.opts.app_label}_segment_add")

        def url_of(place: str, picture: Picture) -> str:
            rule = picture.rules.get(place, "")
            return f"{form}?{urlencode(_draft(place, rule, letters))}" if may_add and rule else ""

        return url_of


def _draft(place: str, rule: str, letters: Letters) -> dict[str, str]:
    """What the form of a new segment begins with."""
    word = letters.r if letters.r == letters.f else f"{letters.r}-{letters.f}"
    name, description = str(GROUP_WORDS.get(place, "")), str(TREATMENTS.get(place, ""))
    if not name:
        r, f = int(place[1]), int(place[-1])
        slug = group_of(r, f).slug
        figures = {"name": GROUP_WORDS[slug], "r": r, "f": f}
        name, description = _("%(name)s, recent %(r)s, often %(f)s") % figures, str(TREATMENTS[slug])
    words = str(EVENT_WORDS[letters.r])
    if letters.r != letters.f:
        words = _("%(r)s, how often: %(f)s") % {"r": words, "f": EVENT_WORDS[letters.f]}
    return {
        "name": f"{name} ({words})",
        "slug": f"rfm-{word}-{place}",
        "rule_text": rule,
        "description": description,
    }


def _choices(letters: Letters) -> list[tuple[str, str, str, list[tuple[str, object]]]]:
    """For each letter: its name in the address, what it asks, what is chosen, what may be."""
    events: list[tuple[str, object]] = list(EVENT_WORDS.items())
    return [
        ("r", _("How recently"), letters.r, events),
        ("f", _("How often"), letters.f, events),
        ("m", _("How much"), letters.m, list(VALUE_WORDS.items())),
    ]


def _days(first: str, last: str, newest: dt.date) -> tuple[dt.date, dt.date]:
    """The two days; nonsense is today and 30 days before."""
    until = min(_day(last) or newest, newest)
    since = _day(first)
    return (since if since is not None and since < until else until - _PERIOD), until


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > 1970 else None


def _address(letters: Letters, first: dt.date, last: dt.date) -> dict[str, str]:
    return {"r": letters.r, "f": letters.f, "m": letters.m, "from": f"{first}", "to": f"{last}"}


def _sentence(picture: Picture) -> str:
    """Who matters most, in one line."""
    by_slug: Mapping[str, Figures] = {figures.place.slug: figures for figures in picture.groups}
    best, risk = by_slug["champions"], by_slug["at-risk"].people + by_slug["cannot-lose"].people
    text = _(
        "%(share)s are champions, worth %(value)s each on average; %(risk)s who used to come often are drifting away."
    )
    return text % {
        "share": percent_in_words(best.share),
        "value": money_in_words(best.value_minor),
        "risk": count_in_words(risk),
    }


def _rows(picture: Picture, url_of: Any) -> list[tuple[int, list[CellView]]]:
    most = max((cell.people for cell in picture.cells), default=0)
    rows: dict[int, list[CellView]] = {}
    for cell in picture.cells:
        rows.setdefault(cell.place.r[0], []).append(_cell(cell, most, url_of(cell.place.slug, picture)))
    return list(rows.items())


def _cell(cell: Figures, most: int, url: str) -> CellView:
    r, f = cell.place.r[0], cell.place.f[0]
    shade = -(-_SHADES * cell.people // most) if most else 0
    value = money_in_words(cell.value_minor) if cell.people else ""
    people = count_in_words(cell.people)
    spoken = _("Make a segment of the %(people)s people in recent %(r)s, often %(f)s")
    name = str(GROUP_WORDS[group_of(r, f).slug])
    return CellView(people, value, _m(cell), name, shade, url, spoken % {"people": people, "r": r, "f": f})


def _group(figures: Figures, url: str) -> GroupView:
    slug = figures.place.slug
    return GroupView(
        str(GROUP_WORDS[slug]), count_in_words(figures.people), percent_in_words(figures.share),
        money_in_words(figures.value_minor), _m(figures), str(TREATMENTS[slug]), url,
    )  # fmt: skip


def _m(figures: Figures) -> str:
    """The mean score of their value."""
    return "" if figures.m is None else number_format(round(figures.m, 1), 1)


def _moves(look: Look) -> list[tuple[str, str, str]]:
    """The most frequent ones, the rest in one row."""
    shown = [
        (str(GROUP_WORDS[old]) if old else _("(nobody yet)"), str(GROUP_WORDS[new]), count_in_words(number))
        for old, new, number in look.moves[:_MOST_MOVES]
    ]
    rest = sum(number for *_groups, number in look.moves[_MOST_MOVES:])
    return [*shown, (_("all other groups"), _("all other groups"), count_in_words(rest))] if rest else shown


def _ago(moment: dt.datetime, now: dt.datetime) -> str:
    is_new = now - moment < dt.timedelta(minutes=1)
    return _("just now") if is_new else _("%s ago") % timesince(moment, now, depth=1)
