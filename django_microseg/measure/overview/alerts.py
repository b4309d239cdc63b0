"""What needs somebody, and why: a list of alerts with what to do about each, out of the situation. Asks nobody.

An alert has a ``key``, which stays, and a ``state``, which changes when the matter does: one that was put aside
comes back then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...segment.admin_words import count_in_words, percent_in_words
from ...segment.heartbeat import BEAT, CONSUMER, PURGE, SWEEP, WORKER
from ...segment.runs import FULL
from .groups import DAYS, Group
from .intake import Intake
from .situation import Situation
from .work import RunRow

__all__ = ["Alert", "Way", "alerts_of"]

_WAITS_LONG = dt.timedelta(minutes=15)
#: Of fewer refusals, or so small a share, nobody needs to hear; else a share that has doubled.
_FEWEST_REFUSED, _LEAST_SHARE, _RISEN = 20, 0.01, 2.0
#: A week's move of a segment is told from this part of itself on, and of so many people.
_MOVED, _FEWEST_MEMBERS, _MOST_MOVES = 0.5, 20, 3
#: So many events an hour are usual before silence for an hour says something.
_BUSY = 60


@dataclass(frozen=True, slots=True)
class Way:
    """Where it can be mended: a page of the admin, what its link says, and who may go there."""

    page: str
    words: str
    permission: str
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """``title`` says what happened, ``advice`` why, or what to do."""

    key: str
    state: str
    title: str
    advice: str
    way: Way | None = None


def alerts_of(situation: Situation) -> list[Alert]:
    """What stops the shop first, then what it lives on, then what moved."""
    return [
        *_stopped(situation),
        *_silent(situation),
        *_runs(situation),
        *_waiting(situation),
        *_intake(situation.intake, situation.now),
        *_experiences(situation),
        *_left_over(situation),
        *_moves(situation),
    ]


def _stopped(situation: Situation) -> Iterator[Alert]:
    stop = situation.stop
    if stop is not None:
        advice = _("Every visitor sees the shop's defaults. Stopped by %(who)s. %(why)s") % {
            "who": stop.by or _("somebody"), "why": stop.note,
        }  # fmt: skip
        way = Way("experience_switch", _("Start it again"), "stop_personalisation")
        yield Alert("stopped", str(stop.at), _("Personalisation is stopped."), advice.strip(), way)


def _silent(situation: Situation) -> Iterator[Alert]:
    for sign in situation.signs:
        if sign.is_silent:
            title, advice = _SILENCES[sign.name]()
            since = _("never") if sign.seen_at is None else _time(sign.seen_at)
            way = Way("refreshrun_start", _("Refresh now"), "add_refreshrun") if sign.name == SWEEP else None
            last = _("Last sign of life: %s.") % since
            yield Alert(f"silent:{sign.name}", str(sign.seen_at), title, f"{last} {advice}", way)


_SILENCES = {
    SWEEP: lambda: (
        _("Nobody sweeps, so nobody leaves a segment when their time has come."),
        _("Run “manage.py microseg_sweep” each minute, or with --loop, or start Celery's worker and beat."),
    ),
    BEAT: lambda: (_("Celery's beat is silent."), _("Start it: celery -A yourproject beat.")),
    WORKER: lambda: (_("Celery's workers are silent."), _("Start one: celery -A yourproject worker.")),
    CONSUMER: lambda: (
        _("Nobody stores the events that wait in the stream."),
        _("Run “manage.py microseg_consume --loop” as a service."),
    ),
    PURGE: lambda: (
        _("What has been kept long enough is no longer removed."),
        _("The sweep does it once a day: look at what it says when it is run by hand."),
    ),
}


def _runs(situation: Situation) -> Iterator[Alert]:
    for run in situation.runs:
        if run.is_last and run.is_failed:
            title = _("The last full refresh failed.") if run.kind == FULL else _("The last run of the sweep failed.")
            yield Alert(f"failed:{run.kind}", str(run.pk), title, _first_line(run), _run_page(run))
        elif run.stuck_since is not None:
            advice = _("No step since %s. The next sweep takes it up again; so does its page while it is open.")
            yield Alert(
                f"stuck:{run.kind}", f"{run.pk} {run.stuck_since}", _("A run has come to a standstill."),
                advice % _time(run.stuck_since), _run_page(run),
            )  # fmt: skip


def _run_page(run: RunRow) -> Way:
    return Way("refreshrun_change", _("Look at the run"), "view_refreshrun", run.pk)


def _first_line(run: RunRow) -> str:
    line = run.error.strip().partition("\n")[0]
    return _("Reason: %s. Mend the cause; then it can go on where it stopped.") % line.rstrip(".")


def _waiting(situation: Situation) -> Iterator[Alert]:
    people, now = situation.people, situation.now
    if people.oldest is not None and people.oldest <= now - _WAITS_LONG:
        number = people.dirty + people.due
        title = ngettext(
            "%s person waits for an answer.", "%s people wait for an answer.", number
        ) % count_in_words(number)  # fmt: skip
        advice = _("The first of them since %s. Run the sweep more often, or more workers.") % _time(people.oldest)
        way = Way("refreshrun_changelist", _("Look at the runs"), "view_refreshrun")
        yield Alert("behind", str(people.oldest), title, advice, way)
    if situation.undelivered:
        title = _("%s entries and exits have not been told to whoever listens.")
        advice = _("The sweep delivers them. If they stay, a receiver fails: the log says which.")
        number = situation.undelivered
        yield Alert("outbox", str(len(str(number))), title % count_in_words(number), advice)
    yield from _line(situation)


def _line(situation: Situation) -> Iterator[Alert]:
    line = situation.line
    if line is None:
        return
    if line.error:
        advice = _("%s. Events are stored at once meanwhile, as far as the database keeps up.") % line.error
        yield Alert("line", "error", _("The server of the event stream does not answer."), advice)
    elif line.since is not None and line.since <= situation.now - _WAITS_LONG:
        title = ngettext("%s event waits to be stored.", "%s events wait to be stored.", line.number)
        advice = _("The first since %s. Run “manage.py microseg_consume --loop”, or more of them.") % _time(line.since)
        yield Alert("line", str(line.since), title % count_in_words(line.number), advice)


def _intake(intake: Intake, now: dt.datetime) -> Iterator[Alert]:
    new, old = intake.lately.share, intake.usual.share
    has_risen = new is not None and new >= max(_LEAST_SHARE, _RISEN * (old or 0.0))
    if new is not None and has_risen and intake.lately.refused >= _FEWEST_REFUSED:
        before = _("%s in the week before") % percent_in_words(100 * old) if old is not None else _("nothing before")
        title = _("More events are refused: %(now)s since yesterday, %(before)s.")
        way = Way("quarantinedevent_changelist", _("See why"), "view_quarantinedevent")
        advice = _("A sender has changed, or is mistaken. The quarantine names the reason of each.")
        figures = {"now": percent_in_words(100 * new), "before": before}
        yield Alert("refused", str(round(100 * new)), title % figures, advice, way)
    if not intake.stored and intake.usual_in_an_hour >= _BUSY:
        title = _("Nothing has come in for an hour; usual are %s events.")
        advice = _("Is the shop up, and does its beacon or server reach us?")
        way = Way("intakecount_changelist", _("Data health"), "view_intakecount")
        usual = count_in_words(round(intake.usual_in_an_hour))
        yield Alert("quiet", f"{now:%Y-%m-%d}", title % usual, advice, way)


def _experiences(situation: Situation) -> Iterator[Alert]:
    names = {group.slug: group.name for group in situation.groups}
    for each in situation.stranded:
        said = get_text_list([f"“{names.get(slug, slug)}”" for slug in each.segments], _("and"))
        title = _("“%s” is live for a segment that is not in force.") % each.name
        advice = _("Nobody is in %s at the moment. Activate the segment, or pause the experience.") % said
        way = Way("experience_change", _("Open the experience"), "view_experience", each.pk)
        yield Alert(f"stranded:{each.pk}", " ".join(each.segments)[:200], title, advice, way)


def _left_over(situation: Situation) -> Iterator[Alert]:
    for group in situation.groups:
        if group.is_left_over:
            title = _("A new rule of “%s” was left in the middle of being prepared.") % group.name
            advice = _(
                "The next sweep goes on with it; what was in force stays in force. If sweeps run, see their log."
            )
            yield Alert(f"prepared:{group.pk}", "", title, advice, _segment_page(group))


def _moves(situation: Situation) -> Iterator[Alert]:
    """Each by itself; where there are many, there is one cause, and one alert."""
    moved = [group for group in situation.groups if group.is_active and _has_moved(group)]
    if len(moved) <= _MOST_MOVES:
        yield from (_move(group) for group in moved)
        return
    names = get_text_list([f"“{group.name}”" for group in moved[:_MOST_MOVES]], _("and"))
    title = _("%(number)s segments grew or shrank by more than half within %(days)s days, %(names)s among them.")
    figures = {"number": count_in_words(len(moved)), "days": DAYS, "names": names}
    way = Way("segment_changelist", _("Look at the segments"), "view_segment")
    yield Alert("moved", " ".join(str(group.pk) for group in moved)[:200], title % figures, _moved_because(), way)


def _has_moved(group: Group) -> bool:
    is_large = max(group.week.before or 0, group.size or 0) >= _FEWEST_MEMBERS
    return group.moved is not None and abs(group.moved) > _MOVED and is_large


def _move(group: Group) -> Alert:
    moved = group.moved or 0.0
    figures = {
        "name": group.name, "percent": percent_in_words(100 * abs(moved)), "days": DAYS,
        "before": count_in_words(group.week.before or 0), "after": count_in_words(group.size or 0),
    }  # fmt: skip
    grew = _("“%(name)s” grew by %(percent)s within %(days)s days, from %(before)s to %(after)s.")
    shrank = _("“%(name)s” shrank by %(percent)s within %(days)s days, from %(before)s to %(after)s.")
    state = f"{'up' if moved > 0 else 'down'} {int(abs(moved) / _MOVED)}"
    title = (grew if moved > 0 else shrank) % figures
    return Alert(f"moved:{group.pk}", state, title, _moved_because(), _segment_page(group))


def _moved_because() -> str:
    return _("What changed rules brought or took is left aside. Was there an import, or does a sender fail?")


def _segment_page(group: Group) -> Way:
    return Way("segment_change", _("Open the segment"), "view_segment", group.pk)


def _time(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
