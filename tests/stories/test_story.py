"""The story builder itself: what it sends, and what it refuses to tell."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.collect.models import Event
from django_microseg.profile.models import Fact
from django_microseg.testing import Line, Story, StoryError, days, hours, minutes

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def told(*columns: str) -> list[tuple[object, ...]]:
    return list(Event.objects.order_by("pk").values_list(*columns))


def test_verbs_send_events_of_the_catalogue_by_the_door_they_belong_to(story: Story) -> None:
    ann = story.shopper("ann").opens_page().views("boot-1").dwells(seconds=40).adds().removes().clicks_recommendation()
    ann.clicks_promotion("spring").watches_video_review().gets_price_drop_alert().clicks_price_drop_alert()
    ann.opens_email(campaign="march").buys(total=20).refunds(amount=5).cancels()
    browser, server = "browser", "server"
    assert told("name", "source") == [
        ("page_viewed", browser),
        ("product_viewed", browser),
        ("product_dwelled", browser),
        ("product_added", browser),
        ("product_removed", browser),
        ("recommendation_clicked", browser),
        ("promotion_clicked", browser),
        ("video_review_viewed", browser),
        ("price_drop_alerted", server),
        ("price_drop_alert_clicked", browser),
        ("email_opened", server),
        ("order_completed", server),
        ("order_refunded", server),
        ("order_cancelled", server),
    ]


def test_without_a_time_things_happen_one_second_after_each_other_and_move_now(story: Story) -> None:
    story.shopper("ann").views("boot-1").adds().buys(total=20)
    assert told("occurred_at") == [(NOW,), (NOW + dt.timedelta(seconds=1),), (NOW + dt.timedelta(seconds=2),)]
    assert story.now == NOW + dt.timedelta(seconds=2)


def test_time_is_an_instant_or_counted_from_now_and_the_hour_is_the_shoppers(story: Story) -> None:
    ann = story.shopper("ann", timezone="America/New_York")
    ann.views("boot-1", at=days(-3), hour=21).views("boot-1", at=NOW - hours(5)).views("boot-1", at=minutes(-5))
    assert told("occurred_at", "local_hour") == [
        (dt.datetime(2026, 2, 27, 2, tzinfo=dt.UTC), 21),
        (dt.datetime(2026, 3, 1, 7, tzinfo=dt.UTC), 2),
        (dt.datetime(2026, 3, 1, 11, 55, tzinfo=dt.UTC), 6),
    ]


def test_what_lies_within_thirty_minutes_is_one_visit_and_a_mail_is_none(story: Story) -> None:
    ann = story.shopper("ann").views("boot-1", at=hours(-2)).views("boot-2", at=minutes(-100)).opens_email()
    ann.views("boot-3", at=minutes(-20)).buys(total=5, visit="at-the-till")
    assert told("visit_key") == [("ann-visit-1",), ("ann-visit-1",), ("",), ("ann-visit-2",), ("at-the-till",)]


def test_what_is_told_late_arrives_late(story: Story) -> None:
    story.shopper("ann").views("boot-1", at=days(-1)).views("boot-1", at=days(-9))
    assert told("occurred_at", "received_at") == [(NOW - days(1), NOW - days(1)), (NOW - days(9), NOW - days(1))]


def test_order_is_worth_its_lines_unless_a_total_is_given(story: Story) -> None:
    lines = [Line("boot-1", "footwear", "tarnway", quantity=2, price="24.90"), Line("sock-1", price=3)]
    story.shopper("ann").buys(lines=lines).buys(total=50, lines=lines, coupon="SAVE10", order="A-1")
    orders = Event.objects.filter(name="order_completed").order_by("pk")
    assert list(orders.values_list("value_base_minor", "coupon", "quantity")) == [(5280, "", 3), (5000, "save10", 3)]
    bought = Event.objects.filter(name="product_purchased", order_key="A-1").order_by("position")
    assert list(bought.values_list("product_key", "brand", "quantity")) == [("boot-1", "tarnway", 2), ("sock-1", "", 1)]


def test_declared_facts_are_stored_with_their_source(story: Story) -> None:
    story.shopper("ann").declares(gender="female", birthday=dt.date(1996, 5, 4))
    assert set(Fact.objects.values_list("name", "text", "number", "source")) == {
        ("gender", "female", None, "declared"),
        ("birthday", None, 19960504, "declared"),
    }


def test_anonymous_shopper_has_no_customer_and_members_are_told_by_name(story: Story) -> None:
    story.segment("lookers", 'count("product_viewed") >= 1')
    story.shopper("ann").views("boot-1")
    story.shopper("stranger", is_anonymous=True).views("boot-1")
    story.shopper("nobody")
    assert story.members("lookers") == {"ann", "stranger"}


def test_story_refuses_what_cannot_have_happened(story: Story) -> None:
    ann = story.shopper("ann")
    with pytest.raises(StoryError, match="lies after the story's now"):
        ann.views("boot-1", at=minutes(1))
    with pytest.raises(StoryError, match="lies after the story's now"):
        ann.views("boot-1", hour=23)
    with pytest.raises(StoryError, match="There is a shopper 'ann' already"):
        story.shopper("ann")
    with pytest.raises(StoryError, match="has seen no product yet"):
        story.shopper("bob").adds()
    with pytest.raises(StoryError, match="has ordered nothing yet"):
        ann.refunds()
    with pytest.raises(StoryError, match="has no time zone"):
        Story(now=dt.datetime(2026, 3, 1))
    assert told("name") == []


def test_story_refuses_an_event_that_would_not_be_stored(story: Story) -> None:
    with pytest.raises(StoryError, match=r"product_view was not stored: .*unknown_event"):
        story.shopper("ann").does("product_view")
