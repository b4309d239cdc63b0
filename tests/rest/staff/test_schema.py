"""The staff's OpenAPI document says what the addresses do, and the answers are as it says."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from django_microseg.http.problem import KINDS
from django_microseg.segment.models import SegmentVersion
from tests.rest.asking import PREFIX, code_of
from tests.rest.staff.asking import BOUGHT, BOUGHT_TREE, LOOKED, call
from tests.rest.test_schema import strict

pytestmark = pytest.mark.django_db

STAFF = f"{PREFIX}staff/"
ONE = "segments/{slug}/"
CALLS = [
    ("get", "segments/", None, 200),
    ("post", "segments/", {"slug": "new", "name": "New", "rule": BOUGHT_TREE}, 201),
    ("get", ONE, None, 200),
    ("patch", ONE, {"rule": LOOKED, "folder": "A / B", "tags": ["one"], "in_force_until": "2100-01-01T00:00Z"}, 200),
    ("get", f"{ONE}difference/", None, 200),
    ("post", f"{ONE}approve/", None, 200),
    ("post", f"{ONE}discard/", None, 200),
    ("post", f"{ONE}publish/", {"acknowledged": []}, 200),
    ("post", f"{ONE}pause/", None, 200),
    ("post", f"{ONE}archive/", None, 200),
    ("post", f"{ONE}revert/", {"number": 1}, 200),
    ("get", f"{ONE}versions/", None, 200),
    ("get", f"{ONE}growth/", None, 200),
    ("get", f"{ONE}members/", None, 200),
    ("post", f"{ONE}explain/", {"who": "ada"}, 200),
    ("post", "preview/", {"rule": BOUGHT, "overlap": "bought"}, 200),
    ("get", "fields/", None, 200),
    ("get", "runs/", None, 200),
    ("post", "runs/", {"by": "scan"}, 201),
    ("get", "runs/{number}/", None, 200),
    ("post", "runs/{number}/cancel/", None, 200),
    ("post", "runs/{stopped}/retry/", None, 200),
]


@pytest.fixture
def schema(owner) -> dict[str, Any]:
    return call(owner, "GET", "schema/").json()


@pytest.fixture
def numbers(bought, owner) -> dict[str, Any]:
    """A segment with a draft of somebody else beside the rule in force, and a run that was stopped."""
    call(owner, "PATCH", "segments/bought/", {"rule": LOOKED}, seen="*")
    SegmentVersion.objects.update(author="grace")
    stopped = call(owner, "POST", "runs/").json()["number"]
    call(owner, "POST", f"runs/{stopped}/cancel/")
    return {"slug": "bought", "stopped": stopped}


@pytest.fixture
def running(request, owner, numbers) -> dict[str, Any]:
    """The same, and a run that is under way where one is asked about."""
    asked = "{number}" in request.node.callspec.params["address"]
    return {**numbers, "number": call(owner, "POST", "runs/").json()["number"]} if asked else numbers


def described_at(schema: dict[str, Any], method: str, address: str) -> dict[str, Any]:
    return schema["paths"][STAFF + address.replace("stopped", "number")][method]


def test_document_is_valid_openapi_and_for_staff_alone(schema, staff):
    validate_schema(schema)
    assert call(staff(is_staff=False), "GET", "schema/").status_code == 403


def test_each_address_is_described_with_who_may_and_every_refusal(schema):
    described = {(method, path.removeprefix(STAFF)) for path, each in schema["paths"].items() for method in each}
    assert described == {(method, address.replace("stopped", "number")) for method, address, _, _ in CALLS}
    statuses = {str(int(kind.status)) for kind in KINDS.values()}
    for method, address, _, _ in CALLS:
        operation = described_at(schema, method, address)
        assert {"cookieAuth": []} in operation["security"]
        assert {"401", "403", "429", "503"} <= set(operation["responses"])
        for status in statuses & set(operation["responses"]):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(("method", "address", "body", "status"), CALLS)
def test_answer_has_what_the_document_says_and_nothing_else(owner, schema, running, method, address, body, status):
    response = call(owner, method.upper(), address.format(**running), body, seen="*")
    assert response.status_code == status, response.content
    described = described_at(schema, method, address)["responses"][str(status)]
    shape = described["content"]["application/json"]["schema"]
    Draft202012Validator({**shape, "components": strict(schema)}).validate(response.json())
    assert set(described.get("headers", {})) <= {*response.headers, "Location"}


def test_refusal_has_what_the_document_says(owner, schema, bought):
    described = schema["paths"][STAFF + "preview/"]["post"]["responses"]["422"]
    shape = described["content"]["application/problem+json"]["schema"]
    answer = call(owner, "POST", "preview/", {"rule": "agee > 3"}).json()
    Draft202012Validator({**shape, "components": strict(schema)}).validate(answer)


def test_refusals_that_list_what_is_in_the_way_are_described(owner, schema, bought, make_segment, settings):
    settings.MICROSEG = {**settings.MICROSEG, "APPROVAL": True}
    make_segment("rare", 'not segment("bought")')
    call(owner, "PATCH", "segments/bought/", {"rule": LOOKED}, seen="*")
    for address, code in [("publish/", "objected"), ("archive/", "in_use")]:
        response = call(owner, "POST", f"segments/bought/{address}", seen="*")
        assert code_of(response) == (409, code)
        shape = described_at(schema, "post", ONE + address)["responses"]["409"]["content"]["application/problem+json"]
        Draft202012Validator({**shape["schema"], "components": strict(schema)}).validate(response.json())


@pytest.mark.usefixtures("bought")
def test_bodies_that_are_sent_are_those_that_are_described(schema):
    for method, address, body, _ in CALLS:
        described = described_at(schema, method, address).get("requestBody")
        if body is None:
            assert described is None or address.startswith("segments/{slug}/explain")
        else:
            shape = described["content"]["application/json"]["schema"]
            Draft202012Validator({**shape, "components": strict(schema)}).validate(body)
