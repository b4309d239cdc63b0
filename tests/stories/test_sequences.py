"""S18: what follows on what. Price-drop alerts and video reviews are events, and an order may come after them."""

from __future__ import annotations

from django_microseg.testing import Story, days, minutes
from tests.stories.asking import who_is_in

ALERT = 'follows("order_completed", after="price_drop_alerted", within_days=7) >= 2'
REVIEW = (
    'count("order_completed") >= 2'
    ' and follows_share("order_completed", after="video_review_viewed", within_days=1) > 0.5'
)


def test_bought_within_7_days_after_a_price_drop_alert_at_least_twice(story: Story) -> None:
    story.segment("alerted", ALERT)
    ann = story.shopper("ann").gets_price_drop_alert("boot-1", at=days(-60)).buys(total=60, at=days(-54))
    ann.gets_price_drop_alert("tent-1", at=days(-20)).buys(total=200, at=days(-19))
    once = story.shopper("once").gets_price_drop_alert("boot-1", at=days(-60)).buys(total=60, at=days(-54))
    once.gets_price_drop_alert("tent-1", at=days(-20)).buys(total=200, at=days(-12))
    before = story.shopper("before").buys(total=60, at=days(-61)).gets_price_drop_alert("boot-1", at=days(-60))
    before.buys(total=60, at=days(-21)).gets_price_drop_alert("tent-1", at=days(-20))
    story.shopper("unasked").buys(total=60, at=days(-54)).buys(total=200, at=days(-19))
    assert who_is_in(story, "alerted") == {"ann"}


def test_seven_days_after_the_alert_are_too_late_and_a_minute_less_is_not(story: Story) -> None:
    story.segment("alerted", ALERT)
    ann = story.shopper("ann").gets_price_drop_alert("boot-1", at=days(-60)).buys(total=60, at=days(-59))
    ann.gets_price_drop_alert("tent-1", at=days(-20)).buys(total=200, at=days(-13) - minutes(1))
    bob = story.shopper("bob").gets_price_drop_alert("boot-1", at=days(-60)).buys(total=60, at=days(-59))
    bob.gets_price_drop_alert("tent-1", at=days(-20)).buys(total=200, at=days(-13))
    assert who_is_in(story, "alerted") == {"ann"}


def test_alert_that_is_reported_late_still_explains_the_order(story: Story) -> None:
    story.segment("alerted", ALERT)
    ann = story.shopper("ann").buys(total=60, at=days(-54)).buys(total=200, at=days(-19))
    ann.gets_price_drop_alert("boot-1", at=days(-60))
    assert who_is_in(story, "alerted") == set()
    ann.gets_price_drop_alert("tent-1", at=days(-20))
    assert who_is_in(story, "alerted") == {"ann"}


def test_cancelled_order_did_not_follow_an_alert(story: Story) -> None:
    story.segment("alerted", ALERT)
    ann = story.shopper("ann").gets_price_drop_alert("boot-1", at=days(-60)).buys(total=60, at=days(-54))
    ann.gets_price_drop_alert("tent-1", at=days(-20)).buys(total=200, at=days(-19))
    assert who_is_in(story, "alerted") == {"ann"}
    ann.cancels()
    assert who_is_in(story, "alerted") == set()


def test_usually_buys_after_a_video_review(story: Story) -> None:
    """Usually is more than every second time: two of three orders are, one of two is not."""
    story.segment("viewers", REVIEW)
    ann = story.shopper("ann").watches_video_review("boot-1", at=days(-40)).buys(total=60)
    ann.watches_video_review("tent-1", at=days(-20)).buys(total=200).buys(total=9, at=days(-3))
    story.shopper("half").watches_video_review("boot-1", at=days(-40)).buys(total=60).buys(total=9, at=days(-3))
    story.shopper("watcher").watches_video_review("boot-1", at=days(-40)).watches_video_review("tent-1", at=days(-3))
    story.shopper("single").watches_video_review("boot-1", at=days(-40)).buys(total=60)
    assert who_is_in(story, "viewers") == {"ann"}
