"""Ready-made segments of people who look around, S46 to S49: somebody who is in, and a twin who must not be."""

from __future__ import annotations

from django_microseg.testing import Story, days, hours, minutes
from tests.stories.asking import who_is_in


def test_click_on_a_recommendation_counts_until_something_is_bought(story: Story) -> None:
    story.preset("recommendation-clickers")
    story.shopper("ann").views("boot-1", at=days(-9)).clicks_recommendation("boot-2")
    story.shopper("buyer").clicks_recommendation("boot-2", at=days(-9)).buys(total=20)
    story.shopper("once-long-ago").buys(total=20, at=days(-700)).clicks_recommendation("boot-2", at=days(-9))
    story.shopper("looker").views("boot-1", at=days(-9))
    assert who_is_in(story, "recommendation-clickers") == {"ann"}


def test_anonymous_visitor_clicks_recommendations_like_a_customer(story: Story) -> None:
    story.preset("recommendation-clickers")
    story.shopper("stranger", is_anonymous=True).clicks_recommendation("boot-2", at=days(-9))
    assert who_is_in(story, "recommendation-clickers") == {"stranger"}


def test_cart_left_for_an_hour_is_abandoned_and_one_that_was_bought_is_not(story: Story) -> None:
    story.preset("abandoned-cart")
    story.shopper("ann").views("boot-1", at=hours(-2)).adds()
    story.shopper("buyer").views("boot-1", at=hours(-2)).adds().buys(total=60)
    story.shopper("looker").views("boot-1", at=hours(-2))
    story.shopper("undecided").adds("boot-1", at=hours(-2)).removes(at=minutes(-10))
    assert who_is_in(story, "abandoned-cart") == {"ann"}


def test_cart_is_abandoned_an_hour_after_its_last_change_without_any_further_click(story: Story) -> None:
    story.preset("abandoned-cart")
    story.shopper("ann").adds("boot-1")
    story.wait(minutes(59))
    assert who_is_in(story, "abandoned-cart") == set()
    story.wait(minutes(1))
    assert who_is_in(story, "abandoned-cart") == {"ann"}


def test_next_cart_after_an_order_is_abandoned_again(story: Story) -> None:
    story.preset("abandoned-cart")
    ann = story.shopper("ann").adds("boot-1", at=days(-3)).buys(total=60)
    assert who_is_in(story, "abandoned-cart") == set()
    ann.adds("sock-1", at=hours(-5))
    assert who_is_in(story, "abandoned-cart") == {"ann"}


def test_thirtieth_page_makes_a_browser_and_the_twenty_ninth_does_not(story: Story) -> None:
    story.preset("browsers")
    ann, bob = story.shopper("ann"), story.shopper("bob")
    for number in range(29):
        ann.opens_page(f"/{number}/", at=days(-1 - number))
        bob.opens_page(f"/{number}/", at=days(-1 - number))
    ann.opens_page("/last/", at=days(-1))
    bob.opens_page("/last/", at=days(-31))
    assert who_is_in(story, "browsers") == {"ann"}


def test_ten_minutes_on_product_pages_make_a_long_looker_and_a_second_less_does_not(story: Story) -> None:
    story.preset("long-lookers")
    story.shopper("ann").dwells("boot-1", seconds=400, at=days(-9)).dwells("boot-2", seconds=200)
    story.shopper("bob").dwells("boot-1", seconds=400, at=days(-9)).dwells("boot-2", seconds=199)
    story.shopper("old").dwells("boot-1", seconds=900, at=days(-31))
    story.shopper("elsewhere").does("page_dwelled", {"path": "/about/", "dwell_seconds": 900}, at=days(-9))
    assert who_is_in(story, "long-lookers") == {"ann"}
