"""The parts of the overview in words and coordinates. A figure has its share and period; what is unknown is no zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...segment.admin_list import trend
from ...segment.admin_run_words import KIND_WORDS
from ...segment.admin_words import ago, count_in_words, percent_in_words, rate_in_words
from ...segment.heartbeat import BEAT, CONSUMER, PURGE, SWEEP, WORKER
from ...segment.models import RefreshRun
from ...segment.sizes.chart import Span, lines_of
from ...segment.sizes.growth import Growth
from .groups import Group
from .intake import Intake
from .people import People
from .signs import Sign
from .situation import Situation
from .work import RunRow

__all__ = [
    "intake_view",
    "largest",
    "moves",
    "people_views",
    "run_view",
    "segment_view",
    "sign_view",
    "waiting_views",
]

_MOST_SEGMENTS, _MOST_MOVES = 10, 5
_WIDTH, _HEIGHT = 600, 80
_SIGN_WORDS = {
    SWEEP: gettext_lazy("Sweep"),
    BEAT: gettext_lazy("Celery's beat"),
    WORKER: gettext_lazy("Celery's workers"),
    CONSUMER: gettext_lazy("Consumer of waiting events"),
    PURGE: gettext_lazy("Daily clean-up"),
}


@dataclass(frozen=True, slots=True)
class SignView:
    """``state`` is “done” (at work), “failed” (silent) or “draft” (not in use), as styles know them."""

    name: str
    state: str
    words: str
    seen: str


@dataclass(frozen=True, slots=True)
class IntakeView:
    """``points`` is the line of the chart; ``rows`` the figures beneath, ten minutes each, the newest first."""

    title: str
    is_empty: bool
    points: tuple[str, ...]
    width: int
    height: int
    top: str
    first: str
    last: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SegmentView:
    name: str
    url: str
    size: str
    share: str
    trend: SafeString
    joined: str
    left: str


@dataclass(frozen=True, slots=True)
class RunView:
    began: str
    url: str
    what: str
    state: str
    state_words: str
    people: str
    rate: str
    error: str
    retry_url: str


def sign_view(sign: Sign, now: dt.datetime) -> SignView:
    state, words = ("failed", _("silent")) if sign.is_silent else ("done", _("at work"))
    if not sign.is_expected:
        state, words = "draft", _("not in use")
    return SignView(
        str(_SIGN_WORDS[sign.name]), state, words, ago(sign.seen_at, now) if sign.seen_at else _("never seen")
    )


def intake_view(intake: Intake) -> IntakeView:
    """The last hour; the title is the answer."""
    figures = [number for _, number in intake.minutes]
    title = _("Nothing came in within the last hour")
    if intake.stored:
        text = ngettext(
            "%(number)s event within the last hour: %(mean)s a minute, %(most)s in the busiest",
            "%(number)s events within the last hour: %(mean)s a minute, %(most)s in the busiest",
            intake.stored,
        )
        mean = rate_in_words(intake.stored / len(figures))
        title = text % {
            "number": count_in_words(intake.stored), "mean": mean, "most": count_in_words(intake.most),
        }  # fmt: skip
    lines = lines_of(figures, width=_WIDTH, height=_HEIGHT, span=Span(0, max(intake.most, 1)))
    return IntakeView(
        title, not intake.stored, tuple(line.points for line in lines), _WIDTH, _HEIGHT, count_in_words(intake.most),
        _clock(intake.minutes[0][0]), _clock(intake.minutes[-1][0]), _tens(intake),
    )  # fmt: skip


def people_views(people: People) -> list[tuple[str, str, str]]:
    """Word, number and share."""
    rows = [(_("customers"), people.identified), (_("visitors without a name"), people.anonymous)]
    return [
        (words, count_in_words(number), percent_in_words(100 * number / people.everybody) if people.everybody else "")
        for words, number in rows
    ]


def waiting_views(situation: Situation) -> list[tuple[str, str, str]]:
    """What is behind: what, how much, and a word on it. What the shop does not have is not listed."""
    people, line = situation.people, situation.line
    since = _("the first since %s") % ago(people.oldest, situation.now) if people.oldest else ""
    rows = [
        (_("people who did something nobody has looked at yet"), count_in_words(people.dirty), since),
        (_("people whose time has come"), count_in_words(people.due), ""),
    ]
    if situation.undelivered is not None:
        rows.append((_("entries and exits not told to who listens"), count_in_words(situation.undelivered), ""))
    if line is not None:
        number = _("unknown") if line.error else count_in_words(line.number)
        rows.append((_("events waiting in the stream"), number, line.error))
    return rows


def largest(groups: Sequence[Group]) -> list[Group]:
    """Those in force, the largest first; some were never counted, and come last."""
    return [group for group in groups if group.is_active][:_MOST_SEGMENTS]


def segment_view(group: Group, people: People, growth: Growth, url: str) -> SegmentView:
    is_known = group.size is not None
    share = percent_in_words(100 * (group.size or 0) / people.everybody) if is_known and people.everybody else ""
    return SegmentView(
        group.name,
        url,
        count_in_words(group.size or 0) if is_known else _("not counted yet"),
        share,
        trend(growth),
        count_in_words(group.week.joined) if group.week.is_known else "",
        count_in_words(group.week.left) if group.week.is_known else "",
    )


def moves(groups: Sequence[Group]) -> list[tuple[str, list[tuple[Group, str]]]]:
    """The segments that most people joined and left within the week; nothing where nobody moved."""
    active = [group for group in groups if group.is_active]
    joined = sorted((each for each in active if each.week.joined), key=lambda each: -each.week.joined)
    left = sorted((each for each in active if each.week.left), key=lambda each: -each.week.left)
    rows = [
        (_("Most joined"), [(each, count_in_words(each.week.joined)) for each in joined[:_MOST_MOVES]]),
        (_("Most left"), [(each, count_in_words(each.week.left)) for each in left[:_MOST_MOVES]]),
    ]
    return [(title, found) for title, found in rows if found]


def run_view(run: RunRow, now: dt.datetime, url: str, retry_url: str) -> RunView:
    state, words = run.state, str(RefreshRun.State(run.state).label)
    if run.stuck_since is not None:
        state, words = "failed", _("stands still since %s") % f"{timezone.localtime(run.stuck_since):%H:%M}"
    return RunView(
        ago(run.started_at, now),
        url,
        str(KIND_WORDS.get(run.kind, run.kind)),
        state,
        words,
        count_in_words(run.people),
        "" if run.rate is None else rate_in_words(run.rate),
        run.error.strip().partition("\n")[0],
        retry_url,
    )


def _tens(intake: Intake) -> tuple[tuple[str, str, str], ...]:
    """Figures by ten minutes."""
    rows = []
    for at in range(0, len(intake.minutes), 10):
        some = intake.minutes[at : at + 10]
        number = sum(stored for _, stored in some)
        period = f"{_clock(some[0][0])}–{_clock(some[-1][0] + dt.timedelta(minutes=1))}"  # noqa: RUF001 - a range
        rows.append((period, count_in_words(number), rate_in_words(number / len(some))))
    return tuple(reversed(rows))


def _clock(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
