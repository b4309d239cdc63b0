"""Data health in the admin: what comes in and what does not, why, how late, and what the catalogue does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from django_microseg.collect.admin_pages import ObjectPages, ReadOnly
from django_microseg.collect.events import catalogue
from django_microseg.segment.admin_spark import spark
from django_microseg.segment.admin_words import count_in_words, percent_in_words, span_in_words

from .health import Consents, EventHealth, Health, health_of

__all__ = ["DataHealthAdmin"]

PERIODS = (7, 30)


@dataclass(frozen=True, slots=True)
class Row:
    """An event as its row says it."""

    name: str
    summary: str
    stored: str
    refused: str
    repeated: str
    late: str
    lag: str
    trend: SafeString
    sources: str


class DataHealthAdmin(ReadOnly, ObjectPages):
    """One page instead of a list. ``view_intakecount`` shows it."""

    class Media:
        css = {"all": ["django_microseg/admin.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        days = request.GET.get("days", "")
        health = health_of(days=int(days) if days in map(str, PERIODS) else PERIODS[0], now=timezone.now())
        quarantine = f"{self.opts.app_label}_quarantinedevent_changelist"
        may_see = request.user.has_perm(f"{self.opts.app_label}.view_quarantinedevent")
        return self.render(
            request, "health.html", None, _("Data health"),
            days=health.days, periods=PERIODS, sentences=_sentences(health),
            rows=[_row(each) for each in health.events],
            reasons=[(each.reason, count_in_words(each.number), each.detail) for each in health.reasons],
            quarantine_url=reverse(f"{self.admin_site.name}:{quarantine}") if may_see else "",
            consents=_consents(health.consents), unknown=health.unknown,
            is_empty=not health.total.received,
        )  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A single count says nothing."""
        return self.changelist_view(request)


def _row(event: EventHealth) -> Row:
    figures = event.figures
    known = catalogue().event_type(event.name)
    return Row(
        event.name or _("(none that is known)"),
        known.summary if known else "",
        count_in_words(figures.stored),
        _of_all(figures.refused, event.received),
        _of_all(figures.repeated, event.received),
        _of_all(figures.late, figures.stored),
        _lag(event),
        _trend(event.by_day),
        ", ".join(event.sources),
    )


def _sentences(health: Health) -> list[str]:
    """What comes first: the answer."""
    total, figures = health.total, health.total.figures
    said = []
    if total.received:
        parts = {
            "received": count_in_words(total.received),
            "stored": percent_in_words(100 * figures.stored / total.received),
            "refused": percent_in_words(100 * figures.refused / total.received),
            "repeated": percent_in_words(100 * figures.repeated / total.received),
        }
        text = _(
            "%(received)s events came in: %(stored)s were stored, %(refused)s refused, "
            "%(repeated)s had been sent before."
        )
        said.append(text % parts)
    if figures.stored:
        late = percent_in_words(100 * figures.late / figures.stored)
        text = _("They arrived %(lag)s after they happened on average; %(late)s later than an hour.")
        said.append(text % {"lag": _lag(total), "late": late})
    if figures.machines:
        text = ngettext(
            "A machine was shown %s page.", "Machines were shown %s pages; none of them counts.", figures.machines
        )
        said.append(text % count_in_words(figures.machines))
    return said


def _consents(consents: Consents) -> list[str]:
    said = [_("%s visitors said yes.") % count_in_words(consents.given)]
    if consents.given:
        shares = ", ".join(
            _("%(purpose)s %(share)s") % {"purpose": purpose, "share": percent_in_words(100 * number / consents.given)}
            for purpose, number in consents.by_purpose.items()
        )
        said.append(_("By purpose: %s.") % shares)
    said.append(_("%s took it back.") % count_in_words(consents.withdrawn))
    return said


def _of_all(number: int, whole: int) -> str:
    return f"{count_in_words(number)} ({percent_in_words(100 * number / whole)})" if number and whole else ""


def _trend(by_day: tuple[int, ...]) -> SafeString:
    said = {"low": count_in_words(min(by_day)), "high": count_in_words(max(by_day))}
    return spark(by_day, _("stored by day: lowest %(low)s, highest %(high)s") % said)


def _lag(event: EventHealth) -> str:
    return "" if event.lag_seconds is None else span_in_words(event.lag_seconds)
