"""Who makes a request: which browser, what it allows, on which visit, and what is known of it.

Lazy in every part: a page that asks nothing costs next to nothing. Nobody is recognised and nothing
is kept without consent. Whatever fails is caught here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from django_microseg import conf
from django_microseg.collect.breaker import Breaker
from django_microseg.collect.fields import to_ms
from django_microseg.collect.moment import Moment, local_time, moment_of
from django_microseg.collect.page import Page, page_of
from django_microseg.collect.page_view import is_machine
from django_microseg.collect.surroundings import here
from django_microseg.collect.visit import Visit, continue_visit, with_page_views
from django_microseg.profile.visitor_id import VisitorCookie, new_visitor_key

from .carrier import Carrier, CookieCarrier
from .guard import Guard
from .happening import Happenings
from .known import Known, read_known
from .permission import MEASUREMENT, PERSONALISATION, PURPOSES, REFUSED, Consent
from .undisturbed import read_soon, undisturbed

__all__ = ["READING", "SURROUNDINGS", "Caller"]

_MS_OF_MINUTE = 60_000
_LOCK_MS = 50

READING = Guard("read who the visitor is", breaker=Breaker())
SURROUNDINGS = Guard("find out what is going on where the visitor is", breaker=Breaker())


class Caller:
    """The browser behind one request, and the person as far as we know them."""

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
        self._is_stored = False
        self.is_active = False
        """Whether this browser did more than look, so that its visit goes on."""
        self.views_told = 0
        """How many pages, made elsewhere, this browser has just told us of."""
        self.has_been_asked = False
        """Whether the response depends on who asks, so that nobody else may be given it."""
        self.has_logged_in = False
        self.happenings = Happenings()

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
        """What rules may ask of this moment."""
        return {**self.moment.context, **self.surroundings, **self.answers}

    @property
    def answers(self) -> Mapping[str, str]:
        """What the visitor answered to the consent question, by purpose."""
        given = self.permission
        word = "no" if given.is_asked else "unasked"
        return {f"consent_{each}": "yes" if each in given.purposes else word for each in PURPOSES}

    @cached_property
    def surroundings(self) -> Mapping[str, str | int]:
        """What is going on where the visitor is, as far as any rule asks for it."""
        asked = here.NAMES & self.known.context_names
        return SURROUNDINGS.run(lambda: self._look_around(asked), {}, about=self.label) if asked else {}

    def _look_around(self, names: Collection[str]) -> Mapping[str, str | int]:
        place = self.moment.place
        today = local_time(self.now, place.timezone).date()

        def read() -> Mapping[str, str | int]:
            return here.surroundings(names, country=place.country, region=place.region, now=self.now, today=today)

        return undisturbed(lambda: read_soon(read, milliseconds=_LOCK_MS))

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

    @property
    def profile_id(self) -> int | None:
        """The row of the visitor's profile, if they may be recognised and there is one."""
        view = self.known.view
        return None if view is None else view.profile_id

    @property
    def may_be_personal(self) -> bool:
        """Whether anything at all may be chosen for this visitor."""
        if self.is_machine:
            return False
        if PERSONALISATION in self.permission.purposes:
            return True
        return not self.permission.is_asked and bool(conf.get("CONTEXT_WITHOUT_CONSENT"))

    @property
    def label(self) -> str:
        """How this visitor is named in a log: no personal data. Never fails, for it names faults."""
        cookie: VisitorCookie | None = self.__dict__.get("cookie")
        return f"visitor {cookie.visitor_key[:8]}" if cookie else "visitor without id"

    # -- when that changes within the request

    def reload(self) -> None:
        """Read again, because something of this visitor has been stored since."""
        self._is_stored = True
        self._forget()
        self.known = self._read_if_allowed(at_least=0, is_fresh=True)

    def rename(self, visitor_key: str) -> None:
        """Give this browser a new id and a new visit: whoever uses it now is somebody else."""
        self._forget("visit", "moment", "surroundings", "known")
        self._is_stored, self.is_active = False, True
        self.cookie = VisitorCookie(visitor_key)

    def meet_by(self, carrier: Carrier, read_consent: Callable[[HttpRequest], Consent]) -> None:
        """Find out anew who this is, from something else than cookies."""
        self.carrier, self._read_consent = carrier, read_consent
        self._forget("permission", "brought_cookie", "cookie", "visit", "moment", "surroundings", "known")

    def look_at(self, page: Page) -> None:
        """Take the request for one about this page, which was made elsewhere."""
        self.page = page
        self._forget("visit", "moment", "surroundings")

    def answer(self, consent: Consent, cookie: VisitorCookie | None) -> None:
        """Go by the answer to the consent question that the visitor gave just now, and which is on record."""
        self._forget("visit", "moment", "surroundings", "known")
        self.permission, self.brought_cookie, self.cookie = consent, cookie, cookie
        self.is_active = True

    def _forget(self, *parts: str) -> None:
        """Find these out anew when they are asked for, and all that follows from them."""
        for part in parts:
            self.__dict__.pop(part, None)

    def _note_asked(self) -> None:
        """The page depends on the visitor now, so Django's page cache must not keep it either."""
        self.has_been_asked = True
        self._request._cache_update_cache = False  # type: ignore[attr-defined]
