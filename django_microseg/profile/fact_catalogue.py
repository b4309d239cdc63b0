"""Which facts somebody may declare, and how their values are written. Pure.

A fact is text (case-folded), a number (kept in thousandths) or a date (kept as ``yyyymmdd``), each
in an exact form that every engine compares alike. A shop adds its own through ``MICROSEG["FACTS"]``.
Each is kept for a purpose. Those for audits alone, such as the special categories of Article 9 GDPR, are no matter for
rules unless the shop names them in ``MICROSEG["SPECIAL_CATEGORIES_IN_RULES"]``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

__all__ = [
    "AUDIT",
    "FACTS",
    "KINDS",
    "PERSONALISATION",
    "PURPOSES",
    "FactType",
    "FactValue",
    "InvalidFact",
    "decode_fact",
    "encode_fact",
    "fact_type",
    "fact_types",
    "is_list_name",
    "list_name",
    "reserved_facts",
]

FactValue = str | int | Decimal | dt.date
#: Text and number as `profile.models.Fact` keeps them; exactly one is set.
Encoded = tuple[str | None, int | None]

KINDS = ("text", "number", "date")

#: What a fact is kept for: choosing what somebody sees, or finding out afterwards whether that is fair.
PERSONALISATION, AUDIT = "personalisation", "audit"
PURPOSES = (PERSONALISATION, AUDIT)

#: What facts follow from that are counted from events.
BEHAVIOUR = "behaviour"

#: Who is on the list of a frozen segment; only freezing one writes such a fact.
_LIST_NAME = re.compile(r"frozen_[0-9]+_[0-9]+")

_LONGEST_TEXT = 200
_LARGEST_NUMBER = 2**63 - 1
_THOUSAND = Decimal(1000)


class InvalidFact(ValueError):
    """A fact that is not in the catalogue, or a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class FactType:
    """``derived_from`` names the fact that this one follows from; such a fact is never declared."""

    name: str
    kind: str
    summary: str
    derived_from: str = ""
    purpose: str = PERSONALISATION


FACTS: dict[str, FactType] = {
    fact.name: fact
    for fact in (
        FactType("birthday", "date", "Date of birth."),
        FactType("age", "number", "Whole years, in the shop's calendar.", derived_from="birthday"),
        FactType("gender", "text", "As the customer states it: female, male, or any other word."),
        FactType("country", "text", "Two-letter country of the customer's address."),
        FactType("region", "text", "Region or state of the customer's address."),
        FactType("city", "text", "Town of the customer's address."),
        FactType("postcode", "text", "Postcode of the customer's address."),
        FactType("area_name", "text", "Name of the area of the postcode.", derived_from="postcode"),
        FactType("area_population", "number", "People who live in that area.", derived_from="postcode"),
        FactType("area_density", "number", "People per square kilometre there.", derived_from="postcode"),
        FactType("area_growth", "number", "Growth of that area, percent a year.", derived_from="postcode"),
        FactType("language", "text", "Language that the customer chose."),
        FactType("tier", "text", "Level in the loyalty programme."),
        FactType("loyalty_points", "number", "Points on the loyalty account."),
        FactType("next_tier", "text", "Tier above the balance of points.", derived_from="loyalty_points"),
        FactType("points_to_next_tier", "number", "Points missing for it.", derived_from="loyalty_points"),
        FactType("loyalty_since", "date", "Day on which the loyalty programme was joined."),
        FactType("nps", "number", "Likelihood to recommend the shop, 0 to 10."),
        FactType("customer_since", "date", "Day of registration."),
        FactType("customer_type", "text", "Such as private, business or reseller."),
        FactType("newsletter", "text", "Whether the newsletter goes out: yes or no."),
        FactType("household_size", "number", "People in the household."),
        FactType("occupation", "text", "Trade or profession."),
        FactType("education", "text", "Level of education, as stated."),
        FactType("income", "text", "Band of income, as stated."),
        FactType("marital_status", "text", "As the customer states it."),
        FactType("children", "number", "Children in the household."),
        FactType("interest", "text", "Main interest, as stated."),
        FactType("need", "text", "What the customer is looking for, as stated."),
        FactType("goal", "text", "What the customer wants to achieve, as stated."),
        FactType("lifestyle", "text", "As stated or inferred, such as outdoor or minimalist."),
        FactType("price_sensitivity", "text", "As stated or inferred: low, medium or high."),
        FactType("ethnicity", "text", "As the customer states it.", purpose=AUDIT),
        FactType("belief", "text", "Religion or philosophy, as the customer states it.", purpose=AUDIT),
        FactType("political_opinion", "text", "As the customer states it.", purpose=AUDIT),
        FactType("trade_union", "text", "Membership, as the customer states it.", purpose=AUDIT),
        FactType("health", "text", "A condition or disability, as the customer states it.", purpose=AUDIT),
        FactType("sexual_orientation", "text", "As the customer states it.", purpose=AUDIT),
        FactType("favourite_category", "text", "Category of the most interest.", derived_from=BEHAVIOUR),
        FactType("favourite_brand", "text", "Brand of the most interest.", derived_from=BEHAVIOUR),
        FactType("favourite_attribute", "text", "Attribute of the most interest.", derived_from=BEHAVIOUR),
        FactType(
            "favourite_channel",
            "text",
            "Most frequent channel: store, app, mobile, desktop or web.",
            derived_from=BEHAVIOUR,
        ),
        FactType("account", "text", "Key of the company or household that the person belongs to."),
        FactType("account_members", "number", "How many people belong to the account.", derived_from="account"),
        FactType("account_buyers", "number", "How many of them have ordered.", derived_from="account"),
        FactType("account_nonbuyers", "number", "How many of them have not ordered yet.", derived_from="account"),
        FactType("account_orders", "number", "Orders of all of them.", derived_from="account"),
        FactType("account_spend", "number", "What all of them spent, in the shop's currency.", derived_from="account"),
    )
}


