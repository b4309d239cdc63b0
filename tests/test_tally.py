"""The count that `make test` ends with comes from these reports."""

from __future__ import annotations

from pathlib import Path

from tests.tally import Tally, read_tally, render, unmatched

REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_passes">
<properties><property name="runs" value="once"/></properties>
</testcase>
<testcase classname="tests.test_a" name="test_fails"><failure message="no"/></testcase>
<testcase classname="tests.test_a" name="test_breaks"><error message="no"/></testcase>
<testcase classname="tests.test_a" name="test_waits"><skipped message="no server"/></testcase>
<testcase classname="tests.test_a" name="test_leaves_a_mess"/>
<testcase classname="tests.test_a" name="test_leaves_a_mess"><error message="teardown"/></testcase>
</testsuite></testsuites>"""


def test_each_test_counts_once_and_a_failed_clean_up_makes_it_fail(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    tally = read_tally(report, "SQLite", seconds=1.5)

    assert (tally.collected, tally.passed, tally.failed, tally.skipped) == (5, 1, 3, 1)
    assert render([tally]).split()[6:] == ["SQLite", "5", "1", "3", "1", "1.5"]


def test_a_run_without_a_report_counts_nothing(tmp_path: Path) -> None:
    assert read_tally(tmp_path / "none.xml", "SQLite", seconds=0.0) == Tally("SQLite", 0.0)


def test_a_test_that_is_skipped_on_the_second_database_is_unmatched() -> None:
    first = Tally(passed_names=frozenset({"a", "b"}), skipped_names=frozenset({"c"}))
    second = Tally(passed_names=frozenset({"a"}), skipped_names=frozenset({"b", "c"}))

    assert unmatched(first, second) == ["b"]
    assert unmatched(second, first) == []


def test_what_needs_to_run_once_may_be_missing_from_the_second(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    tally = read_tally(report, "SQLite", seconds=1.5)

    assert tally.once_names == {"tests.test_a::test_passes"}
    assert "tests.test_a::test_passes" not in unmatched(tally, Tally())
    assert "tests.test_a::test_fails" in unmatched(tally, Tally())
