"""Areas in the admin: a postcode as people write it, and whoever lives there follows."""

from __future__ import annotations

from typing import Any

import pytest

from django_microseg.profile.areas.models import Area
from django_microseg.profile.models import EventCursor

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/area/"
EXETER = {"country": "gb", "prefix": "ex4 1", "name": "Exeter", "population": "", "density": "2778.5", "growth": ""}


def _is_to_follow() -> bool:
    return EventCursor.objects.filter(name="areas", position=0).exists()


def test_area_is_kept_in_the_form_in_which_it_is_looked_for(owner: Any) -> None:
    owner.post(f"{LIST}add/", EXETER)
    assert Area.objects.values_list("country", "prefix").get() == ("GB", "EX41")
    assert _is_to_follow()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"country": "G1"}, "Two capital letters"),
        ({"name": "", "density": ""}, "Say something of the area"),
        ({"prefix": "--"}, "cannot be blank"),
        ({}, "This area is known already"),
    ],
)
def test_area_that_cannot_be_is_refused_in_words(owner: Any, changed: dict[str, str], complaint: str) -> None:
    Area.objects.create(country="GB", prefix="EX41", name="old")
    assert complaint in owner.post(f"{LIST}add/", {**EXETER, **changed}).text
    assert (Area.objects.get().name, _is_to_follow()) == ("old", False)


def test_areas_that_are_deleted_are_followed_too(owner: Any) -> None:
    area = Area.objects.create(country="GB", prefix="EX4", name="Exeter")
    owner.post(LIST, {"action": "delete_selected", "_selected_action": area.pk, "post": "yes"})
    assert (Area.objects.exists(), _is_to_follow()) == (False, True)


def test_search_finds_a_postcode_as_people_write_it(owner: Any) -> None:
    Area.objects.create(country="GB", prefix="EX41", name="Exeter")
    Area.objects.create(country="GB", prefix="EX5", name="Elsewhere")
    text = owner.get(f"{LIST}?q=ex4+1").text
    assert ("Exeter" in text, "Elsewhere" in text) == (True, False)


def test_viewer_changes_nothing(staff: Any) -> None:
    viewer = staff("view_area")
    assert (viewer.get(LIST).status_code, viewer.post(f"{LIST}add/", EXETER).status_code) == (200, 403)
    assert staff().get(LIST).status_code == 403
