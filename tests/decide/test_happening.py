"""What is noted inside a transaction counts only if that commits."""

from __future__ import annotations

import pytest
from django.db import transaction

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.decide.happening import FoundCustomer, Happenings, NewId, Noted, TooManyHappenings


def _event(name: str = "product_viewed", *, is_immediate: bool = False) -> Noted:
    return Noted(IncomingEvent(name), is_immediate=is_immediate)


def _note_and_roll_back(happenings: Happenings) -> None:
    with transaction.atomic():
        happenings.note(_event("lost"))
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
class TestOutsideOfTests:
    def test_noted_without_a_transaction_is_certain_at_once(self):
        happenings, event = Happenings(), _event()
        happenings.note(event)
        assert happenings.take() == [event]

    def test_noted_in_a_committed_transaction_counts(self):
        happenings, event = Happenings(), _event()
        with transaction.atomic():
            happenings.note(event)
        assert happenings.take() == [event]

    def test_noted_in_a_transaction_that_was_rolled_back_is_gone(self):
        happenings = Happenings()
        with pytest.raises(ZeroDivisionError):
            _note_and_roll_back(happenings)
        assert happenings.take() == []

    def test_noted_in_a_savepoint_that_was_rolled_back_is_gone_alone(self):
        happenings, kept = Happenings(), _event("kept")
        with transaction.atomic():
            happenings.note(kept)
            with pytest.raises(ZeroDivisionError):
                _note_and_roll_back(happenings)
        assert happenings.take() == [kept]


@pytest.mark.django_db
class TestInsideOfATestCase:
    def test_noted_in_a_test_that_is_rolled_back_at_its_end_counts(self):
        happenings, event = Happenings(), _event()
        with transaction.atomic():
            happenings.note(event)
        assert happenings.take() == [event]

    def test_noted_in_a_savepoint_that_was_rolled_back_does_not(self):
        happenings = Happenings()
        with pytest.raises(ZeroDivisionError):
            _note_and_roll_back(happenings)
        assert happenings.take() == []

    def test_taking_empties_the_list(self):
        happenings = Happenings()
        happenings.note(_event())
        happenings.take()
        assert (happenings.take(), happenings.are_waiting) == ([], False)

    def test_what_could_not_be_stored_comes_first_again(self):
        happenings, early, late = Happenings(), _event("early"), _event("late")
        happenings.note(early)
        taken = happenings.take()
        happenings.note(late)
        happenings.put_back(taken)
        assert happenings.take() == [early, late]

    def test_one_immediate_event_makes_all_urgent(self):
        happenings = Happenings()
        happenings.note(_event())
        assert not happenings.are_urgent
        happenings.note(_event(is_immediate=True))
        assert happenings.are_urgent

    def test_beyond_two_hundred_nothing_is_noted_and_it_is_said(self):
        happenings = Happenings()
        for _ in range(200):
            happenings.note(_event())
        with pytest.raises(TooManyHappenings, match="has noted 200 events already"):
            happenings.note(_event())
        assert len(happenings.take()) == 200

    @pytest.mark.parametrize(
        ("what", "raises"),
        [
            ([], False),
            ([NewId("v", ("measurement",))], False),
            ([IncomingEvent("page_viewed")], True),
            ([IncomingEvent("page_viewed"), FoundCustomer("7")], False),
        ],
    )
    def test_only_events_of_a_known_profile_raise_its_revision(self, what, raises):
        happenings = Happenings()
        for each in what:
            happenings.note(Noted(each))
        assert happenings.will_raise_revision is raises
