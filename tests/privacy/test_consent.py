from __future__ import annotations

import pytest

from django_microseg.privacy.consent import (
    NOT_ASKED,
    Consent,
    choice_of,
    dump,
    is_opted_out,
    parse,
)

M, P, A = "measurement", "personalisation", "advertising"


def test_cookie_says_each_purpose_and_the_version_of_the_text() -> None:
    assert dump({P}, text_version="2") == "v1:measurement=0,personalisation=1,advertising=0,text=2"


@pytest.mark.parametrize("purposes", [set(), {M}, {P}, {A}, {M, P}, {M, P, A}])
def test_choice_survives_the_way_to_the_browser_and_back(purposes: set[str]) -> None:
    assert parse(dump(purposes, text_version="1")) == Consent(True, frozenset(purposes))


def test_refusal_is_an_answer_and_allows_nothing() -> None:
    refused = parse(dump((), text_version="1"))
    assert refused.is_asked
    assert not refused.may_be_remembered
    assert [purpose for purpose in (M, P, A) if refused.may(purpose)] == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "yes",
        "v1",
        "v1:",
        "v2:measurement=1,personalisation=1,advertising=1",
        "v1:measurement=1,personalisation=1",
        "v1:measurement=1,personalisation=1,advertising=2",
        "v1:measurement=1,personalisation=1,advertising=1,",
        "v1:measurement=1 personalisation=1 advertising=1",
        "v1:measurement=1,personalisation=1,advertising=1,text=" + "x" * 200,
        "measurement=1,personalisation=1,advertising=1",
    ],
)
def test_value_of_another_form_allows_nothing_and_asks_again(value: str | None) -> None:
    assert parse(value) == NOT_ASKED == Consent(False, frozenset())


def test_order_of_the_purposes_does_not_matter() -> None:
    value = "v1:personalisation=1,advertising=0,measurement=0"
    assert parse(value) == Consent(True, frozenset({P}))


def test_new_text_asks_again_and_the_same_text_does_not() -> None:
    value = dump({M}, text_version="1")
    assert parse(value, text_version="1") == Consent(True, frozenset({M}))
    assert parse(value, text_version="2") == NOT_ASKED


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"DNT": "1"}, {"Sec-GPC": "1", "DNT": "1"}])
def test_browser_that_objects_takes_back_advertising_alone(headers: dict[str, str]) -> None:
    value = dump({M, P, A}, text_version="1")
    assert parse(value, headers) == Consent(True, frozenset({M, P}))


@pytest.mark.parametrize("headers", [{}, {"Sec-GPC": "0"}, {"DNT": "0"}, {"DNT": "null"}])
def test_browser_that_does_not_object_changes_nothing(headers: dict[str, str]) -> None:
    assert not is_opted_out(headers)
    assert parse(dump({A}, text_version="1"), headers).may(A)


def test_objection_is_no_answer() -> None:
    assert parse(None, {"Sec-GPC": "1"}) == NOT_ASKED


def test_advertising_alone_needs_no_id_of_ours() -> None:
    assert not parse(dump({A}, text_version="1")).may_be_remembered
    assert parse(dump({M}, text_version="1")).may_be_remembered


@pytest.mark.parametrize(
    ("form", "purposes"),
    [
        ({"all": "yes"}, {M, P, A}),
        ({"all": "no"}, set()),
        ({"all": "no", M: "yes"}, set()),
        ({M: "yes", P: "no", A: "no"}, {M}),
        ({M: "yes"}, {M}),
        ({A: "no"}, set()),
        ({M: "on", P: "yes"}, {P}),
    ],
)
def test_form_allows_what_was_answered_with_yes(form: dict[str, str], purposes: set[str]) -> None:
    assert choice_of(form) == purposes


@pytest.mark.parametrize("form", [{}, {"all": "maybe"}, {"colour": "yes"}, {M: "1"}])
def test_form_without_an_answer_chooses_nothing(form: dict[str, str]) -> None:
    assert choice_of(form) is None


def test_unknown_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="Known are: measurement, personalisation, advertising"):
        dump({"profit"}, text_version="1")
