from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from django_microseg.profile.fact_catalogue import (
    FACTS,
    FactType,
    InvalidFact,
    decode_fact,
    encode_fact,
    fact_type,
    fact_types,
)

NUMBER, DATE, TEXT = FACTS["nps"], FACTS["birthday"], FACTS["tier"]


@pytest.mark.parametrize(
    ("fact", "value", "encoded", "decoded"),
    [
        (TEXT, "Straße", ("strasse", None), "strasse"),
        (TEXT, "x" * 300, ("x" * 200, None), "x" * 200),
        (NUMBER, 7, (None, 7000), Decimal(7)),
        (NUMBER, "0.0015", (None, 2), Decimal("0.002")),  # half to even
        (NUMBER, "-1e3", (None, -1_000_000), Decimal(-1000)),
        (DATE, "2000-02-29", (None, 20_000_229), dt.date(2000, 2, 29)),
        (DATE, dt.date(1, 1, 1), (None, 10_101), dt.date(1, 1, 1)),
    ],
)
def test_value_is_written_exactly(fact: FactType, value: Any, encoded: Any, decoded: Any) -> None:
    assert encode_fact(fact, value) == encoded
    assert decode_fact(fact, encoded) == decoded


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (TEXT, ""),
        (TEXT, "   "),
        (TEXT, "a\x00b"),
        (TEXT, 5),
        (NUMBER, "many"),
        (NUMBER, True),
        (NUMBER, "nan"),
        (NUMBER, "inf"),
        (NUMBER, "1e99"),
        (NUMBER, dt.date(2000, 1, 1)),
        (DATE, "29.02.2000"),
        (DATE, "2001-02-29"),
        (DATE, "2000-13-01"),
    ],
)
def test_value_of_another_kind_is_refused_without_repeating_it(fact: FactType, value: Any) -> None:
    with pytest.raises(InvalidFact) as refusal:
        encode_fact(fact, value)
    assert str(value) not in str(refusal.value) or not str(value).strip()


def test_every_standard_fact_has_a_kind_and_a_sentence() -> None:
    assert {fact.kind for fact in FACTS.values()} == {"text", "number", "date"}
    assert [fact.name for fact in FACTS.values() if not fact.summary.endswith(".")] == []


def test_own_facts_stand_beside_the_standard_ones() -> None:
    own = {"pet": {"kind": "text", "summary": "Dog or cat."}}
    assert fact_types(own)["pet"] == FactType("pet", "text", "Dog or cat.")
    assert fact_type("tier", own) is FACTS["tier"]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"tier": {"kind": "text"}}, "is in the standard catalogue"),
        ({"pet": {"kind": "colour"}}, "is not usable"),
        ({"pet": "text"}, "is not usable"),
        ({"my pet": {"kind": "text"}}, "is not usable"),
    ],
)
def test_unusable_own_fact_is_refused(own: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidFact, match=message):
        fact_types(own)
