"""Golden personas of the database: who is where they belong, why not, and whom a change of rules would break."""

from __future__ import annotations

from typing import Any

import pytest

from django_microseg.segment.models import Segment
from django_microseg.segment.personas.broken import Broken, broken_by, fingerprint_of
from django_microseg.segment.personas.models import Persona
from django_microseg.segment.personas.stored import ask_stored, entry_of, stored_as
from django_microseg.segment.personas.verdict import rules_in_force
from django_microseg.segment.personas.why import complaints_of
from django_microseg.segment.publish import pause
from django_microseg.segment.text import parse
from django_microseg.segment.vocabulary import build_labels
from tests.segment.shop import NOW, put_in_force

pytestmark = pytest.mark.django_db

VIP = 'count("order_completed", days=365) >= 2'
BUYS = {"event": "order_completed", "days_ago": 3, "times": 2, "days_between": 30, "revenue": 50}


def _persona(name: str = "Lena", **said: Any) -> Persona:
    return Persona.objects.create(name=name, **stored_as({"events": [BUYS], **said}))


def _broken(**rules: str | None) -> tuple[Broken, ...]:
    return broken_by({slug: parse(text) if text else None for slug, text in rules.items()}, now=NOW)


def _complaints(row: Persona) -> list[str]:
    rules = rules_in_force()
    (asked,) = ask_stored([row], rules, now=NOW)
    assert asked.story is not None
    assert asked.verdict is not None
    return complaints_of(asked.story, asked.verdict, rules, labels=build_labels(), now=NOW)


# -- whom a change would break


def test_change_that_breaks_a_persona_names_it_and_says_why() -> None:
    put_in_force(NOW, vip=VIP)
    lena = _persona(**{"in": ["vip"]})
    (found,) = _broken(vip=VIP.replace("2", "3"))
    assert (found.persona_id, found.missing, found.extra, found.is_new) == (lena.pk, ("vip",), (), True)
    assert found.complaints == (
        "Lena is not in “vip”: bought at least 3 times in the last 365 days (at least 3 needed, 2 there)",
    )


def test_change_that_breaks_nobody_says_nothing() -> None:
    put_in_force(NOW, vip=VIP)
    _persona(**{"in": ["vip"]})
    assert _broken(vip='count("order_completed", days=365) >= 1') == ()


def test_change_that_lets_somebody_in_who_must_stay_out_breaks_them() -> None:
    put_in_force(NOW, vip=VIP.replace("2", "3"))
    _persona(not_in=["vip"])
    (found,) = _broken(vip=VIP)
    assert (found.missing, found.extra, found.is_new) == ((), ("vip",), True)
    assert found.complaints == ("Lena is in “vip”: bought at least 2 times in the last 365 days (2 there)",)


def test_persona_that_failed_before_is_named_but_is_not_new() -> None:
    put_in_force(NOW, vip=VIP.replace("2", "3"))
    _persona(**{"in": ["vip"]})
    (found,) = _broken(vip=VIP.replace("2", "4"))
    assert (found.name, found.is_new) == ("Lena", False)


def test_change_that_mends_a_persona_says_nothing() -> None:
    put_in_force(NOW, vip=VIP.replace("2", "3"))
    _persona(**{"in": ["vip"]})
    assert _broken(vip=VIP) == ()


def test_persona_of_a_segment_that_uses_the_changed_one_breaks_too() -> None:
    put_in_force(NOW, vip=VIP)
    put_in_force(NOW, guests='segment("vip") and not tier == "staff"')
    _persona(**{"in": ["guests"]})
    (found,) = _broken(vip="nobody()")
    assert found.missing == ("guests",)


def test_persona_of_another_segment_is_not_asked() -> None:
    put_in_force(NOW, vip=VIP, lost="nobody()")
    _persona(**{"in": ["lost"]})
    assert _broken(vip="nobody()") == ()


def test_first_rule_of_a_segment_breaks_a_persona_that_waits_for_it() -> None:
    Segment.objects.create(slug="vip", name="vip")
    _persona(**{"in": ["vip"]})
    (found,) = _broken(vip="nobody()")
    assert (found.missing, found.is_new) == (("vip",), True)
    assert _broken(vip=VIP) == ()


def test_segment_taken_out_of_force_breaks_those_that_go_by_it_and_lets_its_own_wait() -> None:
    put_in_force(NOW, vip=VIP)
    put_in_force(NOW, guests='segment("vip")')
    _persona("Own", **{"in": ["vip"]})
    _persona("Other", **{"in": ["guests"]})
    assert [each.name for each in _broken(vip=None)] == ["Other"]


def test_new_ones_stand_first_and_alone_make_the_fingerprint() -> None:
    put_in_force(NOW, vip=VIP)
    _persona("Anna", events=[], **{"in": ["vip"]})
    _persona("Zoe", **{"in": ["vip"]})
    both = _broken(vip=VIP.replace("2", "9"))
    assert [(each.name, each.is_new) for each in both] == [("Zoe", True), ("Anna", False)]
    assert fingerprint_of(both) == fingerprint_of(both[:1]) != fingerprint_of(both[1:]) == ""


