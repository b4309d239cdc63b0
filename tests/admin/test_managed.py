"""Segments that belong to a file: shown in the admin with where they come from, and changed by nobody there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from django_microseg.segment.install import install_presets
from django_microseg.segment.models import Segment
from tests.admin.deciding import change_url, difference_url
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/segment/"
RULE = 'count("order_completed") >= 2'


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(f"format: 1\nsegments:\n  - {{slug: buyers, name: Buyers, rule: '{RULE}'}}\n")
    return path


@pytest.fixture
def buyers(file) -> Segment:
    call_command("microseg_load", file, own=True, stdout=io.StringIO())
    return Segment.objects.get()


def _save(browser, segment: Segment, **changes: str):
    given = {"name": "Buyers", "description": "", "rule_text": RULE, "note": "", "state": "active", **changes}
    return browser.post(change_url(segment), given)


def test_page_says_where_it_comes_from_and_has_no_form(owner, buyers):
    page = read(owner.get(change_url(buyers)).text)
    assert "It comes from the file ours.yaml, so it is only shown here." in page.words
    assert (page.all("textarea", name="rule_text"), page.all("input", name="_save")) == ([], [])
    assert RULE in page.words


def test_nobody_changes_it_here(owner, buyers):
    assert _save(owner, buyers, rule_text='count("order_completed") >= 1', name="Other").status_code == 403
    assert owner.post(difference_url(buyers), {"go": "1"}).status_code == 403
    assert owner.post(f"{LIST}{buyers.pk}/bring-back/", {"bring_back": "1"}).status_code == 403
    buyers.refresh_from_db()
    assert (buyers.name, buyers.versions.count()) == ("Buyers", 1)


def test_action_leaves_it_and_takes_the_others(owner, buyers, make_segment):
    other = make_segment("other", RULE)
    given = {"action": "pause_chosen", "_selected_action": [buyers.pk, other.pk]}
    page = owner.post(LIST, given, follow=True).text
    assert "because it belongs to a file: “Buyers”" in page
    assert dict(Segment.objects.values_list("slug", "state")) == {"buyers": "active", "other": "paused"}


def test_list_marks_it_and_no_other(owner, buyers, make_segment):
    make_segment("other", RULE)
    assert read(owner.get(LIST).text).words.count("from a file") == 1


def test_presets_leave_it(buyers):
    Segment.objects.update(slug="vip")
    assert [each.outcome for each in install_presets(["vip"], now=timezone.now())] == ["kept"]


def test_file_loaded_again_changes_nothing_and_without_own_gives_it_back(owner, buyers, file):
    again, back = io.StringIO(), io.StringIO()
    call_command("microseg_load", file, own=True, stdout=again)
    call_command("microseg_load", file, stdout=back)
    assert "0 new, 0 changed, 1 as they were." in again.getvalue()
    assert "changed  buyers: managed by" in back.getvalue()
    buyers.refresh_from_db()
    assert (buyers.managed_by, buyers.state, buyers.versions.count()) == ("", "active", 1)
    assert _save(owner, buyers, name="Renamed").status_code == 302


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("difference", {"go": "1"}),
        ("difference", {"discard": "1"}),
        ("bring-back", {"bring_back": "1"}),
        ("freeze", {}),
        ("unfreeze", {}),
    ],
)
def test_not_even_the_owner_decides_about_it_here(owner, buyers, page, given):
    before = list(buyers.versions.values("number", "state"))
    answer = owner.post(f"/admin/django_microseg/segment/{buyers.pk}/{page}/", given)
    assert (answer.status_code, list(buyers.versions.values("number", "state"))) == (403, before)
