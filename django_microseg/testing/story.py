"""Stories for tests: people do things, through the same door as in your shop, and you ask who is in a segment.

    story = Story(now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    story.segment("boot-fans", 'count("product_viewed", where(category="boots"), days=7) >= 2')
    story.shopper("ann").views("boot-1", category="boots", at=days(-3)).views("boot-2", category="boots")
    story.sweep()
    assert story.members("boot-fans") == {"ann"}

Every verb sends real events through `collect.ingest` and needs a database. What would not be stored raises
`StoryError`, so that no test passes because of an event that never was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from .. import conf
from ..collect.events import catalogue
from ..collect.hooks import PersonKey
from ..collect.incoming import IncomingEvent
from ..collect.ingest import ingest
from ..profile.fact_catalogue import FactValue
from ..profile.facts import set_fact
from ..profile.resolve import resolve
from ..segment.install import install_presets
from ..segment.json_form import to_json
from ..segment.models import Membership, Segment
from ..segment.publish import activate, save_definition
from ..segment.reader import read
from ..segment.refresh import Refreshed, refresh_due, refresh_population
from ..segment.rulebook import forget
from ..segment.text import parse

__all__ = ["Amount", "Line", "Moment", "Shopper", "Story", "StoryError", "days", "hours", "minutes"]

#: Money as people write it: 25, "24.90", Decimal("24.90"). No floats, which are not exact.
Amount = int | str | Decimal

_TICK = dt.timedelta(seconds=1)
#: A visit ends after so long without activity, as in a shop.
_IDLE = dt.timedelta(minutes=30)


class StoryError(AssertionError):
    """A story told something that cannot have happened, or that would not have been stored."""


def days(number: int) -> dt.timedelta:
    """``at=days(-3)`` is three times 24 hours before the story's now."""
    return dt.timedelta(days=number)


def hours(number: int) -> dt.timedelta:
    return dt.timedelta(hours=number)


def minutes(number: int) -> dt.timedelta:
    return dt.timedelta(minutes=number)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. ``price`` is that of one piece."""

    product: str
    category: str = ""
    brand: str = ""
    quantity: int = 1
    price: Amount | None = None

    def properties(self) -> dict[str, Any]:
        """The line as an order's ``products`` holds it."""
        return {"product_id": self.product, "quantity": self.quantity} | _given(
            category=self.category, brand=self.brand, price=self.price
        )


class Moment(TypedDict, total=False):
    """When and how something is done; every verb takes these words.

    ``at`` is an instant, or a time from the story's now such as ``days(-3)``; without it things happen one second
    after the shopper's last one. ``hour`` and ``minute`` set the shopper's own clock on that day. ``visit`` names
    the visit; without it, what lies within 30 minutes belongs together.
    """

    at: dt.datetime | dt.timedelta
    hour: int
    minute: int
    device: str
    channel: str
    campaign: str
    country: str
    language: str
    visit: str


class Story:
    """A shop's past, told for a test. Nothing lies after ``now``; acting moves it, and so does `wait`."""

    def __init__(self, now: dt.datetime) -> None:
        if now.tzinfo is None:
            raise StoryError("The story's now has no time zone: pass an aware datetime.")
        self.now = now
        self.shoppers: dict[str, Shopper] = {}
        self._told = 0
        # A test's rollback takes back what was published, and its number; the process must not remember it.
        forget()

    def shopper(self, name: str, *, timezone: str = "", device: str = "", is_anonymous: bool = False) -> Shopper:
        """Somebody new, a customer unless ``is_anonymous``. ``timezone`` is their IANA zone, else the shop's."""
        if name in self.shoppers:
            raise StoryError(f"There is a shopper {name!r} already. Choose another name.")
        self.shoppers[name] = Shopper(self, name, timezone, device, is_anonymous=is_anonymous)
        return self.shoppers[name]

    def segment(self, slug: str, rule: str) -> None:
        """Put a segment of this rule, given as text, in force."""
        segment = Segment.objects.create(slug=slug, name=slug)
        save_definition(segment, to_json(parse(rule)), now=self.now)
        activate([segment], now=self.now)

    def preset(self, slug: str, **thresholds: Any) -> None:
        """Put a ready-made segment in force, with these thresholds in place of the default ones."""
        install_presets([slug], parameters={slug: thresholds}, now=self.now)

    def wait(self, time: dt.timedelta) -> None:
        """Let time pass. Nothing is swept: call `sweep` for that."""
        self.now += time

    def sweep(self) -> Refreshed:
        """What the sweep does now and then: the shop's own figures, then everybody whose time has come."""
        return refresh_population(self.now).plus(refresh_due(self.now))

    def members(self, slug: str) -> set[str]:
        """The names of who is in a segment, as it is stored."""
        rows = Membership.objects.filter(segment__slug=slug, definition__state="live")
        profiles = set(rows.values_list("profile__customer_key", "profile__identities__value"))
        return {shopper.name for shopper in self.shoppers.values() if shopper.keys & {k for p in profiles for k in p}}

    def send(self, event: IncomingEvent, *, received_at: dt.datetime) -> None:
        """Hand one event in, as the browser or the shop's server would."""
        known = catalogue().find(event.name)
        is_public = known is not None and known.is_public
        report = ingest(
            [event], source="browser" if is_public else "server", received_at=received_at, is_public=is_public
        )
        if report.stored != 1:
            why = "; ".join(str(refusal) for refusal in report.refusals) or "it was a duplicate"
            raise StoryError(f"{event.name} was not stored: {why}")

    def number(self) -> int:
        """A number that nothing else in this story has."""
        self._told += 1
        return self._told


