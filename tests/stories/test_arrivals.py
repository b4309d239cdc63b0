"""S54: the returning customer, and the new visitor from a social campaign whom the first page already knows."""

from __future__ import annotations

import pytest

from django_microseg.testing import Story, days
from tests.stories.asking import who_is_in

RETURNING, SOCIAL = "returning-customer", "new-visitor-from-social-campaign"
CAMPAIGN: dict[str, str | int] = {"channel": "social", "campaign": "spring", "visit_number": 1}


def test_earlier_order_or_earlier_visit_makes_a_returning_customer_and_a_first_visit_does_not(story: Story) -> None:
    story.preset(RETURNING)
    story.shopper("bought-once").buys(total=20, at=days(-9), visit="")
    story.shopper("came-twice").views("boot-1", at=days(-9)).views("boot-1", at=days(-1))
    story.shopper("new").views("boot-1", at=days(-1)).views("boot-2").adds()
    assert who_is_in(story, RETURNING) == {"bought-once", "came-twice"}


def test_thirty_idle_minutes_end_a_visit(story: Story) -> None:
    story.preset(RETURNING)
    story.shopper("ann").views("boot-1", at=days(-1), hour=9, minute=0).views("boot-2", at=days(-1), hour=9, minute=30)
    story.shopper("bob").views("boot-1", at=days(-1), hour=9, minute=0).views("boot-2", at=days(-1), hour=9, minute=29)
    assert who_is_in(story, RETURNING) == {"ann"}


def test_browser_that_counts_a_second_visit_returns_though_nothing_is_stored_of_the_first(story: Story) -> None:
    story.preset(RETURNING)
    stranger = story.shopper("stranger", is_anonymous=True)
    assert stranger.segments(visit_number=2) == {RETURNING}
    assert stranger.segments(visit_number=1) == frozenset()


def test_new_visitor_from_a_social_campaign_is_known_in_the_very_first_response(story: Story) -> None:
    story.preset(SOCIAL)
    assert story.shopper("stranger", is_anonymous=True).segments(**CAMPAIGN) == {SOCIAL}


@pytest.mark.parametrize(
    "context",
    [
        CAMPAIGN | {"channel": "search"},
        CAMPAIGN | {"visit_number": 2},
        {"channel": "social", "visit_number": 1},
        {},
    ],
    ids=["another channel", "a second visit", "no campaign", "nothing known"],
)
def test_new_visitor_by_any_other_way_is_not_one_from_a_social_campaign(
    story: Story, context: dict[str, str | int]
) -> None:
    story.preset(SOCIAL)
    assert story.shopper("stranger", is_anonymous=True).segments(**context) == frozenset()


def test_customer_who_ordered_or_came_before_is_no_new_visitor_whatever_the_campaign(story: Story) -> None:
    story.preset(SOCIAL)
    buyer = story.shopper("buyer").buys(total=20, at=days(-9), visit="")
    guest = story.shopper("guest").views("boot-1", at=days(-9)).views("boot-1", at=days(-1))
    fresh = story.shopper("fresh").views("boot-1")
    assert [each.segments(**CAMPAIGN) for each in (buyer, guest, fresh)] == [frozenset(), frozenset(), {SOCIAL}]


def test_while_nobody_is_here_the_last_known_arrival_stands(story: Story) -> None:
    story.preset(SOCIAL)
    story.shopper("ann", is_anonymous=True).views("boot-1", at=days(-1), channel="social", campaign="spring")
    story.shopper("bob", is_anonymous=True).views("boot-1", at=days(-1), channel="search", campaign="spring")
    story.sweep()
    assert story.members(SOCIAL) == {"ann"}
