"""A preview stops when it takes too long or is overtaken, and a dead cache stops nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection

from django_microseg.segment import patience
from django_microseg.segment.patience import Overtaken, Patience, TooMuch, take_turn
from django_microseg.segment.preview import preview_rule
from django_microseg.segment.text import parse
from tests.segment.shop import NOW, buy

RULE = 'count("order_completed") >= 1'


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class _Dead:
    def get(self, *args: Any) -> None:
        raise ConnectionError

    set = get


@pytest.fixture(autouse=True)
def _patience_of_previews_is_long() -> None:
    """Not here: patience is as long as in a shop."""


@pytest.mark.parametrize("seconds", [(3,), ()], ids=["said", "unsaid"])
def test_patience_ends_with_the_time(seconds: tuple[float, ...]) -> None:
    clock = _Clock()
    ours = Patience(*seconds, clock=clock)
    clock.now = 103
    ours.go_on()
    clock.now = 103.1
    with pytest.raises(TooMuch):
        ours.go_on()


def test_newer_question_of_the_same_asker_overtakes_the_older_one_and_nobody_else_s() -> None:
    first, other = take_turn("ann:page-1"), take_turn("ann:page-2")
    assert (first(), other()) == (True, True)
    second = take_turn("ann:page-1")
    assert (first(), second(), other()) == (False, True, True)
    with pytest.raises(Overtaken):
        Patience(is_newest=first).go_on()


def test_dead_cache_overtakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_turns", _Dead)
    first = take_turn("ann")
    assert take_turn("ann")()
    assert first()


@pytest.mark.django_db
def test_preview_stops_before_it_asks_anybody() -> None:
    buy("ann")
    with pytest.raises(Overtaken):
        preview_rule(parse(RULE), patience=Patience(is_newest=lambda: False), now=NOW)
    with pytest.raises(TooMuch):
        preview_rule(parse(RULE), patience=Patience(-1) if connection.vendor == "sqlite" else Patience(0.0001), now=NOW)
    assert preview_rule(parse(RULE), patience=Patience(60), now=NOW).size == 1


@pytest.mark.django_db
def test_statement_that_takes_too_long_is_ended_by_postgresql_and_the_limit_with_it() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL ends statements")
    with pytest.raises(TooMuch), Patience(0.05).in_database(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    with Patience(2).in_database(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
        assert cursor.fetchone() == ("2s", "off")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db
def test_other_faults_of_the_database_stay_what_they_are() -> None:
    with pytest.raises(OperationalError, match="gone"), Patience().in_database():
        raise OperationalError("gone")
