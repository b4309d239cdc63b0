"""Files of customers: facts by name, e-mail addresses as hashes, rows taken as a whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.importing import batches
from django_microseg.collect.importing.column_map import settle_map
from django_microseg.collect.importing.customers import CustomerRow, Customers, import_customers
from django_microseg.collect.importing.error_file import ErrorFile
from django_microseg.collect.importing.options import Options
from django_microseg.collect.importing.report import ImportReport
from django_microseg.collect.importing.table import open_table
from django_microseg.collect.models import Event
from django_microseg.privacy.erase import erase_customer
from django_microseg.profile import importing
from django_microseg.profile.facts import set_facts
from django_microseg.profile.importing import declare_customers, importable_names, rehearse_customers
from django_microseg.profile.models import Fact, Identity, Profile
from django_microseg.profile.resolve import resolve
from tests.segment.shop import members, put_in_force

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ANNA = hashlib.sha256(b"anna@example.com").hexdigest()

FILE = """\
id,born,Mail,gender,country
17850,1990-02-28,Anna@Example.com ,Female,GB
17851,,,,DE
,1980-01-01,,,
17852,soon,bert@example.com,,GB
17853,1980-01-01,ANNA@example.com,,GB
17854,1980-01-01,no address,,GB
"""


class PowerCut(Exception):
    """The machine went off."""


MAP = {"customer_id": "id", "birthday": "born", "email": "Mail"}


def load(
    path: Path, *, is_dry_run: bool = False, limit: int | None = None, columns: dict[str, str] = MAP, **how: Any
) -> ImportReport:
    table, errors = open_table(path), ErrorFile()
    known = ("customer_id", *importable_names())
    columns = settle_map(columns, table.columns, known=known, needed=("customer_id",))
    declare = rehearse_customers if is_dry_run else declare_customers
    sink = partial(declare, source="crm", now=NOW, **how)
    return import_customers(
        path, table, Customers(columns), Options("crm", is_dry_run=is_dry_run, limit=limit), errors, sink=sink
    )


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    path = tmp_path / "crm.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def facts() -> set[tuple[str | None, str, str | None, int | None]]:
    return set(Fact.objects.values_list("profile__customer_key", "name", "text", "number"))


DECLARED = {
    ("17850", "birthday", None, 19900228),
    ("17850", "gender", "female", None),
    ("17850", "country", "gb", None),
    ("17851", "country", "de", None),
}


def test_facts_are_declared_and_every_row_is_counted(crm: Path) -> None:
    report = load(crm)
    assert facts() == DECLARED
    assert {name: number for name, number in report.lines.items() if number} == {
        "changed": 2, "unreadable": 1, "refused": 3,
    }  # fmt: skip
    assert report.customers == 5


def test_refused_rows_are_named_with_their_reason(crm: Path) -> None:
    report = load(crm)
    assert [(error.row, error.reason) for error in sorted(report.first_errors, key=lambda error: error.row)] == [
        (4, "unreadable"),
        (5, "bad_value"),
        (6, "email_taken"),
        (7, "bad_value"),
    ]


def test_nobody_is_made_for_a_row_with_a_wrong_value(crm: Path) -> None:
    load(crm)
    assert not Profile.objects.filter(customer_key__in=["17852", "17854"]).exists()


def test_an_email_address_leads_to_the_customer_and_is_stored_as_a_hash_alone(crm: Path) -> None:
    load(crm)
    rows = Identity.objects.filter(kind="email").values_list("value", "profile__customer_key")
    assert list(rows) == [(ANNA, "17850")]


def test_importing_again_declares_nothing_twice(crm: Path) -> None:
    load(crm)
    again = load(crm)
    assert (again.lines["changed"], again.lines["unchanged"], facts()) == (0, 2, DECLARED)
    assert Fact.objects.count() == 4


def test_a_dry_run_writes_nothing(crm: Path) -> None:
    report = load(crm, is_dry_run=True)
    assert (report.lines["changed"], report.lines["refused"]) == (3, 2)  # whose address it is, only a real run knows
    assert [table.objects.count() for table in (Profile, Fact, Identity)] == [0, 0, 0]


def test_a_limit_stops_after_so_many_customers(crm: Path) -> None:
    report = load(crm, limit=1)
    assert (report.lines["changed"], report.lines["beyond_the_limit"]) == (1, 5)


def test_an_import_that_died_goes_on_after_the_last_batch(crm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_BATCH", 2)
    monkeypatch.setattr(importing, "set_facts", cut_after(1))
    with pytest.raises(PowerCut):
        load(crm)
    monkeypatch.setattr(importing, "set_facts", set_facts)
    assert facts() == DECLARED
    report = load(crm)
    assert (report.lines["imported_before"], report.lines["refused"], report.total) == (2, 3, 6)


def cut_after(batches: int) -> Callable[..., frozenset[int]]:
    left = iter([True] * batches)

    def declare(*arguments: Any, **options: Any) -> frozenset[int]:
        if not next(left, False):
            raise PowerCut
        return set_facts(*arguments, **options)

    return declare


def test_dates_may_be_written_in_another_way(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text("id,born,Mail\n1a,28.02.1990,\n", encoding="utf-8")
    load(path, date_format="%d.%m.%Y")
    assert facts() == {("1a", "birthday", None, 19900228)}


def test_somebody_who_was_erased_is_not_brought_back(crm: Path) -> None:
    resolve({PersonKey("", "17851")}, now=NOW)
    erase_customer("17851", now=NOW)
    report = load(crm)
    assert ("erased_person", 3) in {(error.reason, error.row) for error in report.first_errors}
    assert not Profile.objects.filter(customer_key="17851").exists()


def test_card_leads_to_the_customer_and_one_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    path.write_text("customer_id,loyalty_number\nann,7700-1\nbob,7700-1\ncy,unknown\n", encoding="utf-8")
    for _ in range(2):
        report = load(path, columns={})
        assert [(error.row, error.reason) for error in report.first_errors] == [(3, "loyalty_taken"), (4, "bad_value")]
    rows = Identity.objects.filter(kind="loyalty").values_list("value", "profile__customer_key")
    assert list(rows) == [("7700-1", "ann")]


# -- tags and audiences


def _csv(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "lists.csv"
    path.write_text("\n".join(["customer_id,tags,audiences", *rows, ""]), encoding="utf-8")
    return path


def _told() -> list[tuple[str | None, str, str]]:
    rows = Event.objects.order_by("profile__customer_key", "name", "labels")
    return [(row.profile.customer_key, row.name, row.labels.strip("|")) for row in rows.select_related("profile")]


def test_lists_become_events_of_what_is_new_and_of_what_is_gone(tmp_path: Path) -> None:
    put_in_force(NOW, vips='count("tag_added", where(tag="vip")) > count("tag_removed", where(tag="vip"))')
    load(_csv(tmp_path, "ann,VIP; wholesale,spring", "bob,,spring"), columns={})
    assert _told() == [
        ("ann", "audience_entered", "audience=spring"), ("ann", "tag_added", "tag=vip"),
        ("ann", "tag_added", "tag=wholesale"), ("bob", "audience_entered", "audience=spring"),
    ]  # fmt: skip
    assert members("vips") == ["ann"]
    report = load(_csv(tmp_path, "ann,wholesale; vip,spring", "bob,,"), columns={})
    assert (report.lines["changed"], report.lines["unchanged"], Event.objects.count()) == (0, 2, 4)
    load(_csv(tmp_path, "ann,wholesale,", "bob,-,-"), columns={})
    assert [each for each in _told() if "removed" in each[1] or "exited" in each[1]] == [
        ("ann", "tag_removed", "tag=vip"), ("bob", "audience_exited", "audience=spring"),
    ]  # fmt: skip
    assert members("vips") == []


def test_lists_of_two_systems_do_not_disturb_each_other(tmp_path: Path) -> None:
    table = _csv(tmp_path, "ann,vip,")
    load(table, columns={})
    declare_customers([CustomerRow(2, "ann", {"tags": "loud"})], source="dmp", now=NOW)
    assert [each[1:] for each in _told()] == [("tag_added", "tag=loud"), ("tag_added", "tag=vip")]


def test_list_that_is_none_refuses_its_row_alone(tmp_path: Path) -> None:
    report = load(_csv(tmp_path, f"ann,{'x' * 101},", "bob,vip,"), columns={})
    assert [(error.row, error.reason) for error in report.first_errors] == [(2, "bad_value")]
    assert _told() == [("bob", "tag_added", "tag=vip")]