def test_story_that_can_no_longer_be_read_breaks_nothing() -> None:
    put_in_force(NOW, vip=VIP)
    row = _persona(events=[{"event": "gone_since"}], **{"in": ["vip"]})
    assert _broken(vip="nobody()") == ()
    (asked,) = ask_stored([row], rules_in_force(), now=NOW)
    assert (asked.holds, asked.problem.startswith("event 1: No event of this name")) == (False, True)


def test_asking_costs_the_same_whatever_the_number_of_personas_and_segments(django_assert_num_queries: Any) -> None:
    put_in_force(NOW, vip=VIP, a="everyone()", b="nobody()", c=VIP)
    for number in range(8):
        _persona(f"Lena {number}", **{"in": ["vip", "a"]}, not_in=["b"])
    with django_assert_num_queries(4):  # the version in force, its rules, the personas, the names of segments
        assert len(_broken(vip="nobody()")) == 8


# -- why


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('tier == "gold"', 'has “gold” as tier (gold needed, silver there)'),
        ('not tier == "silver"', 'has “silver” as tier (silver there)'),
        ('known(birthday)', "known needed, unknown there"),
        ('tier == "gold" and count("order_completed") >= 2', "gold needed, silver there"),
        ('segment("lost")', "not so: "),
        ("nobody()", "its rule is true for nobody"),
    ],
)  # fmt: skip
def test_why_somebody_is_not_in_names_what_stands_in_the_way(rule: str, said: str) -> None:
    put_in_force(NOW, lost="nobody()")
    put_in_force(NOW, vip=rule)
    (line,) = _complaints(_persona(facts={"tier": "silver"}, **{"in": ["vip"]}))
    assert line.startswith("Lena is not in “vip”: ")
    assert said in line


def test_of_alternatives_each_is_named_and_what_is_met_is_not() -> None:
    put_in_force(NOW, vip='count("order_completed") >= 1 and (tier == "gold" or count("product_viewed") >= 3)')
    (line,) = _complaints(_persona(facts={"tier": "silver"}, **{"in": ["vip"]}))
    assert ("gold needed" in line, "at least 3 needed, 0 there" in line, "2 there" in line) == (True, True, False)


def test_why_somebody_is_in_names_what_is_met() -> None:
    put_in_force(NOW, vip='count("product_viewed") >= 3 or count("order_completed") >= 1', all="everyone()")
    lines = _complaints(_persona(not_in=["vip", "all"]))
    assert lines == [
        "Lena is in “all”: its rule is true for everybody",
        "Lena is in “vip”: bought at least once (2 there)",
    ]


def test_segment_that_is_not_in_force_is_waited_for() -> None:
    put_in_force(NOW, vip=VIP)
    row = _persona(**{"in": ["vip"]})
    pause(Segment.objects.get(), now=NOW)
    (asked,) = ask_stored([row], rules_in_force(), now=NOW)
    assert asked.verdict is not None
    assert (asked.holds, asked.verdict.waiting) == (True, ("vip",))


# -- stories


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (BUYS, 'count("order_completed") == 2 and sum("order_completed", "value") == 100'),
        (BUYS, 'count("order_completed", days=20) == 1 and count("order_completed", days=40) == 2'),
        ({"event": "product_viewed", "product_id": "b", "times": 3}, 'count("product_viewed") == 3'),
    ],
)
def test_event_that_happened_several_times_counts_as_often(event: dict[str, Any], rule: str) -> None:
    put_in_force(NOW, vip=rule)
    (asked,) = ask_stored([_persona(events=[event], **{"in": ["vip"]})], rules_in_force(), now=NOW)
    assert asked.holds


@pytest.mark.parametrize("times", [0, 1.5, 1001, "many"])
def test_number_of_times_is_a_whole_number_within_reason(times: Any) -> None:
    put_in_force(NOW, vip=VIP)
    (asked,) = ask_stored([_persona(events=[{**BUYS, "times": times}])], rules_in_force(), now=NOW)
    assert "event 1: times" in asked.problem


def test_what_we_count_ourselves_may_be_said_of_a_persona_but_not_the_age() -> None:
    put_in_force(NOW, vip='favourite_category == "boots"')
    rules = rules_in_force()
    boots = _persona("Boots", facts={"favourite_category": "boots"}, **{"in": ["vip"]})
    old = _persona("Old", facts={"age": 40}, **{"in": ["vip"]})
    asked = ask_stored([boots, old], rules, now=NOW)
    assert [each.holds for each in asked] == [True, False]
    assert "Set 'birthday' instead" in asked[1].problem


def test_entry_of_a_file_is_kept_and_written_again_as_it_was() -> None:
    entry = {"name": "Lena", "events": [BUYS], "context": {"hour": 21}, "in": ["vip"]}
    assert entry_of(Persona(name="Lena", **stored_as(entry))) == entry
