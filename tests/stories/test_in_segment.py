"""Members of segments as a queryset: who the rules in force have in them, and nobody else, in one query."""

from __future__ import annotations

import pytest

from django_microseg.profile.models import Profile
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Membership, Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse
from django_microseg.testing import Story
from tests.stories.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(story: Story) -> Story:
    """Ann bought and looked, Bob bought, Cid looked, Dan did neither."""
    story.segment("buyers", 'count("order_completed") >= 1')
    story.segment("lookers", 'count("product_viewed") >= 1')
    story.shopper("ann").views("boot-1").buys(total=60)
    story.shopper("bob").buys(total=60)
    story.shopper("cid").views("boot-1")
    story.shopper("dan").opens_page()
    return story


def _names(*slugs: str, **options: str) -> list[str]:
    return sorted(Profile.objects.in_segment(*slugs, **options).values_list("customer_key", flat=True))


@pytest.mark.parametrize(
    ("slugs", "options", "expected"),
    [
        (["buyers"], {}, ["ann", "bob"]),
        (["buyers", "lookers"], {}, ["ann", "bob", "cid"]),
        (["buyers", "lookers"], {"match": "any"}, ["ann", "bob", "cid"]),
        (["buyers", "lookers"], {"match": "all"}, ["ann"]),
        (["buyers", "buyers"], {"match": "all"}, ["ann", "bob"]),
        (["unknown"], {}, []),
        (["buyers", "unknown"], {}, ["ann", "bob"]),
        (["buyers", "unknown"], {"match": "all"}, []),
    ],
)
def test_members_of_any_and_of_all(shop, slugs, options, expected):
    assert _names(*slugs, **options) == expected


def test_it_is_one_query_and_goes_on_as_any_queryset(shop, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Profile.objects.exclude(customer_key="bob").in_segment("buyers", "lookers").count() == 2
    with django_assert_num_queries(1):
        assert not Profile.objects.in_segment("buyers").filter(customer_key="cid").exists()


def test_version_that_is_being_prepared_shows_nobody(shop):
    segment = Segment.objects.get(slug="buyers")
    version = save_definition(segment, to_json(parse('count("product_viewed") >= 1')), now=NOW)
    cid = Profile.objects.get(customer_key="cid")
    Membership.objects.create(profile=cid, segment=segment, definition=version, since=NOW)
    assert _names("buyers") == ["ann", "bob"]


def test_rule_that_went_live_shows_its_members_alone(shop):
    segment = Segment.objects.get(slug="buyers")
    save_definition(segment, to_json(parse('count("product_viewed") >= 1')), now=NOW)
    activate([segment], now=NOW)
    assert _names("buyers") == ["ann", "cid"]


@pytest.mark.parametrize("state", ["paused", "archived", "draft"])
def test_segment_that_is_not_in_force_shows_nobody(shop, state):
    Segment.objects.filter(slug="buyers").update(state=state)
    assert _names("buyers") == []


@pytest.mark.parametrize(
    ("slugs", "options", "message"), [([], {}, "No segment"), (["a"], {"match": "most"}, "'most'")]
)
def test_question_that_means_nothing_is_refused(slugs, options, message):
    with pytest.raises(ValueError, match=message):
        Profile.objects.in_segment(*slugs, **options)
