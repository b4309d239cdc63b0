"""Experiences in the admin: saving, deleting and the actions publish at once; nothing wrong is saved."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.publish import publish_experiences, save_experience
from django_microseg.segment.models import Publication, Segment

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/experience/"


def _form(**changes: object) -> dict[str, object]:
    return {
        "name": "Welcome",
        "slug": "welcome",
        "slot": "home-hero",
        "state": "live",
        "match": "any",
        "content_html": "<b>hello</b>",
        "template_name": "",
        "priority": "0",
        "starts_at_0": "",
        "starts_at_1": "",
        "ends_at_0": "",
        "ends_at_1": "",
        **changes,
    }


def _published() -> list[str]:
    row = Publication.objects.filter(pk=1).first()
    return [each["slug"] for each in row.experiences] if row else []


@pytest.fixture
def welcome() -> Experience:
    experience = Experience(slug="welcome", name="Welcome", slot="home-hero", state="live", content_html="<b>hello</b>")
    save_experience(experience, now=timezone.now())
    return experience


def test_saving_a_live_experience_publishes_it(owner):
    owner.post(f"{LIST}add/", _form())
    assert _published() == ["welcome"]


def test_saving_a_draft_publishes_nothing(owner):
    owner.post(f"{LIST}add/", _form(state="draft"))
    assert (_published(), Experience.objects.count()) == ([], 1)


def test_each_publication_has_a_higher_version(owner, welcome):
    before = Publication.objects.get().version
    owner.post(reverse("admin:django_microseg_experience_change", args=[welcome.pk]), _form(name="Hello"))
    assert Publication.objects.get().version == before + 1


def test_deleting_takes_it_out_of_the_shop(owner, welcome):
    owner.post(f"{LIST}{welcome.pk}/delete/", {"post": "yes"})
    assert (_published(), Experience.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("action", "published"), [("delete_selected", []), ("pause_chosen", []), ("publish_chosen", ["welcome"])]
)
def test_actions_publish_what_is_left(owner, welcome, action, published):
    owner.post(LIST, {"action": action, "_selected_action": welcome.pk, "post": "yes"})
    assert _published() == published


def test_action_does_not_show_what_has_no_content(owner):
    empty = Experience.objects.create(slug="empty", name="Empty", slot="home-hero")
    publish_experiences(now=timezone.now())
    page = owner.post(LIST, {"action": "publish_chosen", "_selected_action": empty.pk}, follow=True).text
    assert (_published(), "“Empty” has no content yet" in page) == ([], True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"content_html": "", "template_name": "no/such.html"}, "There is no template"),
        ({"template_name": "shop/heroes/default.html"}, "Give either content or a template, not both."),
        ({"content_html": ""}, "A live experience needs content or a template."),
        ({"slot": "home hero"}, "valid “slug”"),
        ({"segments": ["nobody"]}, "Select a valid choice"),
        (
            {"starts_at_0": "2024-02-02", "starts_at_1": "10:00", "ends_at_0": "2024-02-01", "ends_at_1": "10:00"},
            "It must end after it starts.",
        ),
    ],
)
def test_wrong_experience_is_not_saved(owner, changes, message):
    response = owner.post(f"{LIST}add/", _form(**changes))
    assert (message in response.text, Experience.objects.count()) == (True, 0)


def test_template_must_lie_where_the_shop_allows(owner, settings):
    settings.MICROSEG = {"EXPERIENCE_TEMPLATES": ["microseg/"]}
    page = owner.post(f"{LIST}add/", _form(content_html="", template_name="admin/base.html")).text
    assert "Templates of experiences must lie below microseg/." in page


def test_segments_are_chosen_among_those_of_the_shop(owner):
    Segment.objects.create(slug="vip", name="VIP")
    owner.post(f"{LIST}add/", _form(segments=["vip"]))
    assert Experience.objects.get().segments == ["vip"]


def test_segment_that_is_gone_stays_chosen_and_is_marked(owner, welcome):
    Experience.objects.update(segments=["lost"])
    page = owner.get(reverse("admin:django_microseg_experience_change", args=[welcome.pk])).text
    assert '<option value="lost" selected>lost (gone)</option>' in page


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "now"),
        ({"state": "draft"}, "draft"),
        ({"starts_at": "2999-01-01T10:00Z"}, "from 2999-01-01 10:00 on"),
        ({"ends_at": "2999-01-01T10:00Z"}, "until 2999-01-01 10:00"),
        ({"ends_at": "2000-01-01T10:00Z"}, "over"),
    ],
)
def test_list_says_what_is_shown_at_this_moment(owner, welcome, fields, shown):
    Experience.objects.update(**fields)
    assert f'<td class="field-shown">{shown}</td>' in owner.get(LIST).text


def test_list_takes_no_more_queries_for_more_experiences(owner, welcome, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        owner.get(LIST)
    Experience.objects.bulk_create(Experience(slug=f"e-{n}", name="E", slot="other") for n in range(30))
    with django_assert_num_queries(len(few)):
        owner.get(LIST)
