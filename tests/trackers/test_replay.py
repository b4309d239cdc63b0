"""What real clients sent, recorded byte by byte, sent again to a running shop: all of it is accepted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from django_microseg.collect.models import Event
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


def _recordings() -> Path:
    data = Path(os.environ.get("MICROSEG_DATA") or ROOT.parent / "shared" / "data")
    folder = data.parent / "clients"
    if not (folder / "replay.py").exists():
        pytest.skip(f"no recordings of clients at {folder}")
    return folder


def test_all_recordings_are_accepted(live_server, server_key):
    replay = _recordings() / "replay.py"
    command = [sys.executable, str(replay), live_server.url, "--key", server_key, "--prefix", "/microseg"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "bad: 0"
    assert Event.objects.filter(name="order_completed").exists()
