"""A live offer as pages and the checkout see it. Pure; instants are milliseconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .arithmetic import Terms

__all__ = ["FORMAT", "PublishedOffer", "for_visitor", "read_offers", "same_code", "segments_asked"]

#: The version of one published offer. A process that meets a newer one leaves it out.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class PublishedOffer:
    """``code`` empty: given by itself to whoever its segments fit."""

    id: int
    terms: Terms
    headline: str
    text: str
    code: str
    is_first_order: bool
    segments: tuple[str, ...]
    needs_all: bool
    starts_at: int | None
    ends_at: int | None

    @property
    def slug(self) -> str:
        return self.terms.slug

    @property
    def priority(self) -> int:
        return self.terms.priority

    def has_begun(self, now: int) -> bool:
        return self.starts_at is None or now >= self.starts_at

    def has_ended(self, now: int) -> bool:
        return self.ends_at is not None and now >= self.ends_at

    def is_on(self, now: int) -> bool:
        return self.has_begun(now) and not self.has_ended(now)

    def is_open_to(self, segments: frozenset[str], now: int) -> bool:
        """Whether somebody in these segments would get it: one with a code, whoever is told the code."""
        return self.is_on(now) and (bool(self.code) or self.fits(segments))

    def fits(self, segments: frozenset[str]) -> bool:
        """Whether it is meant for somebody in these segments; without any of its own, for everybody."""
        if not self.segments:
            return True
        among = (slug in segments for slug in self.segments)
        return all(among) if self.needs_all else any(among)


def read_offers(published: Iterable[Mapping[str, Any]]) -> tuple[PublishedOffer, ...]:
    """Published offers, the highest priority first, then by slug."""
    offers = [_offer(row) for row in published if row.get("format") == FORMAT]
    return tuple(sorted(offers, key=lambda offer: (-offer.priority, offer.slug)))


def for_visitor(offers: Iterable[PublishedOffer], segments: frozenset[str], *, now: int) -> tuple[PublishedOffer, ...]:
    """The offers that are on at ``now`` and meant for somebody in these segments."""
    return tuple(offer for offer in offers if offer.is_on(now) and offer.fits(segments))


def segments_asked(offers: Iterable[PublishedOffer]) -> frozenset[str]:
    """The segments that must be known to choose among these."""
    return frozenset(slug for offer in offers for slug in offer.segments)


def same_code(code: str) -> str:
    """A code as it is compared: without spaces around and whatever its case."""
    return code.strip().upper()


def _offer(row: Mapping[str, Any]) -> PublishedOffer:
    return PublishedOffer(
        id=row["id"],
        terms=Terms(
            slug=row["slug"],
            currency=row["currency"],
            percent_hundredths=row["percent_hundredths"],
            amount_minor=row["amount_minor"],
            minimum_minor=row["minimum_minor"],
            maximum_minor=row["maximum_minor"],
            stacks=row["stacks"],
            priority=row["priority"],
        ),
        headline=row["headline"],
        text=row["text"],
        code=row["code"],
        is_first_order=row["is_first_order"],
        segments=tuple(row["segments"]),
        needs_all=row["match"] == "all",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
    )
