"""Door: put our tasks into the tables of django-celery-beat, where staff may change when they run."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.db import transaction
from django.db.models import Model, QuerySet

from django_microseg.management import base
from django_microseg.management.layout import table
from django_microseg.schedule import ENTRIES, Entry
from django_microseg.segment.rulebook import shop_zone

_BEAT = "django_celery_beat"
_NOT_INSTALLED = 'django-celery-beat is not installed. Install it: pip install "django-microseg[celery]".'
_NOT_AN_APP = "'django_celery_beat' is not in INSTALLED_APPS. Add it and run manage.py migrate."
_OR_PLAIN = "Or do without: CELERY_BEAT_SCHEDULE = django_microseg.schedule.beat_schedule() (docs/celery.md)."


class Command(base.Command):
    help = (
        "Make the periodic tasks of django-celery-beat: who is due each minute, everybody and the purge at night in "
        "the shop's time zone, a heartbeat each minute. Those that are there already stay as staff have left them."
    )
    after_database_error = "Are the tables of django_celery_beat there?"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove them instead, changed or not")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        _require_beat()
        do = _remove if options["remove"] else _make
        with transaction.atomic():
            rows = [(entry.name, entry.when, do(entry, is_dry_run=options["dry_run"])) for entry in ENTRIES]
        if options["verbosity"] > 0:
            self.stdout.write(table(("task", "when", "what"), rows))
            if options["dry_run"]:
                self.stdout.write("\nDry run: nothing was changed.")


def _require_beat() -> None:
    if find_spec(_BEAT) is None:
        raise base.not_done(f"{_NOT_INSTALLED} {_OR_PLAIN}")
    if not apps.is_installed(_BEAT):
        raise base.not_done(f"{_NOT_AN_APP} {_OR_PLAIN}")


def _make(entry: Entry, *, is_dry_run: bool) -> str:
    if _there(entry).exists():
        return "kept as it is"
    if is_dry_run:
        return "would be made"
    values: dict[str, Any] = {"name": entry.name, "task": entry.task, "expire_seconds": entry.expires_seconds}
    _rows("PeriodicTask").create(**values, **_times(entry), description=entry.help)
    return "made"


def _remove(entry: Entry, *, is_dry_run: bool) -> str:
    found = _there(entry)
    if not found.exists():
        return "not there"
    if is_dry_run:
        return "would be removed"
    found.delete()
    return "removed"


def _there(entry: Entry) -> QuerySet[Any]:
    """By the task, for staff may have given it another name."""
    return _rows("PeriodicTask").filter(task=entry.task)


def _times(entry: Entry) -> dict[str, Model]:
    if entry.daily_at is None:
        return {"interval": _first_or_new("IntervalSchedule", every=1, period="minutes")}
    hour, minute = entry.daily_at
    daily = {"day_of_week": "*", "day_of_month": "*", "month_of_year": "*", "timezone": shop_zone()}
    return {"crontab": _first_or_new("CrontabSchedule", hour=str(hour), minute=str(minute), **daily)}


def _first_or_new(name: str, **values: Any) -> Model:
    """Several rows may say the same, so not `get_or_create`."""
    known: Model | None = _rows(name).filter(**values).first()
    return known or _rows(name).create(**values)


def _rows(name: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model(_BEAT, name)._default_manager.all()
    return rows
