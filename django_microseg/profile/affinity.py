"""What somebody is drawn to: interest in categories, brands and attributes, and the channels they come by.

Comes in: profiles. Goes out: for each a ranked list by kind. Each event counts by how much it says (`WEIGHTS`) and
fades with time: after `HALF_LIFE` it counts half. A share is a value's part of all interest of its kind. Fading is the
same for all, so shares change when something happens and not by waiting.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from ..collect.models import Event
from ..collect.record import LABEL_END

__all__ = ["HALF_LIFE", "HORIZON", "KINDS", "WEIGHTS", "Affinities", "Affinity", "affinities_of"]

HALF_LIFE = dt.timedelta(days=30)
#: What is older counts nothing: less than 1 part in 4,000 of what it once was.
HORIZON = 12 * HALF_LIFE

#: How much an event says about an interest. A purchase is an event for each line of an order.
WEIGHTS: Mapping[str, int] = {
    "product_list_viewed": 1,
    "product_clicked": 1,
    "product_viewed": 1,
    "product_shared": 2,
    "product_added_to_wishlist": 2,
    "product_added": 3,
    "product_purchased": 5,
    "product_reviewed": 2,
}
KINDS = ("category", "brand", "attribute", "channel")
_ATTRIBUTE = "attribute="
#: Occasions that say by which channel somebody came; page views count once for each visit.
_OCCASIONS: Mapping[str, str] = {"app_opened": "app", "store_visited": "store", "order_completed": ""}
_STORE, _WEB = "store", "web"
_DEVICES: Mapping[str, str] = {"mobile": "mobile", "tablet": "mobile", "desktop": "desktop"}


@dataclass(frozen=True, slots=True)
class Affinity:
    """``share`` is from 0 to 1."""

    value: str
    share: float


#: By kind, the strongest first.
Affinities = Mapping[str, tuple[Affinity, ...]]

_Told = tuple[int, str, str, int, dt.datetime]  # profile, kind, value, weight, when


def affinities_of(profile_ids: Collection[int], *, now: dt.datetime) -> dict[int, Affinities]:
    """The affinities of some people, of those of whom anything is known. Two statements."""
    scores: dict[tuple[int, str], dict[str, float]] = defaultdict(dict)
    for profile_id, kind, value, weight, at in (*_interests(profile_ids, now), *_occasions(profile_ids, now)):
        of_kind = scores[profile_id, kind]
        of_kind[value] = of_kind.get(value, 0.0) + weight * _faded(now - at)
    found: dict[int, dict[str, tuple[Affinity, ...]]] = defaultdict(dict)
    for (profile_id, kind), of_kind in scores.items():
        found[profile_id][kind] = _ranked(of_kind)
    return dict(found)


def _ranked(scores: Mapping[str, float]) -> tuple[Affinity, ...]:
    whole = sum(scores.values())
    ordered = sorted(scores.items(), key=lambda row: (-row[1], row[0]))
    return tuple(Affinity(value, score / whole) for value, score in ordered)


def _faded(age: dt.timedelta) -> float:
    """Half after a half-life. What is dated ahead by a clock that is wrong counts in full."""
    return float(0.5 ** max(age / HALF_LIFE, 0.0))


def _interests(profile_ids: Collection[int], now: dt.datetime) -> Iterator[_Told]:
    rows = _events(profile_ids, now).filter(name__in=WEIGHTS)
    for pk, name, category, brand, labels, at in rows.values_list(
        "profile", "name", "category", "brand", "labels", "occurred_at"
    ):
        attributes = [part.removeprefix(_ATTRIBUTE) for part in labels.split(LABEL_END) if part.startswith(_ATTRIBUTE)]
        told = [("category", category), ("brand", brand), *(("attribute", each) for each in attributes)]
        for kind, value in told:
            if value:
                yield pk, kind, value, WEIGHTS[name], at


def _occasions(profile_ids: Collection[int], now: dt.datetime) -> Iterator[_Told]:
    events = _events(profile_ids, now)
    visits = events.filter(name="page_viewed").exclude(visit_key="")
    rows = visits.values_list("profile", "visit_key", "device").annotate(at=Max("occurred_at"))
    for pk, _, device, at in rows.order_by("profile"):
        yield pk, "channel", _DEVICES.get(device, _WEB), 1, at
    others = events.filter(name__in=_OCCASIONS).values_list("profile", "name", "channel", "device", "occurred_at")
    for pk, name, channel, device, at in others:
        place = _STORE if channel == _STORE else _OCCASIONS[name]
        yield pk, "channel", place or _DEVICES.get(device, _WEB), 1, at


def _events(profile_ids: Collection[int], now: dt.datetime) -> QuerySet[Event]:
    return Event.objects.filter(profile__in=profile_ids, occurred_at__gt=now - HORIZON, voided_at=None)
