"""Folders and tags of segments: the form, the list's filters and search, and actions on many at once."""

from __future__ import annotations

import pytest

from django_microseg.segment.models import Segment
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/segment/"
BUYERS = 'count("order_completed") >= 1'


@pytest.fixture
def filed(make_segment):
    make_segment("back", BUYERS, folder="Retention / Win back", tags=",mail,summer,")
    make_segment("loyal", BUYERS, folder="Retention", tags=",summer sale,")
    make_segment("first", BUYERS, folder="Retention 2", is_active=False)


def _slugs(browser, **query: str) -> list[str]:
    return [row.slug for row in browser.get(LIST, query).context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"folder": "Retention"}, ["back", "loyal"]),
        ({"folder": "Retention / Win back"}, ["back"]),
        ({"folder": "Retention 2"}, ["first"]),
        ({"folder": "Nowhere"}, []),
        ({"tag": "summer"}, ["back"]),
        ({"tag": "summer sale"}, ["loyal"]),
        ({"tag": "sum"}, []),
        ({"folder": "Retention", "tag": "mail"}, ["back"]),
        ({"folder": "Retention", "state__exact": "draft"}, []),
        ({"q": "win"}, ["back"]),
        ({"q": "summer"}, ["back", "loyal"]),
    ],
)
def test_filters_and_search_find_what_is_filed_there_and_nothing_else(owner, filed, query, slugs):
    assert _slugs(owner, **query) == slugs


def test_filters_show_the_tree_with_how_many_lie_below(owner, filed):
    words = read(owner.get(LIST).text).words
    assert "By folder All Retention 2 Win back 1 Retention 2 1" in words
    assert "By tag All mail 1 summer 1 summer sale 1" in words


def test_without_folders_and_tags_there_is_no_such_filter(owner, make_segment):
    make_segment("plain", BUYERS)
    words = read(owner.get(LIST).text).words
    assert ("By folder" in words, "By tag" in words, "By state" in words) == (False, False, True)


def test_row_leads_to_what_is_filed_alike(owner, filed):
    addresses = read(owner.get(LIST).text).addresses()
    assert {"?folder=Retention+%2F+Win+back", "?tag=summer"} <= set(addresses)


def test_form_writes_one_way_of_writing(owner, make_segment):
    segment = make_segment("back", BUYERS)
    fields = {"name": "Back", "description": "", "rule_text": BUYERS, "state": "active", "note": ""}
    page = f"{LIST}{segment.pk}/change/"
    owner.post(page, {**fields, "folder": "  Retention/Win  back/ ", "tags": "Summer, mail,, summer"})
    segment.refresh_from_db()
    assert (segment.folder, segment.tags) == ("Retention / Win back", ",mail,summer,")
    shown = {tag["name"]: tag["value"] for tag in read(owner.get(page).text).all("input", class_="vTextField")
             if "value" in tag}  # fmt: skip
    assert (shown["folder"], shown["tags"]) == ("Retention / Win back", "mail, summer")


def test_tags_that_are_too_long_are_refused_with_the_reason(owner, make_segment):
    segment = make_segment("back", BUYERS)
    many = ",".join(f"tag-number-{n}" for n in range(60))[:499]
    fields = {"name": "Back", "rule_text": BUYERS, "state": "active", "folder": "", "tags": many}
    assert "too long together" in owner.post(f"{LIST}{segment.pk}/change/", fields).text


def _act(browser, action: str, *slugs: str, **more: str):
    chosen = list(Segment.objects.filter(slug__in=slugs).values_list("pk", flat=True))
    return browser.post(LIST, {"action": action, "_selected_action": chosen, **more}, follow=True)


def test_action_asks_first_and_changes_nothing(owner, filed):
    page = read(_act(owner, "put_in_folder", "back", "first").text)
    assert "File 2 segments" in page.words
    assert len(page.all("input", name="_selected_action")) == 2
    assert Segment.objects.get(slug="first").folder == "Retention 2"


@pytest.mark.parametrize(
    ("action", "said", "after"),
    [
        ("put_in_folder", "Autumn/Mail", ("Autumn / Mail", ",mail,summer,")),
        ("put_in_folder", "", ("", ",mail,summer,")),
        ("add_tags", "New, mail", ("Retention / Win back", ",mail,new,summer,")),
        ("take_tags", "Mail", ("Retention / Win back", ",summer,")),
    ],
)
def test_action_files_the_chosen_and_leaves_the_others(owner, filed, action, said, after):
    assert "1 segment filed anew." in read(_act(owner, action, "back", filing=said).text).words
    assert Segment.objects.values_list("folder", "tags").get(slug="back") == after
    assert Segment.objects.values_list("folder", "tags").get(slug="loyal") == ("Retention", ",summer sale,")


def test_what_belongs_to_a_file_is_left_alone(owner, filed):
    Segment.objects.filter(slug="loyal").update(managed_by="segments.yaml")
    words = read(_act(owner, "put_in_folder", "back", "loyal", filing="Autumn").text).words
    assert ("1 segment filed anew." in words, "1 belongs to a file and stays." in words) == (True, True)
    assert dict(Segment.objects.filter(slug__in=["back", "loyal"]).values_list("slug", "folder")) == {
        "back": "Autumn",
        "loyal": "Retention",
    }


def test_too_long_a_folder_is_refused_with_the_reason(owner, filed):
    assert "This is too long." in _act(owner, "put_in_folder", "back", filing="x" * 201).text
    assert Segment.objects.get(slug="back").folder == "Retention / Win back"


def test_who_may_only_look_files_nothing(staff, filed):
    _act(staff("view_segment"), "put_in_folder", "back", filing="Elsewhere")
    assert Segment.objects.get(slug="back").folder == "Retention / Win back"


def test_form_suggests_folders_and_lists_no_segments(owner, filed, make_segment):
    page = read(owner.get(f"{LIST}{Segment.objects.get(slug='back').pk}/change/").text)
    assert [tag["value"] for tag in page.all("option")][-3:] == ["Retention", "Retention / Win back", "Retention 2"]


def test_list_is_sorted_by_name_size_and_trend(owner, make_segment):
    from tests.admin.test_segment_list import _days_ago

    for slug, before, size in (("a", 9, 3), ("b", 1, 2), ("c", 0, 9)):
        segment = make_segment(slug, BUYERS, name=slug)
        Segment.objects.filter(pk=segment.pk).update(size=size)
        _days_ago(segment, _30=before, _40=100)
    columns = {"name": "1", "size": "2", "trend": "3"}
    found = {word: "".join(_slugs(owner, o=column)) for word, column in columns.items()}
    assert found == {"name": "abc", "size": "bac", "trend": "abc"}
    assert _slugs(owner, o="-3") == ["c", "b", "a"]
