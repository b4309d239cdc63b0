"""The example shop without its three lines of settings: pages are served with their defaults, orders are placed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VISIT = """
import json

import django
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()

from django.apps import apps
from django.core.management import call_command
from django.test import Client

call_command("migrate", verbosity=0)
call_command("shop_catalogue", verbosity=0)
shopper = Client()
pages = ["/", "/c/boots/", "/p/woldspun-fell/", "/search/?q=wool", "/cart/", "/about/", "/privacy/", "/login/"]
pages += ["/preferences/", "/checkout/"]
from example_shop.shop.models import Order, Product
product = Product.objects.get(slug="woldspun-fell")
shopper.post("/cart/add/woldspun-fell/", {"quantity": 1, "size": (product.sizes or [""])[0]})
statuses = {path: shopper.get(path).status_code for path in pages}
home = shopper.get("/")
who = {"email": "a@example.com", "full_name": "Ann Wren"}
where = {"address": "4 Bank Street", "town": "Leeds", "postcode": "LS1 3AX", "country": "GB"}
shopper.post("/checkout/", who | where | {"action": "order"})
print(json.dumps({
    "statuses": statuses,
    "is_installed": apps.is_installed("django_microseg"),
    "hero": "Good boots." in home.text,
    "cookies": sorted(home.cookies),
    "orders": Order.objects.count(),
}))
"""


def test_shop_goes_on_without_us(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.example_shop.settings_without",
            "DATABASE_URL": f"sqlite:///{tmp_path}/shop.sqlite3",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert set(seen.pop("statuses").values()) == {200}
    assert seen == {"is_installed": False, "hero": True, "cookies": [], "orders": 1}
