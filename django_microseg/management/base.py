"""What our commands share: errors in sentences, and exit codes.

0 is well, 1 is done or looked at with something wrong, 2 could not be done.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import OperationalError, ProgrammingError

__all__ = ["Command", "need", "not_done"]


def not_done(message: str) -> CommandError:
    """The command could not do what was asked: exit code 2."""
    return CommandError(message, returncode=2)


def need(*packages: str, extra: str, what: str) -> None:
    """End the command in words if one of these packages is not installed."""
    if any(find_spec(package) is None for package in packages):
        raise not_done(f'{what}: pip install "django-microseg[{extra}]".')


class Command(BaseCommand):
    """A command whose database and settings errors read as sentences. ``--traceback`` shows the rest."""

    #: Said after an error of the database.
    after_database_error = ""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise not_done(" ".join(filter(None, (_sentence(error), self.after_database_error)))) from error
        except ImproperlyConfigured as error:
            raise not_done(str(error)) from error


def _sentence(error: DatabaseError) -> str:
    text = str(error).strip().rstrip(".")
    is_missing = isinstance(error, OperationalError | ProgrammingError) and any(
        word in text for word in ("no such table", "no such column", "does not exist")
    )
    hint = " The tables are not there or not up to date: run manage.py migrate." if is_missing else ""
    return f"The database refused: {text}.{hint}"