class Shopper:
    """Somebody in a story. Every verb hands the shopper back, so that a life is one chain."""

    def __init__(self, story: Story, name: str, timezone: str, device: str, *, is_anonymous: bool) -> None:
        self.story = story
        self.name = name
        self.visitor_key = f"visitor-{name}"
        self.customer_key = "" if is_anonymous else name
        self.timezone = timezone
        self._device = device
        self._last_at: dt.datetime | None = None
        self._received_at: dt.datetime | None = None
        self._visits: list[_Visit] = []
        self._product = ""
        self._order = ""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset({self.visitor_key, self.customer_key} - {""})

    def segments(self, **context: str | int) -> frozenset[str]:
        """The segments that the shopper's next page sees, with this context of the request: ``device="mobile"``."""
        return read(self.visitor_key, now=self.story.now).segments_for(None, context)

    # -- browsing

    def opens_page(self, path: str = "/", **moment: Unpack[Moment]) -> Shopper:
        return self.does("page_viewed", {"path": path}, **moment)

    def views(
        self,
        product: str,
        *,
        category: str = "",
        brand: str = "",
        attributes: Sequence[str] = (),
        price: Amount | None = None,
        **moment: Unpack[Moment],
    ) -> Shopper:
        """Looks at a product's page. ``attributes``: what it is like, such as ``["eco-friendly"]``."""
        more = _given(category=category, brand=brand, attributes=list(attributes), price=price)
        return self.does("product_viewed", {"product_id": self._meant(product)} | more, **moment)

    def dwells(self, product: str = "", *, seconds: int, **moment: Unpack[Moment]) -> Shopper:
        """Stays on a product's page, in sight; without a product on that of the last one."""
        return self.does("product_dwelled", {"product_id": self._meant(product), "dwell_seconds": seconds}, **moment)

    def clicks_recommendation(self, product: str = "", **moment: Unpack[Moment]) -> Shopper:
        return self.does("recommendation_clicked", {"product_id": self._meant(product)}, **moment)

    def clicks_promotion(self, promotion: str, **moment: Unpack[Moment]) -> Shopper:
        return self.does("promotion_clicked", {"promotion_id": promotion}, **moment)

    def watches_video_review(self, product: str = "", *, seconds: int = 60, **moment: Unpack[Moment]) -> Shopper:
        return self.does(
            "video_review_viewed", {"product_id": self._meant(product), "watched_seconds": seconds}, **moment
        )

    # -- cart and orders

    def adds(self, product: str = "", *, quantity: int = 1, **moment: Unpack[Moment]) -> Shopper:
        """Puts a product into the cart; without one the last one seen."""
        return self.does("product_added", {"product_id": self._meant(product), "quantity": quantity}, **moment)

    def removes(self, product: str = "", *, quantity: int = 1, **moment: Unpack[Moment]) -> Shopper:
        return self.does("product_removed", {"product_id": self._meant(product), "quantity": quantity}, **moment)

    def buys(
        self,
        *,
        total: Amount | None = None,
        lines: Sequence[Line] = (),
        coupon: str = "",
        currency: str = "",
        order: str = "",
        **moment: Unpack[Moment],
    ) -> Shopper:
        """Places an order. Without a ``total`` it is worth its lines, if all of them have a price."""
        self._order = order or f"order-{self.story.number()}"
        products = [line.properties() for line in lines]
        more = _given(revenue=total, products=products, coupon=coupon)
        about = {"order_id": self._order, "currency": currency or conf.get("CURRENCY")}
        return self.does("order_completed", about | more, **moment)

    def refunds(self, amount: Amount | None = None, *, order: str = "", **moment: Unpack[Moment]) -> Shopper:
        """Gets money back for an order, the last one unless named; all of it without an amount."""
        about = {"order_id": self._ordered(order), "currency": conf.get("CURRENCY")}
        return self._is_told("order_refunded", about | _given(amount=amount), moment)

    def cancels(self, *, order: str = "", **moment: Unpack[Moment]) -> Shopper:
        return self._is_told("order_cancelled", {"order_id": self._ordered(order)}, moment)

    # -- messages

    def opens_email(self, **moment: Unpack[Moment]) -> Shopper:
        """Opens a mail; ``campaign`` says which."""
        return self._is_told("email_opened", {}, moment)

    def gets_price_drop_alert(self, product: str = "", **moment: Unpack[Moment]) -> Shopper:
        return self._is_told("price_drop_alerted", {"product_id": self._meant(product)}, moment)

    def clicks_price_drop_alert(self, product: str = "", **moment: Unpack[Moment]) -> Shopper:
        return self.does("price_drop_alert_clicked", {"product_id": self._meant(product)}, **moment)

    # -- anything

    def does(self, event: str, properties: Mapping[str, Any] | None = None, /, **moment: Unpack[Moment]) -> Shopper:
        """Does anything of the event catalogue, in a visit of the shop."""
        at = self._instant(moment)
        visit = moment.get("visit")
        return self._tell(event, properties or {}, moment, at, self._visit_at(at) if visit is None else visit)

    def declares(self, **facts: FactValue | None) -> Shopper:
        """Tells facts: ``gender="female", birthday=date(1996, 5, 4)``; None ends one."""
        key = PersonKey(self.visitor_key, self.customer_key)
        with transaction.atomic():
            profile = resolve([key], now=self.story.now)[key]
            for name, value in facts.items():
                set_fact(profile, name, value, source="declared", now=self.story.now)
        return self

    def _is_told(self, event: str, properties: Mapping[str, Any], moment: Moment) -> Shopper:
        """What reaches somebody outside of a visit."""
        return self._tell(event, properties, moment, self._instant(moment), moment.get("visit", ""))

    def _tell(self, event: str, properties: Mapping[str, Any], moment: Moment, at: dt.datetime, visit: str) -> Shopper:
        # What is told late arrives late: nobody's events are received before others of theirs.
        self._received_at = at if self._received_at is None else max(at, self._received_at)
        self._last_at = at
        incoming = IncomingEvent(
            name=event,
            message_id=f"story-{self.name}-{self.story.number()}",
            occurred_at=at,
            visitor_key=self.visitor_key,
            customer_key=self.customer_key,
            visit_key=visit,
            properties=properties,
            device=moment.get("device", self._device),
            channel=moment.get("channel", ""),
            campaign=moment.get("campaign", ""),
            country=moment.get("country", ""),
            language=moment.get("language", ""),
            timezone=self.timezone,
        )
        self.story.send(incoming, received_at=self._received_at)
        return self

    def _instant(self, moment: Moment) -> dt.datetime:
        """When it happens; a step on from the last act moves the story's now along."""
        at = moment.get("at")
        if at is None:
            found = self.story.now if self._last_at is None else self._last_at + _TICK
            self.story.now = max(self.story.now, found)
        else:
            found = self.story.now + at if isinstance(at, dt.timedelta) else at
        if "hour" in moment or "minute" in moment:
            local = found.astimezone(self._zone())
            found = local.replace(
                hour=moment.get("hour", local.hour), minute=moment.get("minute", 0), second=0, microsecond=0
            ).astimezone(dt.UTC)
        if found > self.story.now:
            raise StoryError(f"{found:%Y-%m-%d %H:%M} lies after the story's now: move it with story.wait().")
        return found

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone or conf.get("TIME_ZONE") or settings.TIME_ZONE)

    def _visit_at(self, at: dt.datetime) -> str:
        for visit in self._visits:
            if visit.first_at - _IDLE < at < visit.last_at + _IDLE:
                visit.first_at, visit.last_at = min(at, visit.first_at), max(at, visit.last_at)
                return visit.key
        self._visits.append(_Visit(f"{self.name}-visit-{len(self._visits) + 1}", at, at))
        return self._visits[-1].key

    def _meant(self, product: str) -> str:
        self._product = product or self._product
        if not self._product:
            raise StoryError(f"{self.name} has seen no product yet: name one.")
        return self._product

    def _ordered(self, order: str) -> str:
        if not (order or self._order):
            raise StoryError(f"{self.name} has ordered nothing yet: name the order.")
        return order or self._order


@dataclass(slots=True)
class _Visit:
    key: str
    first_at: dt.datetime
    last_at: dt.datetime


def _given(**properties: Any) -> dict[str, Any]:
    """Those that have been given."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}
