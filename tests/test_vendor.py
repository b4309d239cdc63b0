"""The libraries that the package brings along are those that were pinned, each with its licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.vendor import FOLDER, LIBRARIES, faults


def test_files_are_as_pinned_and_nothing_else_lies_there() -> None:
    assert faults() == []


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_each_library_brings_its_licence_and_no_address_of_a_map(library) -> None:
    texts = {name: (FOLDER / name).read_text() for name in library.files}
    assert any("MIT License" in text for name, text in texts.items() if name.endswith("LICENSE.txt"))
    assert [name for name, text in texts.items() if "sourceMappingURL" in text] == []


def test_changed_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "chart.js").write_text("alert(1)")
    (tmp_path / "chart-matrix.js").unlink()
    (tmp_path / "more.js").write_text("")
    named = [fault.split()[0] for fault in faults(tmp_path)]
    assert named == ["more.js", "chart.js", "chart-matrix.js"]
