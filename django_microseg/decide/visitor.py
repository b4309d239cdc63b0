"""Who asks, and what they get: everything about the visitor of one request.

Made by the middleware at the start of a request and lazy in every part: a page that asks nothing
costs next to nothing. Nobody is recognised and nothing is kept without consent. Whatever fails is
caught here, so that code of the shop may use a visitor without fear.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from django_microseg import conf
from django_microseg.collect.customer import loaded_customer_key
from django_microseg.collect.fields import to_ms
from django_microseg.collect.moment import Moment, moment_of
from django_microseg.collect.page import Page, page_of
from django_microseg.collect.page_view import is_machine
from django_microseg.collect.visit import Visit, continue_visit, with_page_views
from django_microseg.profile.visitor_id import VisitorCookie, new_visitor_key
from django_microseg.shop.values import CartInfo

from .assumed import Assumed
from .breaker import Breaker
from .carrier import Carrier, CookieCarrier
from .cart import read_cart, sample_cart
from .guard import Guard
from .happening import Happenings
from .known import Known, read_known
from .offers import published
from .offers.first_order import seems_to_have_ordered
from .offers.published import PublishedOffer
from .permission import MEASUREMENT, PERSONALISATION, REFUSED, Consent
from .preview.values import Preview
from .segments import Segments
from .slots import (
    CART_REMINDER,
    Choice,
    Decision,
    Reason,
    choose,
    default_for,
    promoted_products,
    segments_asked,
    with_choice,
    without_choice,
)
from .stock import Stock
from .undisturbed import undisturbed

__all__ = ["DECIDING", "READING", "Visitor"]

_MS_OF_MINUTE = 60_000

READING = Guard("read who the visitor is", breaker=Breaker())
DECIDING = Guard("decide what a slot shows", breaker=None)


class Visitor:
    """The visitor of one request."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        read_consent: Callable[[HttpRequest], Consent],
        record_new_id: Callable[[str, Collection[str]], None] = lambda key, purposes: None,
        clock: Callable[[], dt.datetime] = timezone.now,
    ) -> None:
        self._request = request
        self._read_consent = read_consent
        self.carrier: Carrier = CookieCarrier(request)
        self.record_new_id = record_new_id
        self._clock = clock
        self._assumed = Assumed(request, self._read_published)
        self._stock = Stock(self._promoted)
        self._decisions: dict[tuple[str, frozenset[str] | None], Decision] = {}
        self._is_stored = False
        self.is_active = False
        """Whether this browser did more than look, so that its visit goes on."""
        self.views_told = 0
        """How many pages, made elsewhere, this browser has just told us of."""
        self.has_been_asked = False
        """Whether the response depends on who asks, so that nobody else may be given it."""
        self.has_logged_in = False
        self.happenings = Happenings()
        self.failures: dict[str, str] = {}
        """What went wrong while content was shown, by the experience's slug; for staff to read."""

    # -- who it is

    @cached_property
    def now(self) -> dt.datetime:
        """One time for all that is decided in this request."""
        return self._clock()

    @property
    def consent(self) -> Consent:
        """What this visitor allows. A page that shows it depends on who looks."""
        self._note_asked()
        return self.permission

    @cached_property
    def permission(self) -> Consent:
        """What this visitor allows; nothing, if that cannot be found out."""
        return READING.run(lambda: self._read_consent(self._request), REFUSED)

    @cached_property
    def is_machine(self) -> bool:
        return is_machine(self._request)

    @property
    def may_be_remembered(self) -> bool:
        """Whether this browser may carry an id, and what it does may be stored."""
        purposes = self.permission.purposes
        return MEASUREMENT in purposes or PERSONALISATION in purposes

    @cached_property
    def brought_cookie(self) -> VisitorCookie | None:
        """The cookie that came with the request, if we signed it."""
        return VisitorCookie.parse(self.carrier.brought)

    @cached_property
    def cookie(self) -> VisitorCookie | None:
        """The cookie that this visitor shall carry; None without consent."""
        if not self.may_be_remembered or self.is_machine:
            return None
        return READING.run(lambda: self.brought_cookie or VisitorCookie(new_visitor_key()), None)

    @property
    def key(self) -> str:
        """The visitor id; empty for whom we may not recognise."""
        return self.cookie.visitor_key if self.cookie else ""

    @cached_property
    def page(self) -> Page:
        """The page that is looked at."""
        return page_of(self._request)

    @cached_property
    def visit(self) -> Visit | None:
        """The visit as of this request, without the page that is being made."""
        if self.cookie is None:
            return None
        return continue_visit(
            self.cookie.visit,
            self.page.arrival,
            now=to_ms(self.now),
            idle=conf.get("VISIT_IDLE_MINUTES") * _MS_OF_MINUTE,
            new_key=new_visitor_key(),
        )

    @cached_property
    def moment(self) -> Moment:
        """The context of this request; the page that is being made counts as seen."""
        visit = self.visit
        if visit is not None and self.page.is_view:
            visit = with_page_views(visit, 1)
        return moment_of(self._request, self.now, visit, self.page)

    @property
    def context(self) -> Mapping[str, str | int]:
        return self.moment.context

    # -- what is known

    @cached_property
    def known(self) -> Known:
        """What the shop knows of this visitor, read once."""
        return self._read_if_allowed(at_least=self.caused)

    def _read_if_allowed(self, *, at_least: int, is_fresh: bool = False) -> Known:
        def read() -> Known:
            if not self.may_be_personal:
                return Known.nothing()
            key = self.key if self.has_history else ""
            return read_known(key, at_least=at_least, now=self.now, may_use_shelf=not is_fresh)

        return READING.run(read, Known.nothing(), about=self.label)

    @property
    def caused(self) -> int:
        """The revision of the profile that this browser has caused."""
        return self.cookie.sequence if self.cookie else 0

    @property
    def has_history(self) -> bool:
        """Whether anything can be known of the visitor id: it is older than this request."""
        return self._is_stored or not self.is_new

    @property
    def is_new(self) -> bool:
        """Whether this request gave the browser its id."""
        return bool(self.key) and (self.brought_cookie is None or self.brought_cookie.visitor_key != self.key)

    @property
    def is_stranger(self) -> bool:
        """Whether, as far as has been read, no customer stands behind the visitor id."""
        known = self.known_so_far
        return self.is_new or (known is not None and not known.is_customer)

    @property
    def known_so_far(self) -> Known | None:
        """What has been read in this request already; None if nothing has."""
        known: Known | None = self.__dict__.get("known")
        return None if known is None or known.is_unread else known

    def load(self) -> None:
        """Read ahead what pages may need, for code that may not ask the database later."""
        DECIDING.run(self._load, None, about=self.label)

    def _load(self) -> None:
        self._stock.has_any(self._promoted())
        self.decide_as_usual(CART_REMINDER)  # looks into the cart, if it must
        if any(offer.is_first_order for offer in self.shown.offers):
            _ = self._is_buyer

    def reload(self) -> None:
        """Read again, because something of this visitor has been stored since."""
        self._is_stored = True
        self._forget("_is_buyer", "_cart")
        self.known = self._read_if_allowed(at_least=0, is_fresh=True)

    def rename(self, visitor_key: str) -> None:
        """Give this browser a new id and a new visit: whoever uses it now is somebody else."""
        self._forget("visit", "moment", "known", "_is_buyer", "_cart")
        self._is_stored, self.is_active = False, True
        self.cookie = VisitorCookie(visitor_key)

    def meet_by(self, carrier: Carrier, read_consent: Callable[[HttpRequest], Consent]) -> None:
        """Find out anew who this is, from something else than cookies."""
        self.carrier, self._read_consent = carrier, read_consent
        self._forget("permission", "brought_cookie", "cookie", "visit", "moment", "known")

    def look_at(self, page: Page) -> None:
        """Take the request for one about this page, which was made elsewhere."""
        self.page = page
        self._forget("visit", "moment")

    def answer(self, consent: Consent, cookie: VisitorCookie | None) -> None:
        """Go by the answer to the consent question that the visitor gave just now, and which is on record."""
        self._forget("visit", "moment", "known")
        self.permission, self.brought_cookie, self.cookie = consent, cookie, cookie
        self.is_active = True

    def _forget(self, *parts: str) -> None:
        for part in parts:
            self.__dict__.pop(part, None)
        self._decisions.clear()

    @property
    def may_be_personal(self) -> bool:
        """Whether anything at all may be chosen for this visitor."""
        if self.is_machine:
            return False
        if PERSONALISATION in self.permission.purposes:
            return True
        return not self.permission.is_asked and bool(conf.get("CONTEXT_WITHOUT_CONSENT"))

    @property
    def is_stopped(self) -> bool:
        """Whether personalisation is stopped for everybody. Previews go on."""
        return self.known.is_stopped

    @property
    def profile_id(self) -> int | None:
        """The row of the visitor's profile, if they may be recognised and there is one."""
        view = self.known.view
        return None if view is None else view.profile_id

    @property
    def profile_key(self) -> str:
        """The public key of the visitor's profile; empty if there is none."""
        self._note_asked()
        return self.shown.profile_key

    @property
    def label(self) -> str:
        """How this visitor is named in a log: no personal data. Never fails, for it names faults."""
        cookie: VisitorCookie | None = self.__dict__.get("cookie")
        return f"visitor {cookie.visitor_key[:8]}" if cookie else "visitor without id"

    @cached_property
    def segments(self) -> Segments:
        return Segments(self.segments_among)

    def segments_among(self, slugs: Collection[str] | None) -> frozenset[str]:
        """Which of these segments the visitor is in; of all segments for None."""
        self._note_asked()
        return READING.run(lambda: self._members(slugs), frozenset(), about=self.label)

    def _members(self, slugs: Collection[str] | None) -> frozenset[str]:
        assumed = self._assumed.segments
        if assumed is None:
            return frozenset() if self.is_stopped else self.known.segments_among(slugs, self.context)
        return assumed if slugs is None else assumed.intersection(slugs)

    @property
    def offers(self) -> tuple[PublishedOffer, ...]:
        """The offers that are on and meant for this visitor; whether they have ordered is not asked."""
        self._note_asked()
        return DECIDING.run(self._offers, (), about=self.label)

    def _offers(self) -> tuple[PublishedOffer, ...]:
        if self._refusal is not None:
            return ()
        offers = self.shown.offers
        asked = published.segments_asked(offers)
        segments = self._members(asked) if asked else frozenset[str]()
        return published.for_visitor(offers, segments, now=to_ms(self.now))

    def live_offer(self, slug: str) -> PublishedOffer | None:
        """A live offer, whether it is for this visitor or not."""
        return next((offer for offer in self.shown.offers if offer.slug == slug), None)

    def open_offer(self, slug: str) -> PublishedOffer | None:
        """An offer that this visitor would get, by itself or with its code; None if they would not."""
        offer = self.live_offer(slug)
        if offer is None or not offer.is_open_to(self._members(offer.segments), to_ms(self.now)):
            return None
        return None if offer.is_first_order and self._is_buyer else offer

    @property
    def has_ordered(self) -> bool:
        """Whether an order of theirs stands, as far as we know: one query, for a stranger none.

        If that cannot be found out they count as somebody who has, and no first order is spoken of.
        """
        self._note_asked()
        return self._is_buyer

    @cached_property
    def _is_buyer(self) -> bool:
        return DECIDING.run(lambda: undisturbed(self._has_ordered), True, about=self.label)

    def _has_ordered(self) -> bool:
        if self.preview is not None:
            return False
        customer_key = loaded_customer_key(self._request)
        return seems_to_have_ordered(customer_key=customer_key, profile_id=self.profile_id)

    def decide(self, slot: str) -> Decision:
        """What a slot shows this visitor; the same answer all through the request."""
        self._note_asked()
        key = (slot, self._assumed.segments)
        if key not in self._decisions:
            self._decisions[key] = DECIDING.run(
                lambda: self._decide(slot), default_for(slot, Reason.ERROR), about=self.label
            )
        return self._decisions[key]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided so far in this request."""
        assumed = self._assumed.segments
        return tuple(decision for (_, basis), decision in self._decisions.items() if basis == assumed)

    def choices(self, slot: str) -> tuple[Choice, ...]:
        """The experiences that are tried for a slot, in order."""
        found = self.shown.choices.get(slot, ())
        forced = self._assumed.forced(slot)
        return found if forced is None else with_choice(found, forced)

    def _decide(self, slot: str) -> Decision:
        forced = self._assumed.forced(slot)
        found = self.decide_as_usual(slot)
        return found if forced is None else Decision(slot, forced, Reason.PREVIEW, found.rejected)

    def decide_as_usual(self, slot: str) -> Decision:
        """What a slot would show if no experience were forced into it by a preview."""
        refusal = self._refusal
        if refusal is not None:
            return default_for(slot, refusal)
        choices = self.choices(slot)
        asked = segments_asked(choices)
        segments = self._members(asked) if asked else frozenset[str]()
        found = choose(
            slot,
            choices,
            segments,
            now=to_ms(self.now),
            stock_of=self._stock.has_any,
            offer_is_on=lambda slug: self.open_offer(slug) is not None,
        )
        if slot == CART_REMINDER and found.choice is not None and self._cart is None:
            return without_choice(found, Reason.EMPTY_CART)
        return found

    @property
    def _refusal(self) -> Reason | None:
        """Why this visitor is shown nothing but defaults, if so."""
        if self._assumed.segments is None:
            if self.is_machine:
                return Reason.BOT
            if not self.may_be_personal:
                return Reason.NO_CONSENT
            if self.is_stopped:
                return Reason.STOPPED
        return Reason.ERROR if self.shown.is_unread else None

    # -- what the shop says of it at this moment

    @property
    def cart(self) -> CartInfo | None:
        """What lies in the visitor's cart and can be bought; None if that is nothing."""
        self._note_asked()
        return self._cart

    @cached_property
    def _cart(self) -> CartInfo | None:
        own = read_cart(self._request)
        return sample_cart() if own is None and self._assumed.forced(CART_REMINDER) is not None else own

    def _promoted(self) -> frozenset[str]:
        """The products of everything that some slot may show this visitor."""
        if self._refusal is not None:
            return frozenset()
        choices = [choice for slot in self._slots for choice in self.choices(slot) if choice.product_keys]
        asked = segments_asked(choices)
        segments = self._members(asked) if asked else frozenset[str]()
        return promoted_products(choices, segments, now=to_ms(self.now))

    @property
    def _slots(self) -> frozenset[str]:
        """Every slot that something is live for, or forced into."""
        forced = None if self.preview is None else self.preview.forced
        return frozenset(self.shown.choices) | ({forced.slot} if forced is not None else set())

    # -- as somebody else

    @property
    def preview(self) -> Preview | None:
        """What a member of staff previews with this request; None for everybody else."""
        return self._assumed.preview

    @property
    def shown(self) -> Known:
        """What pages are made from: what is known of the visitor, or of nobody if segments are assumed."""
        return self.known if self._assumed.segments is None else self.published

    @property
    def published(self) -> Known:
        """What is in force, whoever looks."""
        return self._assumed.published

    def _read_published(self) -> Known:
        return READING.run(lambda: read_known("", at_least=0, now=self.now), Known.nothing())

    def _note_asked(self) -> None:
        """The page depends on the visitor now, so Django's page cache must not keep it either."""
        self.has_been_asked = True
        self._request._cache_update_cache = False  # type: ignore[attr-defined]
