"""Does anybody look at those who wait for an answer, at full refreshes, and at signals that were not delivered?"""

from __future__ import annotations

import datetime as dt

from django.db.models import Min

from django_microseg.checks.signs_of_life import since
from django_microseg.collect.models import QuarantinedEvent
from django_microseg.profile.models import Profile
from django_microseg.segment.heartbeat import WORKER, find_silence, has_broker, last_seen
from django_microseg.segment.models import MembershipChange, RefreshRun
from django_microseg.segment.outbox import has_listeners
from django_microseg.segment.run_progress import progress_of
from django_microseg.segment.runs import FULL, SWEEP

from .finding import Finding, ill, well

__all__ = ["probe_backlog", "probe_celery", "probe_outbox", "probe_quarantine", "probe_runs", "probe_sweep"]

_PATIENCE = dt.timedelta(minutes=15)
_SWEEP = "Run manage.py microseg_sweep from cron, or microseg_sweep --loop as a service."


def probe_backlog(now: dt.datetime) -> Finding:
    """Profiles that are dirty or due, and for how long the first of them has been."""
    alive = Profile.objects.filter(merged_into=None)
    dirty, due = alive.filter(dirty_since__isnull=False), alive.filter(next_flip__lte=now)
    oldest = [
        moment
        for moment in (
            dirty.aggregate(oldest=Min("dirty_since"))["oldest"],
            due.aggregate(oldest=Min("next_flip"))["oldest"],
        )
        if moment is not None
    ]
    text = f"{dirty.count():,} profiles dirty, {due.count():,} due"
    if oldest and min(oldest) < now - _PATIENCE:
        return ill("backlog", f"{text}, the first since {min(oldest):%Y-%m-%d %H:%M} UTC", _SWEEP)
    return well("backlog", text)


def probe_sweep(now: dt.datetime) -> Finding:
    """Segments leave windows of time only when somebody looks."""
    last = RefreshRun.objects.filter(kind=SWEEP).order_by("-started_at").first()
    if last is None:
        return ill("sweep", "never ran", _SWEEP)
    when = f"{last.started_at:%Y-%m-%d %H:%M} UTC"
    if last.state == RefreshRun.State.FAILED:
        return ill("sweep", f"the last one, of {when}, failed: {last.error}", "Mend the cause; the next one goes on.")
    if last.started_at < now - dt.timedelta(hours=1):
        return ill("sweep", f"the last one was at {when}", _SWEEP)
    return well("sweep", f"the last one was at {when}")


def probe_celery(now: dt.datetime) -> Finding:
    """A shop that goes by Celery hears of its worker and its beat each minute."""
    silence = find_silence(uses_celery=has_broker(), now=now)
    if silence is not None:
        hint = f"Start it: celery -A yourproject {silence.name}. Or sweep without: manage.py microseg_sweep --loop."
        return ill("celery", f"no sign of life of its {silence.name} {since(silence.since)}", hint)
    seen = last_seen(WORKER)
    return well("celery", "not in use" if seen is None else f"a worker was at work at {seen:%Y-%m-%d %H:%M} UTC")


def probe_runs(now: dt.datetime) -> Finding:
    """A full refresh ends, sooner or later; one that failed waits for somebody to take it up again."""
    last = RefreshRun.objects.filter(kind=FULL).order_by("-started_at").first()
    if last is None:
        return well("full refresh", "none lately")
    come = progress_of(last)
    text = f"{last.state}, {come.done:,} of {come.total:,} profiles, started {last.started_at:%Y-%m-%d %H:%M} UTC"
    if last.state == RefreshRun.State.FAILED:
        return ill("full refresh", f"{text}: {last.error}", "Mend the cause and run manage.py microseg_refresh.")
    if last.state == RefreshRun.State.RUNNING and last.started_at < now - dt.timedelta(days=1):
        return ill("full refresh", text, _SWEEP)
    return well("full refresh", text)


def probe_outbox(now: dt.datetime) -> Finding:
    """Signals that a process did not deliver before it died; nobody is owed any if nobody listens."""
    if not has_listeners():
        return well("signals", "nobody listens for entries and exits")
    late = MembershipChange.objects.filter(delivered_at=None, changed_at__lt=now - _PATIENCE).count()
    if late:
        return ill("signals", f"{late:,} not delivered", _SWEEP)
    return well("signals", "all delivered")


def probe_quarantine(now: dt.datetime) -> Finding:
    """What could not be stored in the last day."""
    recent = QuarantinedEvent.objects.filter(received_at__gt=now - dt.timedelta(days=1)).count()
    if recent:
        hint = "The quarantine in the admin says why; mend the sender."
        return ill("quarantine", f"{recent:,} events in the last day could not be stored", hint)
    return well("quarantine", "no event in the last day")
