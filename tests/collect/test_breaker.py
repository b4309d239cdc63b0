from __future__ import annotations

from django_microseg.collect.breaker import Breaker, LogLimit


def test_two_failures_are_tolerated():
    breaker = Breaker()
    breaker.note_failure(1.0)
    breaker.note_failure(2.0)
    assert not breaker.is_open(2.0)


def test_third_failure_opens_for_ten_seconds():
    breaker = Breaker()
    for second in (1.0, 2.0, 3.0):
        breaker.note_failure(second)
    assert [breaker.is_open(now) for now in (3.0, 12.9, 13.0)] == [True, True, False]


def test_one_more_failure_after_the_pause_opens_again():
    breaker = Breaker(failures=3, opened_at=0.0)
    assert not breaker.is_open(10.0)
    breaker.note_failure(10.0)
    assert breaker.is_open(19.9)


def test_success_forgets_earlier_failures():
    breaker = Breaker(failures=2)
    breaker.note_success()
    breaker.note_failure(1.0)
    assert not breaker.is_open(1.0)


def test_first_message_is_admitted_and_the_next_are_counted():
    limit = LogLimit()
    assert [limit.admit(now) for now in (5.0, 6.0, 64.9, 65.0)] == [0, None, None, 2]
