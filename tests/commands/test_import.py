"""The command `microseg_import`: files in, a report out, and an exit code that a script can trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_microseg.collect.models import Event
from django_microseg.management import bar
from django_microseg.management.bar import Lines
from django_microseg.profile.models import Fact, Profile
from django_microseg.segment.models import Segment
from tests.collect.importing.files import DIRTY, DIRTY_FOUND, DIRTY_LINES, write_csv, write_parquet
from tests.commands.console import refusal, say, say_json

pytestmark = pytest.mark.django_db

RETAIL = ("--format", "online-retail")


def test_the_report_as_json(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "dirty.parquet")
    assert say_json("microseg_import", path, *RETAIL) == {
        "file": "dirty.parquet",
        "format": "online-retail",
        "source": "online-retail",
        "dry_run": False,
        "lines": {"total": 18, **DIRTY_LINES},
        **DIRTY_FOUND,
        "customers": 3,
        "events": {"received": 4, "stored": 4, "duplicates": 0, "quarantined": 0, "derived": 6},
        "notes": {"repeated_lines": 1, "two_times": 1, "without_goods": 1},
        "no_goods": {"B": 1, "D": 1, "DOT": 1, "POST": 1},
        "errors": 0,
    }


def test_the_report_for_people_names_the_dirt(tmp_path: Path) -> None:
    said = say("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL)
    for words in ("negative_price", "guest_orders", "no goods: B 1, D 1, DOT 1, POST 1", "customers", "4 stored"):
        assert words in said
    assert "of_a_refused_order" not in said


def test_customers_wait_for_the_next_sweep_instead_of_being_evaluated_line_by_line(tmp_path: Path) -> None:
    say("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL, "--no-presets")
    assert Profile.objects.filter(dirty_since__isnull=False, state=None).count() == 3


def test_invoices_give_a_shop_without_segments_the_ready_ones(tmp_path: Path) -> None:
    said = say("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL)
    assert "The shop had no segment: 15 ready ones are in force" in said
    lost = Segment.objects.get(slug="lost")
    assert lost.live_version is not None
    assert lost.live_version.note == "preset, thresholds online-retail"


def test_invoices_leave_a_shop_alone_that_has_a_segment(tmp_path: Path) -> None:
    Segment.objects.create(slug="ours", name="Ours")
    assert "ready ones" not in say("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL)
    assert list(Segment.objects.values_list("slug", flat=True)) == ["ours"]


def test_a_dry_run_says_so_and_stores_nothing(tmp_path: Path) -> None:
    said = say("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL, "--dry-run")
    assert "4 would be stored" in said
    assert said.endswith("Dry run: nothing was stored.\n")
    assert not Event.objects.exists()


def test_silence_with_verbosity_0(tmp_path: Path) -> None:
    assert say("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL, "-v0") == ""


def test_refused_rows_end_with_1_and_go_into_the_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", [("1", "anna", "soon"), ("2", "anna", "2026-01-01")],
                     ("order_id", "customer_id", "time"))  # fmt: skip
    code, sentence = refusal("microseg_import", path, "--format", "orders", "--errors", tmp_path / "errors.csv")
    assert code == 1
    assert "1 rows were refused" in sentence
    assert "row 2: time is no time" in sentence
    assert (tmp_path / "errors.csv").read_text().splitlines()[1].startswith("2,unreadable,1,")
    assert list(Event.objects.values_list("order_key", flat=True)) == ["2"]


def test_orders_by_a_map_and_a_source(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [("1", "anna", "31.12.2025 20:00", "9.90")], ("no", "who", "when", "sum"))
    say("microseg_import", path, "--format", "orders", "--source", "old-shop", "--map", "order_id=no,customer_id=who",
        "--map", "time=when,revenue=sum", "--time-format", "%d.%m.%Y %H:%M")  # fmt: skip
    assert list(Event.objects.values_list("source", "order_key", "value_minor")) == [("old-shop", "1", 990)]


def test_customers_by_a_map(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "crm.csv", [("anna", "1990-02-28", "f")], ("id", "born", "gender"))
    said = say("microseg_import", path, "--format", "customers", "--map", "customer_id=id,birthday=born")
    assert "brought something new about a customer" in said
    assert set(Fact.objects.values_list("name", "source")) == {("birthday", "customers"), ("gender", "customers")}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("none.csv", *RETAIL), "There is no file none.csv"),
        (("{path}", "--format", "orders", "--map", "orderid=InvoiceNo"), "Do you mean 'order_id'?"),
        (("{path}", "--format", "orders", "--map", "order_id=Invoice"), "The file has no column Invoice"),
        (("{path}", *RETAIL, "--source", "browser"), "cannot come from the source 'browser'"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    path = write_csv(tmp_path / "dirty.csv", DIRTY)
    code, said = refusal("microseg_import", *(text.format(path=path) for text in arguments))
    assert code == 2
    assert sentence in said


def test_on_a_terminal_the_progress_is_a_bar_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bar.sys.stderr, "isatty", lambda: True, raising=False)
    report = say_json("microseg_import", write_parquet(tmp_path / "dirty.parquet"), *RETAIL, "--no-color")
    assert report["lines"]["total"] == 18
    assert "storing" in capsys.readouterr().err


def test_progress_in_lines_is_sparse() -> None:
    said: list[str] = []
    clock = iter([0.0, 1.0, 6.0, 7.0, 8.0])
    lines = Lines(said.append, clock=lambda: next(clock))
    lines.begin("reading", 3000)
    lines.advance(1000)
    lines.advance(1000)
    lines.advance(1000)
    assert said == ["reading ...", "reading: 2,000 of 3,000"]
