"""Sizes of many rules in one look: equal to what each segment has once it is in force, and to counting by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from django_microseg.profile.models import Profile
from django_microseg.segment import counting
from django_microseg.segment.counting import Counted, count_rules
from django_microseg.segment.models import Segment
from django_microseg.segment.own_words import OwnWords, own_words
from django_microseg.segment.presets import TEMPLATES, preset_rule
from django_microseg.segment.text import parse
from django_microseg.testing import Line, Story, days
from tests.stories.test_packs import LIVES

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story(now=NOW)


def _tell_the_planner() -> None:
    """PostgreSQL has seen these tables empty, after other tests, and would look through them row by row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def test_sizes_of_all_templates_are_those_of_the_segments_once_in_force(story):
    for slug, lives in LIVES.items():
        for number, live in enumerate(lives):
            live(story.shopper(f"{slug}-{number}"))
    _tell_the_planner()
    counts = count_rules({slug: preset_rule(slug) for slug in TEMPLATES}, now=story.now)
    for slug in TEMPLATES:
        story.preset(slug)
    story.sweep()
    _tell_the_planner()
    assert (counts.people, counts.asked) == (2 * len(LIVES), 2 * len(LIVES))
    assert {slug: counts.of[slug].size for slug in TEMPLATES} == {slug: len(story.members(slug)) for slug in TEMPLATES}


def test_counted_by_hand(story):
    story.segment("buyers", 'count("order_completed") >= 1')
    for name, times in (("ann", 3), ("bob", 1), ("eve", 0)):
        shopper = story.shopper(name).opens_page(at=days(-9))
        for number in range(times):
            shopper.buys(total=20, at=days(number - 8))
    rules = {"two": 'count("order_completed") >= 2', "keen": 'segment("buyers")', "all": "everyone()",
             "now": 'segment("buyers") and context.hour >= 20'}  # fmt: skip
    counts = count_rules({name: parse(text) for name, text in rules.items()}, now=story.now)
    assert counts.of == {"two": Counted(1, 0, False), "keen": Counted(2, 0, False), "all": Counted(3, 0, False),
                         "now": Counted(0, 0, True)}  # fmt: skip


def test_of_many_people_a_part_is_asked_and_says_how_far_off_it_may_be(story, monkeypatch):
    for number in range(40):
        story.shopper(f"s-{number}").opens_page()
    monkeypatch.setattr(counting, "MOST_ASKED", 20)
    counts = count_rules({"all": parse("everyone()"), "none": parse("nobody()")}, now=story.now)
    assert (counts.people, counts.is_estimate, 0 < counts.asked < 40) == (40, True, True)
    assert (counts.of["all"].size, counts.of["none"].size, counts.of["all"].margin > 0) == (40, 0, True)


def test_nobody_and_no_rule(story):
    assert count_rules({"all": parse("everyone()")}, now=NOW).of == {"all": Counted(0, 0, False)}
    assert (count_rules({}, now=NOW).of, Profile.objects.count(), Segment.objects.count()) == ({}, 0, 0)


def test_more_rules_take_no_more_statements(story, django_assert_num_queries):
    story.shopper("ann").buys(total=20)
    simple = {f"r-{n}": parse(f'count("order_completed", days={n + 1}) >= 1') for n in range(30)}
    count_rules(simple, now=NOW)
    for rules in ({"r": simple["r-1"]}, simple):
        with django_assert_num_queries(4):
            count_rules(rules, now=NOW)


def test_words_are_the_shops_own_the_most_frequent_first(story, django_assert_num_queries):
    boots = Line("b", "boots", "tarnway", price=5)
    story.shopper("ann").buys(lines=[boots, Line("s", "socks", "tarnway", price=2)]).buys(lines=[boots])
    with django_assert_num_queries(1):
        assert own_words() == OwnWords(("boots", "socks"), ("tarnway",))
