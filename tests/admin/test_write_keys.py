"""Write keys in the admin: shown once, rotated and revoked by those who may."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from django_microseg.collect.models import WriteKey
from django_microseg.collect.write_keys import find_key, make_key

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/writekey/"
SECRET = re.compile(r"msk_[A-Za-z0-9_-]{32}")


def _secrets(response):
    return SECRET.findall(response.content.decode())


def test_new_key_is_shown_once(owner):
    response = owner.post(f"{LIST}add/", {"name": "till", "scope": "server"}, follow=True)
    (secret,) = _secrets(response)
    found = find_key(secret, now=timezone.now())
    assert found is not None
    assert found.name == "till"
    assert _secrets(owner.get(LIST)) == _secrets(owner.get(f"{LIST}{found.pk}/change/")) == []


def test_name_that_is_taken_or_no_name_is_refused_with_a_word(owner):
    make_key("till", now=timezone.now())
    for name in ("till", "Not A Name"):
        assert owner.post(f"{LIST}add/", {"name": name, "scope": "server"}).status_code == 200
    assert WriteKey.objects.count() == 1


def test_rotating_shows_the_new_secret(owner):
    row, old = make_key("till", now=timezone.now())
    response = owner.post(LIST, {"action": "rotate", "_selected_action": [row.pk]}, follow=True)
    (new,) = _secrets(response)
    assert find_key(new, now=timezone.now()) == find_key(old, now=timezone.now()) == row


def test_revoking_ends_it(owner):
    row, secret = make_key("till", now=timezone.now())
    owner.post(LIST, {"action": "revoke", "_selected_action": [row.pk]}, follow=True)
    assert find_key(secret, now=timezone.now()) is None


def test_who_may_only_look_changes_nothing(staff):
    row, secret = make_key("till", now=timezone.now())
    viewer = staff("view_writekey")
    viewer.post(LIST, {"action": "revoke", "_selected_action": [row.pk]}, follow=True)
    assert viewer.post(f"{LIST}add/", {"name": "other", "scope": "server"}).status_code == 403
    assert viewer.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert find_key(secret, now=timezone.now()) == row
