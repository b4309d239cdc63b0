"""A page whose row is behind what the browser has caused waits for it, but not for long."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest

from django_microseg.decide import known
from django_microseg.segment import reader
from tests.doors.browsers import cookie_of, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(shopper, buyers):
    shopper.get("/")
    shopper.post("/add/")
    return shopper


@pytest.fixture
def late_writer(monkeypatch):
    """Another process: its write is seen only from the third read on."""
    real, reads = reader.read, []

    def read(visitor_key, *, now):
        reads.append(visitor_key)
        view = real(visitor_key, now=now)
        if len(reads) < 3 and view.row is not None:
            view.row = replace(view.row, revision=0, snapshot=None, state=None)
        return view

    monkeypatch.setattr(reader, "read", read)
    return reads


def test_page_waits_until_the_row_has_caught_up(member, late_writer):
    response, _ = send(member, "/")
    assert b"<b>for-buyers</b>" in response.content
    assert len(late_writer) == 3


def test_page_that_is_not_behind_reads_once(member):
    assert len(send(member, "/")[1]) == 1


def test_page_that_waits_in_vain_goes_on_and_never_waits_again(member, monkeypatch):
    seconds = []
    for _ in range(3):  # a busy machine may hold up any of them
        member.cookies["microseg"] = replace(cookie_of(member), sequence=10_000).dump()
        started = monotonic()
        response, statements = send(member, "/")
        seconds.append(monotonic() - started)
        assert b"<b>for-buyers</b>" in response.content
        assert len(statements) > 1
        assert len(send(member, "/")[1]) == 1
    assert min(seconds) < 1


def test_waiting_is_bounded_by_fifty_milliseconds():
    assert known.WAIT_SECONDS == 0.05
