from __future__ import annotations

import asyncio
import logging

import pytest

from django_microseg.collect.breaker import Breaker
from django_microseg.decide.guard import Guard

LOGGED = (
    "Could not read (visitor abc); the page is served without it. 0 faults of this kind "
    "were not logged since the last message."
)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def _fail() -> str:
    raise ValueError("the table is gone")


def test_answer_of_the_attempt_is_handed_on():
    assert Guard("try", breaker=None).run(lambda: "answer", "otherwise") == "answer"


def test_fault_gives_the_other_answer_and_is_logged_with_ids(caplog):
    assert Guard("read", breaker=None).run(_fail, "otherwise", about="visitor abc") == "otherwise"
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (
            logging.ERROR,
            LOGGED,
        )
    ]


def test_thousand_faults_are_logged_once(caplog):
    guard = Guard("read", breaker=None, clock=Clock())
    assert {guard.run(_fail, "otherwise") for _ in range(1000)} == {"otherwise"}
    assert len(caplog.records) == 1


def test_after_three_faults_nothing_is_tried_for_ten_seconds():
    clock, tried = Clock(), []
    guard = Guard("read", breaker=Breaker(), clock=clock)
    for _ in range(5):
        guard.run(lambda: tried.append(clock.now) or _fail(), None)
    clock.now += 10
    guard.run(lambda: tried.append(clock.now), None)
    assert tried == [100.0, 100.0, 100.0, 110.0]


def test_cancelling_is_no_fault():
    with pytest.raises(asyncio.CancelledError):
        Guard("read", breaker=None).run(_cancel, None)


def _cancel() -> None:
    raise asyncio.CancelledError
