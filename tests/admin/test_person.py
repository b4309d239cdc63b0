"""A person's scores, consents, export and erasure in the admin: who may, what goes, and what the log does not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from django_microseg.collect.models import Event
from django_microseg.decide.offers.models import Offer, Redemption
from django_microseg.privacy.consent import PURPOSES
from django_microseg.privacy.ledger import record_choice
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Merge, Profile
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

VISITOR, OTHER = "visitor-number-one", "visitor-number-two"
LIST = "/admin/django_microseg/profile/"


@pytest.fixture
def ada(happen: Any) -> Profile:
    happen("product_viewed", visitor=VISITOR, product_id="boot-1")
    happen("order_completed", customer="ada-7711", order_id="A-1", revenue="20", currency="GBP")
    merge_at_login(VISITOR, "ada-7711", now=timezone.now())
    return Profile.objects.get(customer_key="ada-7711")


@pytest.fixture
def bob(happen: Any) -> Profile:
    found: Profile = happen("order_completed", customer="bob-42", order_id="B-1", revenue="30", currency="GBP")
    return found


def page(profile: Profile, which: str = "change") -> str:
    return f"{LIST}{profile.pk}/{which}/"


def words(browser: Any, profile: Profile, which: str = "change") -> str:
    return read(browser.get(page(profile, which)).text).words


# -- scores


@pytest.fixture
def buyers(happen: Any) -> None:
    for n in range(30):
        for order in range(1 + n % 3):
            happen("order_completed", customer=f"c{n}", order_id=f"o-{n}-{order}", revenue=str(10 + n), currency="GBP",
                   days_ago=1 + n * 3 + order)  # fmt: skip


@pytest.mark.usefixtures("buyers")
def test_page_shows_where_a_person_stands_and_why(owner):
    said = words(owner, Profile.objects.get(customer_key="c2"))  # 3 orders of 12.00, the last 7 days ago
    assert "Champions: News first" in said
    assert "R: how recently 5 of 5 last order 1 week ago" in said
    assert "F: how often 5 of 5 3 orders" in said
    assert "M: how much 3 of 5 36.00 GBP spent" in said  # the 13th of 30


@pytest.mark.usefixtures("buyers")
def test_who_bought_nothing_has_no_scores_and_who_may_not_see_the_grid_no_link(staff, happen):
    looker = happen("product_viewed", visitor=VISITOR, product_id="boot-1")
    browser = staff("view_profile")
    assert "How recently" not in words(browser, looker)
    person = read(browser.get(page(Profile.objects.get(customer_key="c0"))).text)
    assert "How recently" in person.words
    assert "/admin/django_microseg/rfmgrid/" not in person.addresses()


def test_among_few_people_nobody_has_scores(owner, ada):
    assert "How recently" not in words(owner, ada)


def test_page_takes_as_many_queries_for_many_segments_and_events(
    owner, ada, make_segment, happen, django_assert_max_num_queries
):
    owner.get(page(ada))
    for number in range(8):
        make_segment(f"s{number}", f'count("order_completed") >= {number + 1}')
        happen("product_viewed", customer="ada-7711", product_id=f"boot-{number}")
    with django_assert_max_num_queries(18):
        owner.get(page(ada))
    with django_assert_max_num_queries(9):
        owner.get(page(ada, "explain/s0"))


def test_explanation_says_since_when_until_when_and_the_nearest_change(owner, ada, make_segment):
    make_segment("buyers", 'count("order_completed", days=30) >= 1')
    make_segment("loyal", 'count("order_completed", days=30) >= 2')
    inside, outside = words(owner, ada, "explain/buyers"), words(owner, ada, "explain/loyal")
    assert ("in it since" in inside, "leaves at" in inside, "Met since" in inside) == (True, True, True)
    assert "The smallest change that would let them in: " in outside


# -- consents


def test_consents_are_shown_with_their_history_and_nobody_elses(owner, ada, bob):
    now = timezone.now()
    record_choice(VISITOR, PURPOSES, text_version="text-one", now=now)
    record_choice(VISITOR, ["measurement"], text_version="text-two", now=now)
    record_choice(OTHER, PURPOSES, text_version="other-text", now=now)
    said = words(owner, ada)
    assert said.index("text-two") < said.index("text-one")
    assert "measurement, personalisation, advertising" in said
    assert "other-text" not in said
    assert "No consent of this person is on record" in words(owner, bob)


# -- export


def test_everything_is_handed_out_as_a_file_and_nothing_of_others(staff, ada, bob):
    answer = staff("view_profile", "export_person").post(page(ada, "export"))
    held = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="person-{ada.pk}.json"'
    assert "no-store" in answer["Cache-Control"]
    assert (held["customer_keys"], held["visitor_keys"]) == (["ada-7711"], [VISITOR])
    assert {row["order_key"] for row in held["tables"]["django_microseg_event"]} == {"", "A-1"}
    assert "bob-42" not in answer.text


def test_export_is_written_down_without_the_persons_key(staff, ada):
    staff("view_profile", "export_person").post(page(ada, "export"))
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id, entry.object_repr) == ("user-0", str(ada.pk), f"profile {ada.pk}")
    assert entry.change_message.startswith("everything held of this person handed out, ")


def test_looking_at_the_address_hands_out_nothing(owner, ada):
    assert owner.get(page(ada, "export")).status_code == 405
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("permissions", [(), ("view_profile",), ("view_profile", "erase_person"), ("export_person",)])
def test_without_the_permission_nothing_is_handed_out(staff, ada, permissions):
    assert staff(*permissions).post(page(ada, "export")).status_code == 403


# -- erasure


def test_page_says_in_numbers_what_will_be_lost_and_loses_nothing(owner, ada):
    offer = Offer.objects.create(slug="ten", name="Ten", headline="Ten", percent_hundredths=1000)
    Redemption.objects.create(
        offer=offer, order_key="A-1", amount_minor=100, currency="GBP", redeemed_at=timezone.now(), profile=ada
    )
    said = words(owner, ada, "erase")
    assert "about “ada-7711” will be lost." in said
    assert ("events 2" in said, "identities 2" in said, "profiles 2" in said) == (True, True, True)
    assert "redemptions: 1. These stay as the shop's book-keeping" in said
    owner.post(page(ada, "erase"), {"words": "ada@example.com"})  # not confirmed
    assert Profile.objects.filter(pk=ada.pk).exists()


def test_person_is_forgotten_and_the_neighbour_is_not(staff, ada, bob):
    answer = staff("view_profile", "erase_person").post(page(ada, "erase"), {"sure": "yes"}, follow=True)
    assert "The person is forgotten." in answer.text
    assert list(Profile.objects.values_list("pk", flat=True)) == [bob.pk]
    assert list(Event.objects.values_list("order_key", flat=True).distinct()) == ["B-1"]


def test_log_of_an_erasure_says_who_did_it_and_nothing_of_the_person(staff, ada):
    browser = staff("view_profile", "change_profile", "export_person", "erase_person")
    browser.post(page(ada, "export"))
    browser.post(f"{LIST}{ada.pk}/unmerge/{Merge.objects.get().pk}/")
    browser.post(page(ada, "erase"), {"sure": "yes", "words": "ada@example.com"})
    said = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert LogEntry.objects.count() == 3
    assert f"profile {ada.pk} erased, " in said
    assert not any(word in said for word in ("ada", VISITOR, "example.com"))


@pytest.mark.parametrize("permissions", [(), ("view_profile", "change_profile", "export_person"), ("erase_person",)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_permission_nobody_is_erased(staff, ada, permissions, method):
    answer = getattr(staff(*permissions), method)(page(ada, "erase"), {"sure": "yes"})
    assert (answer.status_code, Profile.objects.filter(pk=ada.pk).exists()) == (403, True)


def test_buttons_are_there_for_those_who_may(staff, ada):
    assert "Erase this person" not in words(staff("view_profile"), ada)
    assert "Download everything" not in words(staff("view_profile", "erase_person"), ada)
    both = words(staff("view_profile", "erase_person", "export_person"), ada)
    assert ("Erase this person" in both, "Download everything" in both) == (True, True)
    assert Permission.objects.filter(codename__in=("erase_person", "export_person")).count() == 2


def test_pages_keep_to_a_strict_content_policy(owner, ada):
    record_choice(VISITOR, PURPOSES, text_version="1", now=timezone.now())
    assert read(owner.get(page(ada)).text).refused == []
    assert read(owner.get(page(ada, "erase")).text).refused == []
