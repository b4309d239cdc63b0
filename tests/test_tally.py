"""The count that `make test` ends with comes from these reports."""

from __future__ import annotations

from pathlib import Path

from tests.tally import Tally, read_tally, render, tried_again, unmatched

REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_passes">
<properties><property name="runs" value="once"/></properties>
</testcase>
<testcase classname="tests.test_a" name="test_fails"><failure message="assert 1&#10;  == 2"/></testcase>
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


def test_each_that_failed_says_why_in_a_line(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    reasons = read_tally(report, "SQLite", seconds=1.5).reasons

    assert reasons == {
        "tests.test_a::test_fails": "assert 1 == 2",
        "tests.test_a::test_breaks": "no",
        "tests.test_a::test_leaves_a_mess": "teardown",
    }


def test_what_passes_alone_is_unsteady_and_what_fails_again_or_does_not_run_has_failed() -> None:
    first = Tally("SQLite", 2.0, frozenset({"a"}), frozenset({"b", "c", "d"}), reasons={"b": "slow"})
    second = Tally("SQLite", 1.0, frozenset({"b"}), frozenset({"c"}), frozenset({"d"}))

    both = tried_again(first, second)

    assert (both.passed_names, both.failed_names, both.unsteady_names) == ({"a", "b"}, {"c", "d"}, {"b"})
    assert (both.seconds, both.reasons) == (3.0, {"b": "slow"})


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
