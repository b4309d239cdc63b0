"""Figures in words: signs, periods, singulars, and no per cent of nobody."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.segment.admin_versions import Piece, changed_words
from django_microseg.segment.admin_words import ago, change_in_words, growth_in_words, signed, split_in_words
from django_microseg.segment.sizes.growth import Change, Growth, Known

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def _growth(*sizes: int) -> Growth:
    first = dt.date(2026, 2, 1)
    known = [Known(size, 0, 0, 0, is_recomputed=False) for size in sizes]
    return Growth(tuple((first + dt.timedelta(days=n), each) for n, each in enumerate(known)))


@pytest.mark.parametrize(("number", "words"), [(1234, "+1,234"), (0, "0"), (-5, "\N{MINUS SIGN}5")])
def test_change_has_its_sign(number, words):
    assert signed(number) == words


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ((), ""),
        ((3,), "first counted 2026-02-01"),
        ((3, 4), "+1 in 1 day"),
        ((3, 3), "no change in 1 day"),
        ((1500, 9, 3), "\N{MINUS SIGN}1,497 in 2 days"),
    ],
)
def test_change_stands_with_its_period(sizes, words):
    assert change_in_words(_growth(*sizes)) == words


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (Change(50, 56, 30), "“VIP” grew by 12.0 % in 30 days, from 50 to 56"),
        (Change(56, 50, 1), "“VIP” shrank by 10.7 % in 1 day, from 56 to 50"),
        (Change(0, 2000, 3), "“VIP” grew from nobody to 2,000 in 3 days"),
        (Change(5, 0, 3), "“VIP” shrank by 100.0 % in 3 days, from 5 to 0"),
        (Change(0, 0, 3), "“VIP” is as large as 3 days ago: 0"),
    ],
)
def test_title_of_a_chart_is_its_answer(change, title):
    assert growth_in_words("VIP", change) == title


@pytest.mark.parametrize(
    ("size", "identified", "words"),
    [
        (0, 0, []),
        (2, 2, ["all of them customers"]),
        (2, 0, ["all of them visitors"]),
        (1002, 1, ["1 customer", "1,001 visitors"]),
    ],
)
def test_members_are_told_apart(size, identified, words):
    assert split_in_words(size, identified) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "just now"), (59, "just now"), (60, "1\xa0minute ago"), (7300, "2\xa0hours ago")]
)
def test_moment_is_said_in_one_unit(seconds, words):
    assert ago(NOW - dt.timedelta(seconds=seconds), NOW) == words


def test_words_that_changed_are_marked():
    assert changed_words("bought at least 3 times in 30 days", "bought at least 5 times in 30 days") == (
        Piece("kept", "bought at least "),
        Piece("removed", "3 "),
        Piece("added", "5 "),
        Piece("kept", "times in 30 days"),
    )


@pytest.mark.parametrize("before", ["", "visited twice", "is in Spain and speaks Dutch now"])
def test_first_and_wholly_different_sentences_stand_as_they_are(before):
    assert changed_words(before, "bought at least 5 times") == (Piece("kept", "bought at least 5 times"),)


def test_same_sentence_has_no_marks():
    assert changed_words("bought once", "bought once") == (Piece("kept", "bought once"),)
