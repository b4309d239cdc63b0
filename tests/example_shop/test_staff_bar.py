"""The staff bar on the pages of the example shop: whoever runs it has it, shoppers do not."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.usefixtures("catalogue")

PAGES = ["/", "/c/boots/", "/p/tarnway-catbells/", "/cart/", "/search/?q=boots", "/about/"]


@pytest.fixture
def owner() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("owner"))
    browser.get("/admin/")
    return browser


@pytest.mark.parametrize("page", PAGES)
def test_owner_sees_it_at_the_end_of_each_page(owner, page):
    assert re.search(r"</aside>\s*</body>\s*</html>\s*$", owner.get(page).text)


@pytest.mark.parametrize("page", PAGES)
def test_shopper_does_not(client, page):
    assert "microseg-bar" not in client.get(page).text