def fact_types(own: Mapping[str, Any]) -> dict[str, FactType]:
    """The catalogue with a shop's own facts: ``{"skin_type": {"kind": "text", "summary": "…"}}``."""
    return FACTS | {name: _own_type(name, row) for name, row in own.items()}


def list_name(segment_id: int, number: int) -> str:
    """The fact that says who was in a segment when it was frozen; ``number`` tells one freezing from the next."""
    return f"frozen_{segment_id}_{number}"


def is_list_name(name: str) -> bool:
    """Whether the name is kept for the members of frozen segments."""
    return _LIST_NAME.fullmatch(name) is not None


def _own_type(name: str, row: Any) -> FactType:
    if is_list_name(name):
        raise InvalidFact(
            f"The fact {name!r} of MICROSEG['FACTS'] is kept for the members of a frozen segment. Choose another name."
        )
    if name in FACTS:
        raise InvalidFact(f"The fact {name!r} of MICROSEG['FACTS'] is in the standard catalogue. Choose another name.")
    kind = row.get("kind") if isinstance(row, Mapping) else None
    purpose = row.get("purpose", PERSONALISATION) if isinstance(row, Mapping) else None
    if not name.isidentifier() or kind not in KINDS or purpose not in PURPOSES:
        raise InvalidFact(
            f"The fact {name!r} of MICROSEG['FACTS'] is not usable. Its name must be a plain word, "
            f"and its value {{'kind': …, 'summary': …, 'purpose': …}} with a kind of {', '.join(KINDS)} and, "
            f"if it is not {PERSONALISATION}, the purpose {AUDIT}."
        )
    return FactType(name, str(kind), str(row.get("summary", "")), purpose=str(purpose))


def reserved_facts(own: Mapping[str, Any], allowed: Collection[str]) -> frozenset[str]:
    """The facts that no rule may ask for: those kept for audits, but for the ones that the shop allows."""
    kept = {name for name, fact in fact_types(own).items() if fact.purpose == AUDIT}
    return frozenset(kept.difference(allowed))


def fact_type(name: str, own: Mapping[str, Any]) -> FactType:
    """The type of a fact that may be declared."""
    if is_list_name(name):
        raise InvalidFact(
            f"The fact {name!r} says who is in a frozen segment and is never declared. "
            "Freeze the segment on its page in the admin."
        )
    fact = fact_types(own).get(name)
    if fact is None:
        raise InvalidFact(
            f"There is no fact {name!r}. Declare it in MICROSEG['FACTS'], or use one of: "
            f"{', '.join(sorted(fact_types(own)))}."
        )
    if fact.derived_from:
        advice = f" Set {fact.derived_from!r} instead." if fact.derived_from in FACTS else ""
        raise InvalidFact(f"The fact {name!r} follows from {fact.derived_from!r} and is never declared itself.{advice}")
    return fact


def encode_fact(fact: FactType, value: FactValue) -> Encoded:
    """Text and number to store; raises `InvalidFact` if the value is not of the fact's kind."""
    if fact.kind == "text":
        return _text(fact, value), None
    return None, _date(fact, value) if fact.kind == "date" else _thousandths(fact, value)


def decode_fact(fact: FactType, encoded: Encoded) -> FactValue:
    """The value as people write it."""
    text, number = encoded
    if number is None:
        return text or ""
    if fact.kind == "date":
        return dt.date(number // 10_000, number // 100 % 100, number % 100)
    return Decimal(number) / _THOUSAND


def _text(fact: FactType, value: FactValue) -> str:
    text = value.casefold().strip()[:_LONGEST_TEXT] if isinstance(value, str) else ""
    if not text or not text.isprintable():
        raise _wrong(fact, value, "text that is not empty")
    return text


def _thousandths(fact: FactType, value: FactValue) -> int:
    try:
        number = Decimal(str(value)) if not isinstance(value, (bool, dt.date)) else Decimal("nan")
        whole = int((number * _THOUSAND).to_integral_value(ROUND_HALF_EVEN))
    except (InvalidOperation, ValueError, OverflowError):
        raise _wrong(fact, value, "a number") from None
    if abs(whole) > _LARGEST_NUMBER:
        raise _wrong(fact, value, "a number below 9 * 10**15")
    return whole


def _date(fact: FactType, value: FactValue) -> int:
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(fact, value, "a date such as 1990-02-28") from None
    return day.year * 10_000 + day.month * 100 + day.day


def _wrong(fact: FactType, value: FactValue, needed: str) -> InvalidFact:
    kind = type(value).__name__
    return InvalidFact(f"The fact {fact.name!r} takes {needed}; it was given a {kind} that is not.")
