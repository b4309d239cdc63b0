"""What could not be stored: with the reason and the payload as it came, and tried again once it is mended."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.profile.tombstone import remember_erased

pytestmark = pytest.mark.django_db

VISITOR = "visitor-number-one"
LIST = "/admin/django_microseg/quarantinedevent/"


@pytest.fixture
def refused() -> QuarantinedEvent:
    rows = [("order_completed", "bad_money"), ("page_viewed", "bad_time")]
    kept = [
        QuarantinedEvent.objects.create(
            source="web", name=name, reason=reason, detail=f"why {reason}", payload="<b>{}", received_at=timezone.now()
        )
        for name, reason in rows
    ]
    return kept[0]


def test_list_is_filtered_by_reason(owner, refused):
    page = owner.get(LIST, {"reason": "bad_money"}).text
    assert ("why bad_money" in page, "why bad_time" in page) == (True, False)


def test_event_is_found_by_its_whole_name(owner, refused):
    page = owner.get(LIST, {"q": "page_viewed"}).text
    assert ("why bad_money" in page, "why bad_time" in page) == (False, True)


def test_payload_is_shown_as_it_came(owner, refused):
    page = owner.get(reverse("admin:django_microseg_quarantinedevent_change", args=[refused.pk])).text
    assert '<pre class="microseg-text">&lt;b&gt;{}</pre>' in page


def test_nothing_is_changed_here(owner, refused):
    changed = owner.post(f"{LIST}{refused.pk}/change/", {"name": "other"})
    deleted = owner.post(f"{LIST}{refused.pk}/delete/", {"post": "yes"})
    added = owner.get(f"{LIST}add/")
    assert (changed.status_code, deleted.status_code, added.status_code) == (403, 403, 403)
    assert QuarantinedEvent.objects.count() == 2


# -- mended, and tried again


@pytest.fixture
def view() -> QuarantinedEvent:
    """A product view whose time cannot be read."""
    event = IncomingEvent("product_viewed", "m-1", "some day", visitor_key=VISITOR, properties={"product_id": "p1"})
    ingest([event], source="browser", received_at=timezone.now(), is_public=True)
    return QuarantinedEvent.objects.get()


def page_of(row: QuarantinedEvent) -> str:
    return f"{LIST}{row.pk}/mend/"


def mended(row: QuarantinedEvent, **changes: object) -> dict[str, str]:
    return {"payload": json.dumps({**json.loads(row.payload), **changes})}


def test_mended_event_is_stored_as_the_one_it_was(owner, view):
    assert "some day" in owner.get(page_of(view)).text
    now = timezone.now().isoformat()
    owner.post(page_of(view), mended(view, occurred_at=now))
    event = Event.objects.get()
    assert (event.name, event.source, event.product_key, event.visitor_key) == (
        "product_viewed",
        "browser",
        "p1",
        VISITOR,
    )
    assert not QuarantinedEvent.objects.exists()
    again = IncomingEvent("product_viewed", "m-1", now, visitor_key=VISITOR, properties={"product_id": "p1"})
    assert ingest([again], source="browser", received_at=timezone.now(), is_public=True).duplicates == 1


@pytest.mark.parametrize(
    "changes", [{"occurred_at": "never"}, {"name": "order_completed"}, {"colour": "red"}, {"name": 7}]
)
def test_what_is_still_wrong_stays_and_is_said(owner, view, changes):
    page = owner.post(page_of(view), mended(view, **changes))
    assert page.status_code == 200
    assert "errornote" in page.text
    assert (Event.objects.count(), QuarantinedEvent.objects.get().pk) == (0, view.pk)


@pytest.mark.parametrize("payload", ["", "[]", "{}", "{", "[" * 100_000], ids=["none", "list", "empty", "cut", "deep"])
def test_payload_that_is_no_event_is_refused(owner, view, payload):
    assert "errornote" in owner.post(page_of(view), {"payload": payload}).text
    assert QuarantinedEvent.objects.filter(pk=view.pk).exists()


def test_chosen_events_are_tried_as_they_came(owner, settings):
    settings.MICROSEG = {}
    events = [IncomingEvent("fitting_booked", f"m-{n}", timezone.now(), customer_key="17") for n in range(2)]
    events.append(IncomingEvent("nonsense", "m-3", timezone.now(), customer_key="17"))
    ingest(events, source="shop", received_at=timezone.now())
    settings.MICROSEG = {"EVENTS": {"fitting_booked": {"summary": "A fitting was booked."}}}
    chosen = [row.pk for row in QuarantinedEvent.objects.all()]
    page = owner.post(LIST, {"action": "try_again", "_selected_action": chosen}, follow=True).text
    assert "2 events are stored now." in page
    assert "1 event is still refused: No event of this name is known" in page
    assert (Event.objects.count(), QuarantinedEvent.objects.count()) == (2, 1)


def test_order_from_the_shop_is_kept_by_contract(owner):
    order = IncomingEvent(
        "order_completed", "o-1", "when?", customer_key="17", properties={"order_id": "A", "revenue": 5}
    )
    ingest([order], source="shop", received_at=timezone.now(), basis="contract")
    row = QuarantinedEvent.objects.get()
    owner.post(page_of(row), mended(row, occurred_at=timezone.now().isoformat()))
    assert Event.objects.get(name="order_completed").basis == "contract"


def test_of_who_was_erased_since_nothing_is_kept(owner, view):
    remember_erased([("visitor", VISITOR)], now=timezone.now())
    owner.post(page_of(view), mended(view, occurred_at=timezone.now().isoformat()))
    assert not Event.objects.exists()
    assert [row.payload for row in QuarantinedEvent.objects.all()] == [""]


def test_mending_needs_the_permission(staff, view):
    looker, mender = staff("view_quarantinedevent"), staff("view_quarantinedevent", "change_quarantinedevent")
    form = mended(view, occurred_at=timezone.now().isoformat())
    assert (looker.get(page_of(view)).status_code, looker.post(page_of(view), form).status_code) == (403, 403)
    assert page_of(view) not in looker.get(f"{LIST}{view.pk}/change/").text
    assert page_of(view) in mender.get(f"{LIST}{view.pk}/change/").text
    mender.post(page_of(view), form)
    assert Event.objects.count() == 1
