"""Whatever is sent, the answer is never a 500, and a good event beside it is stored. On each database."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from django_microseg.collect.models import QuarantinedEvent
from django_microseg.trackers.beacon import BEACON
from django_microseg.trackers.segment_api import TAKING
from tests.effort import cases
from tests.trackers.payloads import CORPUS, bodies

pytestmark = pytest.mark.django_db

GENERATED = cases(quick=1_500, ci=10_000)
#: What is good, odd or refused; 503 would be a fault that was caught, and stands for a 500 here.
FINE = {200, 400, 413}


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Everything that went wrong on our side."""
    caught: list[Exception] = []
    for guard in (TAKING, BEACON):
        monkeypatch.setattr(guard, "_failed", lambda error, about: caught.append(error))
    return caught


@pytest.fixture
def unlimited(settings) -> None:
    limits = ("TRACKING_VISITOR_LIMIT", "TRACKING_NETWORK_LIMIT", "WRITE_KEY_LIMIT")
    settings.MICROSEG = {**settings.MICROSEG, **dict.fromkeys(limits)}


@pytest.fixture
def posts(page_of_shop: Client, server_key: str, browser_key: str, unlimited: None) -> Callable[[bytes, int], int]:
    """Posts a body to the beacon's address or as a client; the status of the answer."""
    keys = [base64.b64encode(f"{key}:".encode()).decode() for key in (server_key, browser_key)]

    def post(body: bytes, turn: int) -> int:
        if turn % 2:
            return page_of_shop.post("/microseg/collect/", body, content_type="text/plain").status_code
        headers = {"authorization": f"Basic {keys[turn // 2 % 2]}"}
        call = ("batch", "t", "i")[turn // 4 % 3]
        return Client().post(f"/microseg/v1/{call}", body, content_type="text/plain", headers=headers).status_code

    return post


@pytest.mark.parametrize("name", CORPUS)
def test_corpus_is_judged_and_never_fails(name, posts, faults):
    statuses = {posts(CORPUS[name], turn) for turn in range(8)}
    assert (faults, statuses - FINE) == ([], set())


def test_generated_payloads_never_fail(posts, faults):
    statuses = Counter(posts(body, turn) for turn, body in enumerate(bodies(GENERATED)))
    assert (faults[:3], set(statuses) - FINE) == ([], set())
    assert statuses.total() == GENERATED
    assert not QuarantinedEvent.objects.filter(detail__startswith="Reading the event failed").exists()
    assert statuses[200] > GENERATED // 2  # the draw is not so odd that nothing of it is read
