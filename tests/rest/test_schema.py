"""The OpenAPI document says what the addresses do, and the answers are as it says."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from django_microseg.http.problem import KINDS
from django_microseg.privacy.consent import PURPOSES
from tests.rest.asking import PREFIX, agree, ask, tell

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = [
    ("get", "me/", None),
    ("post", "decide/", {"slots": ["home-hero", "category-order"], "first_order_offer": True}),
    ("post", "events/", {"events": [{"name": "app_opened"}, {"name": "order_completed"}]}),
    ("put", "consent/", {"purposes": list(PURPOSES)}),
]


@pytest.fixture
def schema() -> dict[str, Any]:
    return Client().get(PREFIX + "schema/").json()


def test_document_is_valid_openapi(schema):
    validate_schema(schema)


def test_each_address_is_described_and_every_refusal_is_a_problem(schema):
    assert set(schema["paths"]) == {f"{PREFIX}{address}" for _, address, _ in CALLS}
    statuses = {str(int(kind.status)) for kind in KINDS.values()}
    for method, address, _ in CALLS:
        responses = schema["paths"][PREFIX + address][method]["responses"]
        for status, response in responses.items():
            if status in statuses:
                assert list(response["content"]) == ["application/problem+json"]
        assert {"429", "503"} <= set(responses)


@pytest.mark.parametrize(("method", "address", "body"), CALLS, ids=lambda value: str(value)[:8])
def test_answer_has_what_the_document_says_and_nothing_else(schema, shopper, buyers, method, address, body):
    agree(shopper, *PURPOSES)
    tell(shopper, "app_opened")
    answer = ask(shopper, method.upper(), address, body).json()
    described = schema["paths"][PREFIX + address][method]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**described, "components": strict(schema)}).validate(answer)


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The document's own parts, with nothing allowed beside what they name."""
    parts = copy.deepcopy(schema["components"])
    for part in parts["schemas"].values():
        if "properties" in part:
            part["additionalProperties"] = False
    return parts
