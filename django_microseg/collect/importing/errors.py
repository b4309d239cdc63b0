"""What stops an import as a whole: each says what happened, why, and what to do.

A row that cannot be read stops nothing; it is counted and named in the report.
"""

from __future__ import annotations

__all__ = ["ImportStopped", "NoParquet", "UnreadableFile", "WrongColumns"]


class ImportStopped(Exception):
    """The import cannot go on; what was stored before stays stored, and a second run goes on."""


class NoParquet(ImportStopped):
    """A Parquet file was given, and pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Parquet files are read with pyarrow, which is not installed: pip install 'django-microseg[parquet]', "
            "or give the file as CSV."
        )


class UnreadableFile(ImportStopped):
    """The file is missing, damaged, or not of the kind that its name says."""


class WrongColumns(ImportStopped):
    """The file lacks columns that the format or the column map names, or the map is wrong."""
