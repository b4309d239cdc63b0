"""What could not be stored: read-only, with the reason, and the payload as it came."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from django_microseg.collect.models import QuarantinedEvent

pytestmark = pytest.mark.django_db

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
