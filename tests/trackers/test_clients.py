"""Real tracking clients send to the running shop, and what they sent is there: each kind, once, of the right person."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.profile.find import find_person
from django_microseg.profile.models import Fact
from tests.absent import absent

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = Path(__file__).parent / "clients"


def _send(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def _check_stored() -> None:
    ada = find_person("ada")
    assert ada is not None
    assert Counter(Event.objects.filter(profile=ada).values_list("name", flat=True)) == {
        "product_viewed": 1, "page_viewed": 2, "customer_identified": 1, "account_joined": 1, "order_completed": 1,
        "product_purchased": 1, "customer_merged": 1,
    }  # fmt: skip
    assert find_person("ext:anon-1") == find_person("ext:anon-2") == ada
    assert set(Fact.objects.values_list("name", "text")) == {("gender", "female"), ("account", "acme")}
    assert not QuarantinedEvent.objects.exists()


def test_segments_python_client(pytestconfig, live_server, server_key):
    if find_spec("segment") is None:
        absent(pytestconfig, "segment-analytics-python is not installed: run `make env`")
    _send(sys.executable, str(CLIENTS / "send.py"), f"{live_server.url}/microseg", server_key)
    _check_stored()


def test_segments_node_client(live_server, server_key):
    node, folder = shutil.which("node"), os.environ.get("MICROSEG_NODE_CLIENT")
    if node is None or not folder:
        pytest.skip("no Node.js client: npm install --prefix X @segment/analytics-node, set MICROSEG_NODE_CLIENT=X")
    _send(node, str(CLIENTS / "send.mjs"), live_server.url, server_key, folder)
    _check_stored()
