"""Door: system checks for every way to install us wrongly. `wiring` registers them.

Each has an id and a hint; ``docs/checks.md`` lists them all. Those that read tables run only with
``manage.py check --database default``.
"""

from __future__ import annotations

from django.core import checks

from .celery_settings import check_celery
from .configuration import check_configuration
from .databases import check_databases
from .installation import check_installation
from .personal_data import check_personal_data
from .shop import check_shop
from .signs_of_life import check_signs_of_life
from .sink import check_sink, check_stream
from .stored import check_stored

__all__ = ["register"]


def register() -> None:
    """Add our checks to Django's; safe to call twice."""
    for check in (
        check_installation,
        check_configuration,
        check_shop,
        check_databases,
        check_celery,
        check_sink,
        check_personal_data,
    ):
        checks.register(check, "django_microseg")
    for check in (check_stored, check_signs_of_life, check_stream):
        checks.register(check, checks.Tags.database)
