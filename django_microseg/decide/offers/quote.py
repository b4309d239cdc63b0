"""What a cart would get off at this moment: reads, and writes nothing.

In come the request, what the shop knows of the order and the code that somebody typed; out goes a
`Quote`. Which offers are on, whom they are for and what was used is asked of the database and of
the shop each time; nothing that a browser says of itself, but for its code, has a part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format

from django_microseg import conf
from django_microseg.collect.fields import to_ms
from django_microseg.collect.money import from_minor, to_minor
from django_microseg.segment import rulebook
from django_microseg.shop.current import current_shop
from django_microseg.shop.customer import customer_key_of
from django_microseg.shop.values import Money

from ..guard import Guard
from ..known import published_in
from ..of_request import visitor_of
from ..visitor import Visitor
from .arithmetic import Share, amount_of, best_of, is_reckoned_in
from .discounts import Discount, Discounts
from .first_order import has_ordered
from .keys import FIRST_ORDER, Person, scopes_used
from .models import Offer
from .normal_email import normal_email
from .published import PublishedOffer, same_code
from .refusal import Refusal, sentence_of

__all__ = ["Asked", "Goods", "Quote", "asked_of", "nothing", "quote", "told"]

_SETTINGS = Guard("read the shop's currency", breaker=None)


@dataclass(frozen=True, slots=True)
class Goods:
    """What the goods cost before any discount, in whole minor units."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for how much off what, with which code. ``but`` is the order that is just being placed."""

    visitor: Visitor | None
    person: Person
    code: str
    goods: Goods
    but: str = ""
    profile_id: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The offers that are given, with their shares, or why the code is not among them."""

    shares: tuple[tuple[PublishedOffer, Share], ...] = ()
    refusal: Refusal = Refusal.NONE
    coded: PublishedOffer | None = None


def asked_of(request: HttpRequest, *, email: str, code: str, subtotal: Money | Decimal | None, but: str = "") -> Asked:
    """What a request asks for; the goods are those of the cart if the shop does not say what they cost."""
    visitor = visitor_of(request)
    return Asked(
        visitor=visitor,
        person=_person(request, email),
        code=same_code(code),
        goods=_goods(request, subtotal),
        but=but,
        profile_id=None if visitor is None else visitor.profile_id,
    )


def quote(asked: Asked) -> Quote:
    """Which offers are given, and how much each takes off; in a preview none, for nobody really buys."""
    if asked.visitor is not None and asked.visitor.preview is not None:
        return Quote(refusal=Refusal.UNAVAILABLE if asked.code else Refusal.NONE)
    coded, refusal = _coded(asked)
    candidates = [*_automatic(asked), *([coded] if coded and not refusal else [])]
    allowed, held_back = _allowed(candidates, asked)
    if coded and coded.slug in held_back:
        refusal = held_back[coded.slug]
    shares = best_of((offer.terms for offer in allowed), asked.goods.minor, asked.goods.currency)
    if coded and not refusal and coded.slug not in {share.slug for share in shares}:
        refusal = _worthless(coded, asked.goods)
    by_slug = {offer.slug: offer for offer in allowed}
    return Quote(tuple((by_slug[share.slug], share) for share in shares), refusal, coded)


def told(found: Quote, asked: Asked) -> Discounts:
    """A quote as the shop is told of it."""
    currency = asked.goods.currency
    lines = tuple(
        Discount(offer.slug, offer.headline, Money(from_minor(share.amount_minor, currency), currency), offer.code)
        for offer, share in found.shares
    )
    minimum = "" if found.coded is None else _money(found.coded.terms.minimum_minor, found.coded.terms.currency)
    return Discounts(currency, lines, found.refusal, sentence_of(found.refusal, code=asked.code, minimum=minimum))


def nothing(code: str, refusal: Refusal = Refusal.UNAVAILABLE) -> Discounts:
    """Nothing is taken off; if a code was given, that is why. Never fails: it is what a fault leads to."""
    refusal = refusal if code else Refusal.NONE
    currency = _SETTINGS.run(lambda: conf.get("CURRENCY"), conf.DEFAULTS["CURRENCY"])
    return Discounts(currency, (), refusal, sentence_of(refusal, code=same_code(code)))


def _coded(asked: Asked) -> tuple[PublishedOffer | None, Refusal]:
    """The live offer with the code that was given. The publication is read anew, for it may be over."""
    if not asked.code:
        return None, Refusal.NONE
    book = rulebook.current()
    if book.is_stopped:
        return None, Refusal.UNAVAILABLE
    _, offers = published_in(book)
    found = next((offer for offer in offers if offer.code and same_code(offer.code) == asked.code), None)
    if found is None:
        return None, Refusal.OVER if _is_paused(asked.code) else Refusal.UNKNOWN
    now = to_ms(timezone.now())
    if not found.has_begun(now):
        return found, Refusal.NOT_YET
    return found, Refusal.OVER if found.has_ended(now) else Refusal.NONE


def _is_paused(code: str) -> bool:
    """Whether there was such a code; what cannot be one is not even looked for."""
    if not (code.isascii() and code.isprintable()):
        return False
    return Offer.objects.filter(code__iexact=code, state=Offer.State.PAUSED).exists()


def _automatic(asked: Asked) -> list[PublishedOffer]:
    """Offers without a code, for whom this visitor's segments fit."""
    return [] if asked.visitor is None else [offer for offer in asked.visitor.offers if not offer.code]


