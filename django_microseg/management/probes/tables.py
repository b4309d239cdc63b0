"""Are our tables there and up to date?"""

from __future__ import annotations

import datetime as dt

from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor

from django_microseg.collect.models import Event, ImportMark

from .finding import Finding, ill, well

__all__ = ["missing_migrations", "probe_imports", "probe_migrations"]

_APP = "django_microseg"


def missing_migrations() -> list[str]:
    """Names of our migrations that have not been applied."""
    executor = MigrationExecutor(connections[router.db_for_write(Event)])
    ours = [node for node in executor.loader.graph.leaf_nodes() if node[0] == _APP]
    return [migration.name for migration, _ in executor.migration_plan(ours) if migration.app_label == _APP]


def probe_migrations(now: dt.datetime) -> Finding:
    missing = missing_migrations()
    if missing:
        return ill("migrations", f"not applied: {', '.join(missing)}", "Run manage.py migrate.")
    return well("migrations", "all applied")


def probe_imports(now: dt.datetime) -> Finding:
    """Marks go when an import ends, so an old one is of an import that died."""
    old = ImportMark.objects.filter(moved_at__lt=now - dt.timedelta(hours=1)).order_by("moved_at")
    first = old.first()
    if first is None:
        return well("imports", "none was interrupted")
    return ill(
        "imports",
        f"{old.count()} interrupted, the first at row {first.row:,} on {first.moved_at:%Y-%m-%d}",
        "Run the same microseg_import again: it goes on from there.",
    )
