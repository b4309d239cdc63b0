"""Segments as files: written, read, compared, put in force; and the golden personas that stand guard."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from django_microseg.segment import launch, rulebook
from django_microseg.segment.freeze import freeze
from django_microseg.segment.install import install_presets
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.personas.models import Persona
from django_microseg.segment.presets import PRESETS
from tests.commands.console import refusal, say
from tests.segment.shop import NOW, buy, members, put_in_force

pytestmark = pytest.mark.django_db

VIP = 'count("order_completed", days=365) >= 2'


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


def _file(tmp_path: Path, *segments: dict[str, Any], **more: Any) -> Path:
    path = tmp_path / "segments.yaml"
    path.write_text(yaml.safe_dump({"format": 1, "segments": list(segments), **more}), encoding="utf-8")
    return path


def _segment(slug: str = "vip", rule: str = VIP, **more: Any) -> dict[str, Any]:
    return {"slug": slug, "name": slug.title(), "rule": rule, **more}


# -- dump and load


def test_what_is_dumped_and_loaded_again_changes_nothing(tmp_path: Path) -> None:
    install_presets(PRESETS, now=NOW)
    put_in_force(NOW, eager='count("product_viewed", where(category="boots"), days=7) >= 2 and not segment("vip")')
    path = tmp_path / "all.yaml"
    say("microseg_dump", output=path)
    before = list(SegmentVersion.objects.order_by("pk").values())
    assert f"0 new, 0 changed, {Segment.objects.count()} as they were." in say("microseg_load", path)
    assert list(SegmentVersion.objects.order_by("pk").values()) == before


def test_file_of_one_shop_makes_the_same_segments_in_another(tmp_path: Path) -> None:
    install_presets(PRESETS, now=NOW)
    text = say("microseg_dump")
    rules = dict(Segment.objects.values_list("slug", "live_version__rule"))
    Segment.objects.all().delete()
    path = tmp_path / "all.yaml"
    path.write_text(text, encoding="utf-8")
    say("microseg_load", path)
    assert dict(Segment.objects.values_list("slug", "live_version__rule")) == rules


def test_dump_names_what_a_reviewer_reads_and_leaves_archived_ones_out() -> None:
    put_in_force(NOW, vip=VIP, gone=VIP)
    Segment.objects.filter(slug="gone").update(state="archived")
    data = yaml.safe_load(say("microseg_dump"))
    assert data == {"format": 1, "segments": [{"slug": "vip", "name": "vip", "state": "active", "rule": VIP}]}
    assert refusal("microseg_dump", "no-such")[1] == "There is no segment no-such."


def test_load_puts_new_rules_in_force_and_says_what_changed(tmp_path: Path) -> None:
    buy("ann")
    buy("ann")
    buy("bob")
    path = _file(tmp_path, _segment(), _segment("once", 'segment("vip") or count("order_completed") == 1'))
    said = say("microseg_load", path, note="first draft")
    assert "2 new, 0 changed" in said
    assert (members("vip"), members("once")) == (["ann"], ["ann", "bob"])
    version = SegmentVersion.objects.get(segment__slug="vip")
    assert (version.author, version.note) == ("file", "first draft")
    path = _file(tmp_path, _segment(rule='count("order_completed") >= 1', name="Regulars"))
    assert "changed  vip: name, rule" in say("microseg_load", path)
    assert members("vip") == ["ann", "bob"]
    assert members("once") == ["ann", "bob"]  # not named by the second file


def test_dry_run_says_and_writes_nothing(tmp_path: Path) -> None:
    said = say("microseg_load", _file(tmp_path, _segment()), dry_run=True)
    assert "new      vip" in said
    assert "Dry run" in said
    assert not Segment.objects.exists()


def test_states_are_those_of_the_file(tmp_path: Path) -> None:
    buy("ann")
    buy("ann")
    say("microseg_load", _file(tmp_path, _segment(), _segment("later", state="draft")))
    assert dict(Segment.objects.values_list("slug", "state")) == {"vip": "active", "later": "draft"}
    say("microseg_load", _file(tmp_path, _segment(state="paused"), _segment("later")))
    assert dict(Segment.objects.values_list("slug", "state")) == {"vip": "paused", "later": "active"}
    assert (members("vip"), members("later")) == ([], ["ann"])
    say("microseg_load", _file(tmp_path, _segment()))
    assert members("vip") == ["ann"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [", "The file is no YAML"),
        ("segments: []", "The file begins with `format: 1`"),
        ("format: 1\nsegment: []", "The file has segment: it knows segments and personas."),
        ("format: 1\nsegments: {}", "`segments` is no list"),
        ("format: 1\nsegments: [7]", "Segment 1: it is no mapping"),
        ("format: 1\nsegments: [{slug: vip, name: V}]", "vip: it lacks rule."),
        ("format: 1\nsegments: [{slug: vip, name: V, rule: everyone(), colour: x}]", "vip: it has colour, which"),
        ("format: 1\nsegments: [{slug: vip, name: V, rule: everyone(), state: live}]", "its state is 'live'"),
        ("format: 1\nsegments: [{slug: V I P, name: V, rule: everyone()}]", "V I P: Enter a valid"),
        ("format: 1\nsegments: [{slug: vip, name: V, rule: 'count(\"order_complete\") >= 1'}]", "Did you mean"),
        ("format: 1\nsegments: [{slug: vip, name: V, rule: 'segment(\"vip\")'}]", "Segments go in a circle"),
        ("format: 1\nsegments: [{slug: a, name: A, rule: everyone()}, {slug: a, name: A, rule: everyone()}]", "twice"),
        ("format: 1\nsegments: [{slug: vip, name: V, rule: known(health)}]", "kept for audits alone"),
        ("!!python/object/apply:os.system ['echo']", "The file is no YAML"),
    ],
)  # fmt: skip
def test_file_with_a_mistake_is_refused_with_a_sentence_and_changes_nothing(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    code, said = refusal("microseg_load", path)
    assert (code, complaint in said) == (2, True), said
    assert not Segment.objects.exists()


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    said = refusal("microseg_load", _file(tmp_path, _segment(rule="nope"), _segment("b", state="x"), _segment("c")))[1]
    assert (said.count("vip:"), said.count("b:"), said.count("c:")) == (1, 1, 0)


def test_file_that_is_not_there_is_said() -> None:
    assert "cannot be read" in refusal("microseg_load", "/no/such/file.yaml")[1]


# -- frozen segments


def _freeze(slug: str) -> None:
    segment = Segment.objects.get(slug=slug)
    version = freeze(segment, now=NOW)
    launch.put_in_force(segment, shown=launch.Shown(version.pk, segment.live_version_id), now=NOW)


def test_frozen_segment_is_dumped_without_rule_and_left_alone_by_loading(tmp_path: Path) -> None:
    put_in_force(NOW, vip=VIP, keen='segment("vip")')
    _freeze("vip")
    path = tmp_path / "all.yaml"
    say("microseg_dump", output=path)
    entries = {each["slug"]: each for each in yaml.safe_load(path.read_text())["segments"]}
    assert entries["vip"] == {"slug": "vip", "name": "vip", "state": "active", "frozen": "2026-03-01"}
    before = list(SegmentVersion.objects.order_by("pk").values())
    said = say("microseg_load", path)
    assert "left     vip: frozen, and who is in it stands in no file" in said
    assert "0 new, 0 changed, 1 as they were." in said
    assert list(SegmentVersion.objects.order_by("pk").values()) == before


def test_file_with_a_rule_does_not_unfreeze(tmp_path: Path) -> None:
    put_in_force(NOW, vip=VIP)
    _freeze("vip")
    code, said = refusal("microseg_load", _file(tmp_path, _segment()))
    assert (code, said) == (2, "vip: it is frozen here. Unfreeze it in the admin first, or take it out of the file.")
    assert SegmentVersion.objects.count() == 2


def test_frozen_segment_does_not_come_to_another_shop(tmp_path: Path) -> None:
    entry = {"slug": "vip", "name": "Vip", "frozen": "2026-03-01"}
    assert "who is in it stands in no file" in refusal("microseg_load", _file(tmp_path, entry))[1]
    assert "keep one of the two" in refusal("microseg_load", _file(tmp_path, {**entry, "rule": VIP}))[1]
    assert not Segment.objects.exists()


# -- personas

LENA = {
    "name": "Loyal Lena",
    "facts": {"birthday": "1990-05-01", "tier": "gold"},
    "context": {"device": "mobile", "hour": 21},
    "events": [
        {"event": "order_completed", "days_ago": 20, "revenue": 80, "currency": "GBP",
         "products": [{"product_id": "b", "category": "boots", "price": 80}]},
        {"event": "order_completed", "days_ago": 3, "hours_ago": 2, "revenue": 50, "currency": "GBP"},
        {"event": "product_viewed", "minutes_ago": 5, "product_id": "b", "category": "boots"},
    ],
    "in": ["vip"],
}  # fmt: skip


def _check(tmp_path: Path, *segments: dict[str, Any], **changed: Any) -> str:
    return say("microseg_check", _file(tmp_path, *segments, personas=[{**LENA, **changed}]))


@pytest.mark.parametrize(
    "rule",
    [
        VIP,
        'sum("order_completed", "value") == 130',
        'count("product_purchased", where(category="boots")) == 1',
        'days_since("order_completed") > 3 and days_since("order_completed") < 4',
        'minutes_since("product_viewed") >= 5',
        'tier == "gold" and age >= 30',
        'context.device == "mobile" and context.hour >= 20',
        'segment("base") and known(birthday)',
    ],
)
def test_persona_is_judged_as_a_real_person_would_be(tmp_path: Path, rule: str) -> None:
    base = _segment("base", 'count("order_completed") >= 1')
    assert "1 persona is where they belong." in _check(tmp_path, base, _segment(rule=rule))


def test_persona_that_is_not_where_it_belongs_is_named(tmp_path: Path) -> None:
    segments = (_segment(rule=VIP.replace("2", "3")), _segment("lost", "everyone()"))
    code, said = refusal("microseg_check", _file(tmp_path, *segments, personas=[{**LENA, "not_in": ["lost"]}]))
    assert code == 1
    assert said == "Loyal Lena is not in vip, and should be.\nLoyal Lena is in lost, and should not be."
    assert not Segment.objects.exists()


def test_rules_in_force_are_asked_where_the_file_says_nothing(tmp_path: Path) -> None:
    put_in_force(NOW, vip=VIP)
    assert "1 persona is" in _check(tmp_path)
    assert refusal("microseg_check", _file(tmp_path, _segment(rule="nobody()"), personas=[LENA]))[0] == 1


def test_load_is_held_up_by_a_persona_unless_forced(tmp_path: Path) -> None:
    put_in_force(NOW, vip=VIP)
    path = _file(tmp_path, _segment(rule="nobody()"), personas=[LENA])
    complaints = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("microseg_load", str(path), stderr=complaints)
    assert "Loyal Lena is not in vip" in complaints.getvalue()
    assert SegmentVersion.objects.count() == 1
    say("microseg_load", path, force=True, stderr=io.StringIO())
    assert SegmentVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"name": 7}, "Persona 1: it is no mapping with a name."),
        ({"in": []}, "Loyal Lena: it expects nothing"),
        ({"in": ["nope"]}, "`in` names nope: no such segment"),
        ({"in": "vip"}, "`in` is no list"),
        ({"mood": "good"}, "it has mood, which nothing reads"),
        ({"events": [{"event": "no_such"}]}, "No event of this name is known"),
        ({"events": [{"event": "order_completed", "days_ago": "soon"}]}, "event 1: days_ago is 'soon'"),
        ({"events": [{"event": "order_completed", "days_ago": -1}]}, "write a number from 0 on"),
        ({"events": [{"event": "nps_answered"}]}, "needs score"),
        ({"events": [{"event": "order_refunded", "order_id": "1", "amount": 5}]}, "not for personas"),
        ({"events": ["x"]}, "event 1: it is no mapping"),
        ({"facts": {"shoe": 1}}, "There is no fact 'shoe'"),
        ({"facts": {"birthday": "never"}}, "a date such as"),
        ({"context": {"mood": 1}}, "`context` has mood"),
    ],
)
def test_persona_with_a_mistake_is_refused_with_a_sentence(tmp_path: Path, changed: Any, complaint: str) -> None:
    put_in_force(NOW, vip=VIP)
    code, said = refusal("microseg_check", _file(tmp_path, personas=[{**LENA, **changed}]))
    assert (code, complaint in said) == (2, True), said


# -- personas of the database


def test_personas_of_a_file_are_kept_and_dumped_again(tmp_path: Path) -> None:
    path = _file(tmp_path, _segment(), personas=[LENA, {"name": "Paul", "not_in": ["vip"]}])
    assert "Personas: 2 new, 0 changed, 0 as they were." in say("microseg_load", path)
    assert yaml.safe_load(say("microseg_dump"))["personas"] == [LENA, {"name": "Paul", "not_in": ["vip"]}]
    path = _file(tmp_path, personas=[{**LENA, "facts": {"birthday": dt.date(1991, 1, 1)}}])
    assert "Personas: 0 new, 1 changed, 0 as they were." in say("microseg_load", path)
    assert Persona.objects.get(name="Loyal Lena").story["facts"] == {"birthday": "1991-01-01"}
    assert Persona.objects.count() == 2  # Paul, whom the second file does not name, stays


def test_dump_of_some_segments_has_the_personas_of_those_alone(tmp_path: Path) -> None:
    put_in_force(NOW, vip=VIP, other=VIP)
    Persona.objects.create(name="Both", wanted=["vip", "other"])
    Persona.objects.create(name="One", wanted=["vip"])
    assert [each["name"] for each in yaml.safe_load(say("microseg_dump", "vip"))["personas"]] == ["One"]


def test_dry_run_keeps_no_persona(tmp_path: Path) -> None:
    said = say("microseg_load", _file(tmp_path, _segment(), personas=[LENA]), dry_run=True)
    assert "Personas: 1 new" in said
    assert not Persona.objects.exists()


def test_check_without_a_file_asks_the_personas_of_the_database() -> None:
    put_in_force(NOW, vip=VIP)
    paul = Persona.objects.create(name="Paul", unwanted=["vip"])
    assert "1 persona is where they belong." in say("microseg_check")
    Persona.objects.filter(pk=paul.pk).update(wanted=["vip"], unwanted=[])
    assert refusal("microseg_check") == (1, "Paul is not in vip, and should be.")


def test_file_is_asked_by_the_personas_of_the_database_too(tmp_path: Path) -> None:
    put_in_force(NOW, vip=VIP)
    Persona.objects.create(name="Paul", unwanted=["vip"])
    path = _file(tmp_path, _segment(rule="everyone()"))
    assert refusal("microseg_check", path) == (1, "Paul is in vip, and should not be.")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("microseg_load", str(path), stderr=io.StringIO())
    assert "3 personas are" in say("microseg_check", _file(tmp_path, personas=[LENA, {"name": "B", "not_in": ["vip"]}]))


def test_persona_of_a_segment_that_is_not_in_force_is_named_and_is_no_failure(tmp_path: Path) -> None:
    Segment.objects.create(slug="vip", name="vip")
    Persona.objects.create(name="Paul", wanted=["vip"])
    complaints = io.StringIO()
    call_command("microseg_check", stdout=io.StringIO(), stderr=complaints)
    assert "Paul waits: vip is not in force." in complaints.getvalue()