def _allowed(candidates: list[PublishedOffer], asked: Asked) -> tuple[list[PublishedOffer], dict[str, Refusal]]:
    """Those that this person may still use, and why the others are held back."""
    used = scopes_used(asked.person) if candidates else frozenset[str]()
    held_back = {offer.slug: Refusal.USED for offer in candidates if offer.slug in used}
    firsts = [offer.slug for offer in candidates if offer.is_first_order and offer.slug not in held_back]
    if firsts and (FIRST_ORDER in used or _has_ordered(asked)):
        held_back |= dict.fromkeys(firsts, Refusal.NOT_FIRST_ORDER)
    return [offer for offer in candidates if offer.slug not in held_back], held_back


def _has_ordered(asked: Asked) -> bool:
    person = asked.person
    return has_ordered(customer_key=person.customer_key, email=person.email, profile_id=asked.profile_id, but=asked.but)


def _worthless(offer: PublishedOffer, goods: Goods) -> Refusal:
    """Why an offer that may be used is not given."""
    if amount_of(offer.terms, goods.minor, goods.currency):
        return Refusal.ANOTHER_IS_BETTER
    if not is_reckoned_in(offer.terms, goods.currency):
        return Refusal.OTHER_CURRENCY
    is_below = goods.minor < (offer.terms.minimum_minor or 0)
    return Refusal.BELOW_MINIMUM if is_below else Refusal.NOTHING_OFF


def _person(request: HttpRequest, email: str) -> Person:
    user = getattr(request, "user", None)
    own = getattr(user, user.get_email_field_name(), "") if user is not None and user.is_authenticated else ""
    emails = {normal_email(text) for text in (email, own) if text}
    return Person(customer_key_of(user), email.strip() or own, tuple(sorted(emails - {""})))


def _goods(request: HttpRequest, subtotal: Money | Decimal | None) -> Goods:
    if subtotal is None:
        cart = current_shop().cart(request)
        subtotal = None if cart is None else cart.subtotal
    if isinstance(subtotal, Decimal | int):
        subtotal = Money(Decimal(subtotal), conf.get("CURRENCY"))
    if subtotal is None:
        return Goods(0, conf.get("CURRENCY"))
    return Goods(_down(subtotal), subtotal.currency)


def _down(money: Money) -> int:
    """Whole minor units, never more than the goods cost."""
    minor = to_minor(money.amount, money.currency, "The subtotal")
    return minor - 1 if from_minor(minor, money.currency) > money.amount else minor


def _money(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{number_format(from_minor(minor, currency), use_l10n=True)} {currency}"
