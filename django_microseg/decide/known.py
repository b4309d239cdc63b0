"""What the shop knows of a visitor when a page asks: one read, at most.

In come the visitor id and the revision that its browser has caused; out goes `Known`. If the row
is behind that revision, another process is just writing what this browser has done, so we wait for
it a little, unless nothing was ever published: then there is no row to read. A failed read leaves
the shop's own transaction, if there is one, as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from django_microseg.collect.fields import to_ms
from django_microseg.segment import reader
from django_microseg.segment.reader import View
from django_microseg.segment.rulebook import Rulebook

from . import shelf
from .offers.published import PublishedOffer, read_offers
from .slots import Choice, read_choices
from .undisturbed import undisturbed

__all__ = ["WAIT_SECONDS", "Known", "published_in", "read_known"]

#: How long a page waits, in all, for a row that is behind its browser.
WAIT_SECONDS = 0.05
_PAUSE_SECONDS = 0.006


@dataclass(frozen=True, slots=True)
class Known:
    """A visitor as slots see them. ``view`` None: nothing could or may be read."""

    view: View | None
    choices: Mapping[str, tuple[Choice, ...]]
    offers: tuple[PublishedOffer, ...] = ()

    @classmethod
    def nothing(cls) -> Known:
        return cls(None, {})

    @property
    def is_unread(self) -> bool:
        return self.view is None

    @property
    def is_stopped(self) -> bool:
        """Whether personalisation is stopped for everybody."""
        return self.view is not None and self.view.book.is_stopped

    @property
    def revision(self) -> int:
        return 0 if self.view is None else self.view.revision

    @property
    def profile_id(self) -> int | None:
        return None if self.view is None else self.view.profile_id

    @property
    def in_force(self) -> frozenset[str]:
        """Every segment that somebody may be in."""
        return frozenset() if self.view is None else frozenset(self.view.book.live)

    @property
    def momentary(self) -> frozenset[str]:
        """Those in force that ask for the moment: nobody is known to be in them without a visit."""
        if self.view is None:
            return frozenset()
        book = self.view.book
        return frozenset(slug for slug, definition in book.live.items() if definition in book.ruleset.momentary)

    @property
    def context_names(self) -> frozenset[str]:
        """What any rule in force asks of the moment."""
        return frozenset() if self.view is None else self.view.book.ruleset.context_names

    @property
    def has_profile(self) -> bool:
        return self.view is not None and self.view.profile_id is not None

    @property
    def is_customer(self) -> bool:
        row = None if self.view is None else self.view.row
        return row is not None and row.is_customer

    @property
    def profile_key(self) -> str:
        row = None if self.view is None else self.view.row
        return "" if row is None else str(row.profile_key)

    def slugs_of(self, segment_ids: Collection[int]) -> frozenset[str]:
        """The slugs of the segments among these that are in force."""
        if self.view is None:
            return frozenset()
        book = self.view.book
        wanted = set(segment_ids)
        return frozenset(slug for slug, definition in book.live.items() if book.segments[definition] in wanted)

    def segments_among(self, slugs: Collection[str] | None, context: Mapping[str, Any]) -> frozenset[str]:
        """Which of these segments (None: of all) the visitor is in at this moment."""
        return frozenset() if self.view is None else self.view.segments_for(slugs, context)


def read_known(visitor_key: str, *, at_least: int, now: dt.datetime, may_use_shelf: bool = True) -> Known:
    """What is known of a visitor; of nobody for an empty key."""
    view = _from_shelf(visitor_key, at_least, now) if may_use_shelf else None
    if view is None:
        view = _from_database(visitor_key, at_least, now)
        shelf.keep(visitor_key, view)
    return Known(view, *published_in(view.book))


def _from_shelf(visitor_key: str, at_least: int, now: dt.datetime) -> View | None:
    if not visitor_key:
        return shelf.fetch_nobody(now=to_ms(now))
    return shelf.fetch(visitor_key, at_least=at_least, now=to_ms(now))


def _from_database(visitor_key: str, at_least: int, now: dt.datetime) -> View:
    if not visitor_key:
        return undisturbed(lambda: reader.read_nobody(now=now))
    until = monotonic() + WAIT_SECONDS
    view = undisturbed(lambda: reader.read(visitor_key, now=now))
    while view.revision < at_least and view.book.version and monotonic() < until:
        sleep(_PAUSE_SECONDS)
        view = undisturbed(lambda: reader.read(visitor_key, now=now))
    return view


_Published = tuple[Mapping[str, tuple[Choice, ...]], tuple[PublishedOffer, ...]]
_met: list[tuple[Rulebook, _Published]] = []


def published_in(book: Rulebook) -> _Published:
    """The slots' choices and the offers of a publication, parsed once for each that this process meets."""
    for known, published in _met:
        if known is book:
            return published
    published = read_choices(book.experiences), read_offers(book.offers)
    _met[:] = [(book, published)]
    return published
