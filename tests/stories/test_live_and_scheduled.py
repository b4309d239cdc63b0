"""S34: what was kept up to date click by click is what a full recomputation finds, by fold and by scan.

A hundred people of the year that the presets are proven on, day by day, with a sweep once a week; some days' events
arrive a day late.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby

import pytest

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.profile.models import Profile
from django_microseg.segment.install import install_presets
from django_microseg.segment.models import Membership
from django_microseg.segment.presets import PRESETS
from django_microseg.segment.refresh import Refreshed, refresh_all, refresh_due, refresh_population
from tests.presets.population import NOW, population

DAY = dt.timedelta(days=1)


def members() -> set[tuple[str, str]]:
    rows = Membership.objects.filter(definition__state="live")
    return set(rows.values_list("segment__slug", "profile__key"))


def day_of(event: IncomingEvent) -> int:
    assert isinstance(event.occurred_at, dt.datetime)
    return (event.occurred_at - NOW) // DAY


@pytest.mark.django_db
def test_live_and_scheduled_recompute_give_the_same_members() -> None:
    install_presets(list(PRESETS), now=NOW - 400 * DAY)
    events = sorted(population(customers=90, visitors=10), key=lambda event: day_of(event) + (day_of(event) % 5 == 0))
    for day, found in groupby(events, key=lambda event: day_of(event) + (day_of(event) % 5 == 0)):
        ingest(found, source="server", received_at=NOW + (day + 1) * DAY)
        if day % 7 == 0:
            refresh_due(NOW + (day + 1) * DAY)
    # The last late day arrived a day after NOW.
    end = NOW + DAY
    refresh_population(end)
    refresh_due(end)
    live = members()
    assert {slug for slug, _ in live} >= {"vip", "lost", "lapsing-buyers", "big-spenders", "coupon-only-buyers"}
    everybody = Profile.objects.count()
    assert refresh_all(end, by="scan") == Refreshed(everybody, 0, 0)
    assert refresh_all(end, by="fold") == Refreshed(everybody, 0, 0)
    assert members() == live
