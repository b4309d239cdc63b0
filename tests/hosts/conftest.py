"""Puts another shop beside the example shop, for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.hosts.bazaar.models import ALL


@pytest.fixture(scope="module")
def bazaar(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The bazaar's app is installed, its tables are there, and its customers have numbers."""
    apps = [*settings.INSTALLED_APPS, "tests.hosts.bazaar"]
    own = {"CURRENCY": "EUR", "CUSTOMER_KEY": "tests.hosts.bazaar.mapping.number_of"}
    with override_settings(INSTALLED_APPS=apps, MICROSEG=own), django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in ALL:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(ALL):
                editor.delete_model(model)
