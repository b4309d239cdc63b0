"""The example shop with data, from nothing to the first page: what `make demo` runs.

Migrates, loads generated data, makes the ready segments, refreshes them, prints their sizes and serves the shop. The
data is made afresh each time unless `--keep` is given; a database named by `DATABASE_URL` is never removed.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = ROOT / "demo.sqlite3"
HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 60

sys.path[0] = str(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_shop.settings")

import django  # noqa: E402
from django.core.management import call_command  # noqa: E402


def main() -> None:
    asked = _arguments()
    started = time.monotonic()
    _refuse_taken_port(asked.port)
    if not asked.keep:
        _remove_data()
    django.setup()
    print("Migrating ...", flush=True)
    call_command("migrate", verbosity=0)
    if not asked.keep:
        print("Making demo data ...", flush=True)
        call_command("shop_demo", lived=21)
    print("Refreshing segments ...", flush=True)
    call_command("microseg_presets", "--param", "fans-of-one-kind.name=trail-shoes", verbosity=0)
    call_command("shop_personalise")
    call_command("microseg_refresh", past_days=30)
    _serve(asked.port, asked.install_seconds, started)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--install-seconds", type=int, default=0, help="how long installing took")
    parser.add_argument("--keep", action="store_true", help="serve the data of the last time")
    return parser.parse_args()


def _remove_data() -> None:
    if not os.environ.get("DATABASE_URL"):
        for ending in ("", "-wal", "-shm"):
            DATABASE.with_name(DATABASE.name + ending).unlink(missing_ok=True)


def _refuse_taken_port(port: int) -> None:
    """Said before the data is made, not after."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be had ({error.strerror}): choose another with PORT=...")


def _serve(port: int, install_seconds: int, started: float) -> None:
    """Serve in this process, so that whoever stops it stops the shop, and say when the first page came."""
    announcer = threading.Thread(target=_announce, args=(port, install_seconds, started), daemon=True)
    announcer.start()
    call_command("runserver", f"{HOST}:{port}", "--noreload", "--skip-checks")


def _announce(port: int, install_seconds: int, started: float) -> None:
    url = f"http://{HOST}:{port}/"
    if _answers(url):
        print(f"Installed in {install_seconds} s, ready in {time.monotonic() - started:.0f} s.")
        print(f"Open {url} and stop with Ctrl-C.", flush=True)


def _answers(url: str) -> bool:
    limit = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(url, timeout=SECONDS_TO_ANSWER):
                return True
        except urllib.error.HTTPError as error:
            print(f"{url} answers with {error.code}.", file=sys.stderr)
            return False
        except OSError:
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    main()
