"""S33: membership changes during the visit. What was clicked shows on the next page, without any sweep."""

from __future__ import annotations

from django_microseg.testing import Story, days, minutes

SWITCHED = 'context.device == "mobile" and count("any", where(device="desktop"), hours=1) >= 1'


def test_third_new_category_of_a_visit_shows_on_the_next_page(story: Story) -> None:
    story.segment("explorers", 'distinct("product_viewed", "category", hours=1) >= 3')
    ann = story.shopper("ann").views("boot-1", category="footwear").views("tent-1", category="camp")
    assert ann.segments() == frozenset()
    ann.views("boot-2", category="footwear")
    assert ann.segments() == frozenset()
    ann.views("coat-1", category="jackets")
    assert ann.segments() == {"explorers"}
    assert story.members("explorers") == {"ann"}


def test_answer_to_a_promotion_shows_on_the_next_page_of_who_gave_it(story: Story) -> None:
    story.segment("spring-fans", 'count("promotion_clicked", where(promotion="spring"), days=1) >= 1')
    ann, bob = story.shopper("ann").opens_page(), story.shopper("bob").opens_page()
    ann.clicks_promotion("spring")
    bob.clicks_promotion("autumn")
    assert (ann.segments(), bob.segments()) == ({"spring-fans"}, frozenset())


def test_switch_from_desktop_to_phone_shows_on_the_first_page_on_the_phone(story: Story) -> None:
    story.segment("switched", SWITCHED)
    ann = story.shopper("ann").opens_page(device="desktop")
    assert ann.segments(device="desktop") == frozenset()
    assert ann.segments(device="mobile") == {"switched"}
    assert story.shopper("bob").opens_page(device="mobile").segments(device="mobile") == frozenset()


def test_cart_and_order_change_the_offer_at_once(story: Story) -> None:
    story.segment("has-cart", 'count("cart_changed", since="order_completed") >= 1')
    ann = story.shopper("ann").views("boot-1")
    seen = [ann.segments(), ann.adds().segments(), ann.buys(total=60).segments(), ann.adds("sock-1").segments()]
    assert seen == [frozenset(), {"has-cart"}, frozenset(), {"has-cart"}]


def test_page_after_the_hour_is_right_though_no_sweep_ran(story: Story) -> None:
    story.preset("abandoned-cart")
    ann = story.shopper("ann").adds("boot-1")
    story.wait(minutes(60))
    assert ann.segments() == {"abandoned-cart"}
    assert story.members("abandoned-cart") == set()


def test_stranger_of_another_browser_is_not_touched(story: Story) -> None:
    story.segment("boot-fans", 'count("product_viewed", where(category="boots"), days=7) >= 1')
    story.shopper("ann", is_anonymous=True).views("boot-1", category="boots")
    bob = story.shopper("bob", is_anonymous=True).views("tent-1", category="camp", at=days(-1))
    assert story.members("boot-fans") == {"ann"}
    assert bob.segments() == frozenset()
