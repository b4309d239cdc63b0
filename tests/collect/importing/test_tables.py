"""Files as rows of cells: CSV, packed CSV and Parquet, and files that are none of them."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest

from django_microseg.collect.importing.errors import NoParquet, UnreadableFile
from django_microseg.collect.importing.table import open_table
from tests.collect.importing.files import write_csv, write_parquet


def test_csv_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeffa,b\n1,"x\ny"\n\n2\n', encoding="utf-8")
    assert list(open_table(path).rows(["b", "a"])) == [(2, ("x\ny", "1")), (4, ("", "2"))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_in_the_header(tmp_path: Path, separator: str) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "1,5")], ("a", "b"), delimiter=separator)
    assert list(open_table(path).rows(["a", "b"])) == [(2, ("1", "1,5"))]


def test_packed_csv_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a\n1\n"))
    assert list(open_table(path).rows(["a"])) == [(2, ("1",))]


def test_parquet_rows_after_a_row_number(tmp_path: Path) -> None:
    table = open_table(write_parquet(tmp_path / "a.parquet", group=5))
    rows = list(table.rows(["InvoiceNo"], after=11))
    assert ([row for row, _ in rows], table.total) == ([12, 13, 14, 15, 16, 17, 18], 18)


def test_csv_rows_after_a_row_number(tmp_path: Path) -> None:
    table = open_table(write_csv(tmp_path / "a.csv", [(n,) for n in range(5)], ("a",)))
    assert list(table.rows(["a"], after=5)) == [(6, ("4",))]


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NoParquet, match=r"pip install 'django-microseg\[parquet\]'"):
        open_table(write_parquet(tmp_path / "a.parquet"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", "a,b\nM\u00fcller,1\n".encode("latin-1"), "not written in utf-8"),
        ("a.csv.gz", b"a,b\n", "cannot be read as CSV"),
        ("a.parquet", b"a,b\n", "cannot be read as Parquet"),
        ("a.xlsx", b"PK", "no Parquet, CSV or JSON lines"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=sentence):
        list(open_table(tmp_path / name).rows(["a"]))


def test_parquet_that_is_damaged_further_on_is_told(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet")
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="is damaged"):
        list(open_table(path).rows(["InvoiceNo", "StockCode"]))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="There is no file"):
        open_table(tmp_path / "none.csv")


def test_another_encoding_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("a\nMüller\n".encode("latin-1"))
    assert list(open_table(tmp_path / "a.csv", encoding="latin-1").rows(["a"])) == [(2, ("Müller",))]
