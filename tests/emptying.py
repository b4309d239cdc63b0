"""Empties the database after a test that wrote for good, in a fraction of Django's time.

Django truncates every table, and writes all content types and permissions anew. Here only what has rows is emptied, and
those two stay, because no test changes them.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["statements"]

KEPT: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def statements(style: Any, connection: BaseDatabaseWrapper, **options: Any) -> list[str]:
    """In place of `django.core.management.sql.sql_flush`; to be run in one transaction."""
    quote = connection.ops.quote_name
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    asked = " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM {quote(each)})" for each in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(asked)
        full = [name for (name,) in cursor.fetchall()]
    return [*_without_asking(connection), *(f"DELETE FROM {quote(each)};" for each in full)] if full else []


def _without_asking(connection: BaseDatabaseWrapper) -> list[str]:
    """Everything goes, so nothing needs to be looked for that still refers to it; a superuser may say so."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return ["SET LOCAL session_replication_role = replica;"] if cursor.fetchone() == ("on",) else []
