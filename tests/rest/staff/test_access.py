"""Every address: whoever may, may; everybody else is told why not, and nothing is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from django_microseg.collect.models import Event
from django_microseg.segment.full_run import cancel, start_full_refresh
from django_microseg.segment.models import RefreshRun, Segment, SegmentVersion
from tests.rest.asking import code_of
from tests.rest.staff.asking import BOUGHT, call, with_password
from tests.rest.staff.calls import CALLS, EVERYTHING, NEW
from tests.rest.staff.test_schema import CALLS as DESCRIBED

pytestmark = pytest.mark.django_db

each_call = pytest.mark.parametrize(("method", "address", "body", "permissions", "status"), CALLS)
each_way = pytest.mark.parametrize(
    ("method", "address", "body", "chosen", "status"),
    [
        (method, address, body, chosen, status)
        for method, address, body, permissions, status in CALLS
        for chosen in product(*(each.split(" or ") for each in permissions))
    ],
)


@pytest.fixture(autouse=True)
def run(bought, make_segment) -> Callable[[str], str]:
    """An address, with the number of a run that is under way in it, or of one that was stopped."""
    draft = make_segment("draft", BOUGHT, is_active=False)
    SegmentVersion.objects.create(
        segment=draft, number=2, created_at=timezone.now(), rule={"version": 1, "rule": {"segment": "bought"}}
    )
    running = start_full_refresh(now=timezone.now())
    stopped = RefreshRun.objects.create(kind="full", state="cancelled", started_at=timezone.now(), as_of=timezone.now())

    def fill(address: str) -> str:
        if "stopped" in address:
            cancel(running)
        return address.format(run=running.pk, stopped=stopped.pk)

    return fill


def standing() -> list[object]:
    """What a request that was refused must have left alone."""
    return [
        *Segment.objects.values_list("slug", "name", "state"),
        SegmentVersion.objects.count(),
        *RefreshRun.objects.values_list("pk", "state"),
    ]


def test_every_call_of_the_document_is_here_once():
    here = [(method, re.sub(r"segments/\w+/|{\w+}/", "*/", address)) for method, address, *_ in CALLS]
    described = [
        (method.upper(), re.sub(r"segments/{\w+}/|{\w+}/", "*/", address)) for method, address, *_ in DESCRIBED
    ]
    assert sorted(here) == sorted([*described, ("GET", "schema/")])


@each_way
def test_whoever_may_is_answered(staff, run, method, address, body, chosen, status):
    response = call(staff(*chosen), method, run(address), body, seen="*")
    assert response.status_code == status, response.content


@each_call
def test_nobody_without_a_name_is(run, method, address, body, permissions, status):
    address, before = run(address), standing()
    response = call(Client(), method, address, body, seen="*")
    assert code_of(response) == (401, "not_authenticated")
    assert response.headers["WWW-Authenticate"]
    assert standing() == before


@each_call
def test_member_of_staff_who_lacks_one_permission_is_not(staff, run, method, address, body, permissions, status):
    address, before = run(address), standing()
    for needed in permissions:
        others = EVERYTHING - set(needed.split(" or "))
        response = call(staff(*others), method, address, body, seen="*")
        assert code_of(response) == (403, "not_permitted")
        assert response.json()["detail"] == f"It takes the permission {needed}."
    assert standing() == before


@each_call
def test_customer_with_every_permission_is_not(staff, run, method, address, body, permissions, status):
    address, before = run(address), standing()
    browser = staff(*EVERYTHING, is_staff=False)
    assert code_of(call(browser, method, address, body, seen="*")) == (403, "not_permitted")
    assert standing() == before


def test_owner_who_has_left_is_not(owner):
    User.objects.update(is_active=False)
    assert call(owner, "GET", "segments/").status_code == 401


# -- by session, by password, from where


def test_session_needs_the_token_against_forged_requests(staff):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.create(username="grace", is_staff=True, is_superuser=True))
    response = call(browser, "POST", "segments/", NEW)
    assert code_of(response) == (403, "not_permitted")
    assert "CSRF" in response.json()["detail"]
    browser.cookies["csrftoken"] = token = "a" * 32
    assert call(browser, "POST", "segments/", NEW, **{"x-csrftoken": token}).status_code == 201


def test_password_of_the_projects_own_authentication_needs_none():
    User.objects.create_superuser("grace", password="correct horse")
    client = Client(enforce_csrf_checks=True)
    assert call(client, "POST", "segments/", NEW, **with_password("grace", "correct horse")).status_code == 201
    wrong = call(client, "GET", "segments/", **with_password("grace", "battery"))
    assert code_of(wrong) == (401, "not_authenticated")


def test_projects_choice_of_authentication_is_the_one_that_counts(owner, settings):
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"]}
    response = call(owner, "GET", "segments/")
    assert code_of(response) == (401, "not_authenticated")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="api"'


def test_projects_open_permissions_let_nobody_in(settings):
    settings.REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}
    assert call(Client(), "GET", "segments/").status_code == 401


def test_page_of_another_origin_changes_nothing_unless_it_is_trusted(owner, settings):
    evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert code_of(call(owner, "POST", "segments/", NEW, **evil)) == (403, "other_origin")
    assert not Segment.objects.filter(slug="new").exists()
    settings.CSRF_TRUSTED_ORIGINS = ["https://office.example"]
    trusted = {"origin": "https://office.example", "sec-fetch-site": "cross-site"}
    response = call(owner, "POST", "segments/", NEW, **trusted)
    assert response.status_code == 201
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://a.office.example", 200),
        ("http://a.office.example", 403),
        ("https://office.example.evil", 403),
        ("https://evil-office.example", 403),
        ("null", 403),
    ],
)
def test_trusted_domain_is_meant_with_its_hosts_and_nothing_like_it(owner, settings, origin, status):
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.office.example"]
    page = {"origin": origin, "sec-fetch-site": "cross-site"}
    assert call(owner, "POST", "segments/bought/pause/", seen="*", **page).status_code == status


# -- how often, and what is left behind


@pytest.mark.usefixtures("in_one_minute")
def test_who_asks_too_often_waits_and_a_colleague_does_not(staff, settings):
    settings.MICROSEG = {"API_STAFF_LIMIT": 2}
    busy, other = staff("view_segment"), staff("view_segment")
    answers = [call(busy, "GET", "segments/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "50"
    assert call(other, "GET", "segments/").status_code == 200


@pytest.mark.usefixtures("in_one_minute")
def test_guessing_of_passwords_ends_with_what_a_network_may_send(settings):
    settings.MICROSEG = {"API_NETWORK_LIMIT": 2}
    tries = [call(Client(), "GET", "segments/", **with_password("grace", str(n))).status_code for n in range(4)]
    assert tries == [401, 401, 429, 429]


def test_answers_are_for_nobody_else_and_no_visitor_is_made_of_staff(owner):
    before = Event.objects.count()
    owner.cookies.clear()
    owner.force_login(User.objects.get())
    response = call(owner, "GET", "segments/")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "Authorization"} <= set(response.headers["Vary"].split(", "))
    assert list(response.cookies) == []
    assert Event.objects.count() == before


# -- the history


def test_what_was_done_stands_in_the_admins_history_with_who_did_it(owner):
    call(owner, "POST", "segments/", NEW)
    call(owner, "PATCH", "segments/new/", {"name": "Newer", "rule": BOUGHT}, seen="*")
    call(owner, "POST", "segments/new/publish/", seen="*")
    call(owner, "POST", "segments/new/revert/", {"number": 1}, seen="*")
    call(owner, "POST", "segments/new/pause/", seen="*")
    call(owner, "POST", "segments/new/pause/", seen="*")  # refused: nothing was done
    call(owner, "POST", "segments/new/archive/", seen="*")
    entries = LogEntry.objects.order_by("pk")
    assert [(entry.action_flag, entry.change_message) for entry in entries] == [
        (1, "By the API: written."), (2, "By the API: changed name, rule."), (2, "By the API: published."),
        (2, "By the API: version 1 saved anew."), (2, "By the API: paused."), (2, "By the API: archived."),
    ]  # fmt: skip
    segment = Segment.objects.get(slug="new")
    assert {(entry.user.username, entry.object_id) for entry in entries} == {("user-0", str(segment.pk))}
    assert "By the API: published." in owner.get(f"/admin/django_microseg/segment/{segment.pk}/history/").text


def test_shop_without_an_admin_has_the_api_all_the_same(owner, monkeypatch):
    monkeypatch.setattr("django_microseg.rest.staff.log.apps.is_installed", lambda name: False)
    assert call(owner, "POST", "segments/", NEW).status_code == 201
    assert LogEntry.objects.count() == 0
