"""Decisions in words: every reason has some, and names stand where the shop has given them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from django_microseg.decide import words
from django_microseg.decide.slots import Choice, Decision, Reason, Rejection, choose, default_for
from django_microseg.decide.words import Names, PassedOver, Told, tell

NOON = 1_700_000_000_000  # 14 November 2023, 22:13:20 in London
PLAIN = Choice("plain", "hero", (), False, "x", "", 0, None, None, 0)
MEMBERS = replace(PLAIN, slug="members", segments=("vip", "new"))
NAMES = Names({"vip": "VIP"}, {"members": "For members"})


def _told(choices, *segments):
    return tell(choose("hero", choices, frozenset(segments), now=NOON), choices, frozenset(segments), NAMES)


def test_what_fits_says_by_which_segments():
    assert _told([MEMBERS], "vip") == Told("hero", "members", "For members", "You are in “VIP”.", ())


def test_what_is_for_everybody_says_so():
    assert _told([PLAIN]).why == "It is for everybody."


def test_what_was_passed_over_says_for_whom_it_is():
    assert _told([MEMBERS, PLAIN]) == Told(
        "hero",
        "plain",
        "plain",
        "It is for everybody.",
        (PassedOver("members", "For members", "It is for “VIP” or “new”."),),
    )


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (replace(MEMBERS, needs_all=True), "You are not in “new”."),
        (replace(MEMBERS, starts_at=NOON + 1), "It begins on 2023-11-14 22:13."),
        (replace(MEMBERS, ends_at=NOON), "It ended on 2023-11-14 22:13."),
    ],
)
def test_objection_names_what_is_missing(choice, why):
    assert [each.why for each in _told([choice], "vip").passed_over] == [why]


def test_content_that_failed_shows_the_default_and_says_what_failed():
    told = tell(Decision("hero", PLAIN, Reason.FITS), [PLAIN], (), NAMES, {"plain": "ValueError: no voice"})
    assert told == Told(
        "hero",
        "",
        "",
        "Something failed, so the default is shown. The log says what.",
        (PassedOver("plain", "plain", "It could not be shown: ValueError: no voice"),),
    )


def test_every_reason_has_words():
    own = {Reason.FITS, Reason.SEGMENTS, Reason.NOT_YET, Reason.OVER}
    assert set(words._REASONS) == set(Reason) - own


def test_default_says_why():
    assert tell(default_for("hero", Reason.BOT), (), (), NAMES) == Told(
        "hero", "", "", "Machines are shown the default.", ()
    )


def test_experience_that_is_gone_meanwhile_is_told_by_its_slug():
    decision = Decision("hero", None, Reason.NOTHING_FITS, (Rejection("gone", Reason.BOT),))
    assert tell(decision, (), (), NAMES).passed_over == (PassedOver("gone", "gone", "Machines are shown the default."),)
