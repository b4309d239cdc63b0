"""Figures: what is drawn and what stands in the table are the same, and what cannot be drawn honestly is refused."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from django_microseg.collect.drawing import Bars, Column, Flows, Lines, Link, Matrix, Node, Series, Table, Unit
from django_microseg.collect.figure import Figure
from tests.admin.reading import read


def _lines(*series: Series) -> Lines:
    return Lines(labels=("Mon", "Tue"), series=series, x="day", y="members")


def _figure(drawn: Lines | Bars | Matrix | Flows, **more: object) -> Figure:
    return Figure(slug="one", title="VIPs grew", drawn=drawn, basis="12 people", period="7 days", **more)


def test_lines_have_a_row_per_label_and_what_nobody_knows_is_a_dash():
    table = _lines(Series("here", (1234, None)), Series("all", (9999, 10000))).table()
    assert [column.name for column in table.columns] == ["day", "here", "all"]
    assert table.rows == (("Mon", "1,234", "9,999"), ("Tue", "\N{EN DASH}", "10,000"))


def test_how_sure_it_is_stands_behind_the_value():
    series = Series("index", (240, 60), low=(200, None), high=(290, None))
    table = Bars(labels=("shoes", "hats"), series=(series,), x="index", y="what").table()
    assert table.rows == (("shoes", "240 (200 to 290)"), ("hats", "60"))


def test_matrix_has_its_rows_and_columns():
    matrix = Matrix(
        rows=("A", "B"), columns=("A", "B"), values=((5, 2.5), (None, 0)), x="and", y="in", unit=Unit(1, " %")
    )
    assert matrix.table().rows == (("A", "5.0 %", "2.5 %"), ("B", "\N{EN DASH}", "0.0 %"))


def test_flows_name_both_ends_and_only_what_flows_is_drawn():
    nodes = (Node("i:new", "New"), Node("o:new", "New"))
    flows = Flows(nodes=nodes, links=(Link("i:new", "o:new", 3), Link("o:new", "i:new", 0)), x="people")
    assert flows.table().rows == (("New", "New", "3"), ("New", "New", "0"))
    assert flows.drawing()["links"] == [{"from": "i:new", "to": "o:new", "flow": 3}]


@pytest.mark.parametrize(
    "make",
    [
        lambda: _lines(Series("short", (1,))),
        lambda: _lines(Series("band", (1, 2), low=(1,))),
        lambda: _lines(*(Series(str(number), (1, 2)) for number in range(7))),
        lambda: Matrix(rows=("A",), columns=("A", "B"), values=((1,),), x="and", y="in"),
        lambda: Flows(nodes=tuple(Node(str(number), "") for number in range(9)), links=(), x="people"),
    ],
    ids=["short", "band", "seven lines", "hole", "nine nodes"],
)
def test_what_cannot_be_drawn_honestly_is_refused(make):
    with pytest.raises(ValueError, match=r"needs a value|at most"):
        make()


def test_six_lines_and_eight_nodes_are_drawn():
    assert len(_lines(*(Series(str(number), (1, 2)) for number in range(6))).drawing()["series"]) == 6
    nodes = tuple(Node(str(number), "") for number in range(8))
    assert len(Flows(nodes=nodes, links=(), x="people").drawing()["nodes"]) == 8


def test_numbers_are_written_in_the_language_of_the_page():
    with translation.override("de"):
        assert Unit(1, " %").words(1234.56) == "1.234,6 %"


def test_page_holds_title_table_basis_and_period_without_any_script_running():
    html = render_to_string(
        "django_microseg/admin/_figure.html", {"figure": _figure(_lines(Series("here", (1, 2))), note="estimated")}
    )
    page = read(html)
    assert page.words == "VIPs grew The figures day here Mon 1 Tue 2 12 people · 7 days · estimated"
    assert page.refused == []
    assert page.all("details") == [{"class": "microseg-figures-table", "open": ""}]
    assert page.all("div", class_="microseg-drawing") == [{"class": "microseg-drawing", "hidden": ""}]


def test_names_cannot_break_out_of_the_page():
    evil = "</script><script>alert(1)</script>"
    html = render_to_string("django_microseg/admin/_figure.html", {"figure": _figure(_lines(Series(evil, (1, 2))))})
    assert [tag.get("type") for tag in read(html).all("script")] == ["application/json"]


def test_given_table_says_more_than_what_is_drawn():
    table = Table((Column("day", is_number=False), Column("n")), (("Mon", "7"),))
    assert _figure(_lines(Series("here", (1, 2))), given_table=table).table is table
