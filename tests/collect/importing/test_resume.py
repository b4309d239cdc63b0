"""An import that dies goes on: nothing is lost, nothing is stored twice, and little is read again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from django_microseg.collect.importing import run
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event, EventKey, ImportMark, QuarantinedEvent
from tests.collect.importing.files import DIRTY, DIRTY_LINES, write_csv, write_parquet
from tests.collect.importing.importing import import_retail, stored
from tests.collect.importing.test_online_retail import STORED

pytestmark = pytest.mark.django_db


class PowerCut(Exception):
    """The machine went off."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """One event in each transaction."""
    monkeypatch.setattr(run, "_MOST_EVENTS", 1)


@pytest.fixture
def cut_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The power goes before the n-th batch."""

    def arrange(batches: int) -> None:
        left = iter([True] * batches)

        def store(events: Any, **options: Any) -> Any:
            if not next(left, False):
                raise PowerCut
            return ingest(events, **options)

        monkeypatch.setattr(run, "ingest", store)

    return arrange


def test_after_a_power_cut_the_same_rows_are_there_in_the_end(
    tmp_path: Path, cut_after: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_parquet(tmp_path / "dirty.parquet")
    cut_after(2)
    with pytest.raises(PowerCut):
        import_retail(path)
    monkeypatch.setattr(run, "ingest", ingest)
    import_retail(path)
    assert stored() == STORED


def test_rows_before_the_mark_are_counted_and_not_read(
    tmp_path: Path, cut_after: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = DIRTY[:15]  # no invoice goes on later, so the mark may stand between any two
    path = write_csv(tmp_path / "tidy.csv", rows)
    cut_after(2)
    with pytest.raises(PowerCut):
        import_retail(path)
    # Stored are the order of rows 2-5 and the refund of rows 8-9 (the header is row 1): eight rows are done.
    assert ImportMark.objects.get().row == 9
    monkeypatch.setattr(run, "ingest", ingest)
    report = import_retail(path)
    assert (report.lines["imported_before"], report.total, report.events.duplicates) == (8, 15, 0)


def test_the_mark_waits_before_an_order_that_goes_on_later(tmp_path: Path, cut_after: Callable[[int], None]) -> None:
    cut_after(3)
    with pytest.raises(PowerCut):
        import_retail(write_parquet(tmp_path / "dirty.parquet"))
    assert not ImportMark.objects.exists()  # row 16 belongs to the invoice of row 1


def test_the_mark_goes_when_the_import_ends(tmp_path: Path) -> None:
    import_retail(write_csv(tmp_path / "tidy.csv", DIRTY[:15]))
    assert not ImportMark.objects.exists()


def test_another_file_has_no_part_in_the_mark(
    tmp_path: Path, cut_after: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "tidy.csv", DIRTY[:15])
    cut_after(2)
    with pytest.raises(PowerCut):
        import_retail(path)
    monkeypatch.setattr(run, "ingest", ingest)
    other = write_csv(shutil.copy(path, tmp_path / "other.csv"), DIRTY[:14])
    assert import_retail(other).lines["imported_before"] == 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    report = import_retail(write_parquet(tmp_path / "dirty.parquet"), is_dry_run=True)
    assert dict(report.lines) == DIRTY_LINES
    assert (report.events.received, report.events.stored, report.events.derived) == (4, 4, 6)
    tables = (Event, EventKey, QuarantinedEvent, ImportMark)
    assert [table.objects.count() for table in tables] == [0, 0, 0, 0]


def test_a_dry_run_knows_what_is_stored_already(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "dirty.parquet")
    import_retail(path)
    report = import_retail(path, is_dry_run=True)
    assert (report.events.stored, report.events.duplicates) == (0, 4)


def test_a_limit_stops_after_so_many_orders_and_never_in_the_middle_of_one(tmp_path: Path) -> None:
    report = import_retail(write_parquet(tmp_path / "dirty.parquet"), limit=1)
    assert (report.events.stored, report.lines["beyond_the_limit"], report.total) == (1, 13, 18)
    assert stored() == STORED[:5]
    assert not ImportMark.objects.exists()
