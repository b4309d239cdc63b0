"""What a person has redeemed: handed out to them alone, and no more theirs after an erasure."""

from __future__ import annotations

import pytest

from django_microseg.decide.offers.keys import Person, scopes_used
from django_microseg.decide.offers.models import Redemption, RedemptionKey
from django_microseg.privacy.erase import erase_customer
from django_microseg.privacy.registry import tables
from django_microseg.privacy.subject import Subject, subject_of_customer
from tests.privacy.lives import NOW, hits, live, redeem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cache")]

JANE = Person("jane-7711", "jane@x.com", ("jane@x.com",))


def exported(model: type, subject: Subject) -> list[int]:
    entry = next(entry for entry in tables() if entry.model is model)
    return [row["id"] for row in entry.export(subject)]


@pytest.fixture
def both() -> tuple[Redemption, Redemption]:
    """What Jane and John have each redeemed."""
    live("jane-7711", ["jane-phone-8f2c"], "jane@x.com")
    live("john-42", ["john-phone-77de"], "john@x.com")
    first, second = Redemption.objects.order_by("pk")
    return first, second


def test_export_holds_ones_own_redemptions_and_nobody_elses(both):
    subject = subject_of_customer("jane-7711")
    assert exported(Redemption, subject) == [both[0].pk]
    assert exported(RedemptionKey, subject) == list(both[0].keys.order_by("pk").values_list("pk", flat=True))


def test_export_finds_a_guest_by_their_address_and_a_customer_without_a_profile_by_their_key():
    guest = redeem("A-1", Person("", "g@x.com", ("g@x.com",)), None)
    customer = redeem("A-2", Person("ada"), None)
    assert exported(Redemption, subject_of_customer("nobody", words=["G+tag@x.com"])) == [guest.pk]
    assert exported(Redemption, subject_of_customer("ada")) == [customer.pk]
    assert exported(Redemption, subject_of_customer("nobody", words=["other@x.com"])) == []


def test_erasure_leaves_the_shops_figures_without_a_name(both):
    jane, john = both
    counts = erase_customer("jane-7711", now=NOW, words=["jane@x.com"])
    jane.refresh_from_db()
    john.refresh_from_db()
    assert (counts["django_microseg_redemption"], jane.profile_id, jane.amount_minor) == (1, None, 100)
    assert john.profile_id is not None
    assert hits("jane-7711", "jane@x.com", "jane-phone-8f2c") == []


def test_nobody_uses_an_offer_twice_by_asking_to_be_forgotten(both):
    erase_customer("jane-7711", now=NOW, words=["jane@x.com"])
    assert scopes_used(JANE) == {"thanks"}


def test_second_erasure_changes_nothing(both):
    erase_customer("jane-7711", now=NOW)
    assert erase_customer("jane-7711", now=NOW)["django_microseg_redemption"] == 0
