"""Tells the database how much has come in, so that the queries right after an import are planned for it.

PostgreSQL would notice by itself within minutes; until then it takes full tables for empty ones,
and a scan of everybody joins them row by row.
"""

from __future__ import annotations

from django.db import connections, models, router

__all__ = ["renew_statistics"]


def renew_statistics(*tables: type[models.Model]) -> None:
    """Have the planner's figures of these tables counted anew; nothing where the engine needs no such thing."""
    connection = connections[router.db_for_write(tables[0])]
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
