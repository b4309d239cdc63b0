"""Special categories of personal data: kept for audits, and no rule asks for them unless the shop says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django_microseg.profile.fact_catalogue import AUDIT, FACTS, InvalidFact, fact_types
from django_microseg.profile.facts import set_fact
from django_microseg.segment import rulebook
from django_microseg.segment.text import find_errors
from django_microseg.segment.vocabulary import build_vocabulary
from tests.segment.shop import NOW, do, members, profile_of, put_in_force

RESERVED = sorted(name for name, fact in FACTS.items() if fact.purpose == AUDIT)
ALLOW = {"SPECIAL_CATEGORIES_IN_RULES": ["health"]}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


def _errors(rule: str) -> list[str]:
    return [error.message for error in find_errors(rule, build_vocabulary(segments={}))]


@pytest.mark.parametrize("name", RESERVED)
def test_no_rule_may_ask_for_a_special_category(name: str) -> None:
    (message,) = _errors(f"known({name})")
    assert message == f"The fact `{name}` is kept for audits alone, and no rule may ask for it."


@pytest.mark.parametrize("name", ["gender", "income", "marital_status", "lifestyle", "need"])
def test_rules_may_ask_for_the_rest(name: str) -> None:
    assert _errors(f"known({name})") == []


def test_shop_may_allow_one_and_keeps_the_others(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, **ALLOW}
    assert _errors('health == "allergy"') == []
    assert len(_errors("known(belief)")) == 1


def test_own_fact_is_kept_for_audits_if_the_shop_says_so(settings: Any) -> None:
    settings.MICROSEG = {"FACTS": {"caste": {"kind": "text", "purpose": "audit"}, "skin": {"kind": "text"}}}
    assert (len(_errors("known(caste)")), _errors("known(skin)")) == (1, [])
    with pytest.raises(InvalidFact, match="the purpose audit"):
        fact_types({"caste": {"kind": "text", "purpose": "fun"}})


@pytest.mark.django_db
def test_rule_in_force_has_no_members_once_its_fact_is_reserved_again(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, **ALLOW}
    put_in_force(NOW, allergic='health == "allergy"', everybody='count("loyalty_joined") >= 1')
    do("ada", "loyalty_joined", NOW)
    set_fact(profile_of("ada"), "health", "allergy", source="form", now=NOW)
    assert (members("allergic"), members("everybody")) == (["ada"], ["ada"])
    settings.MICROSEG = {name: value for name, value in settings.MICROSEG.items() if name not in ALLOW}
    do("ada", "page_viewed", NOW, path="/")
    assert (members("allergic"), members("everybody")) == ([], ["ada"])
