"""Ready-made segments of buyers, S41 to S45 and S50 to S53: somebody who is in, and a twin who must not be."""

from __future__ import annotations

from decimal import Decimal

from django_microseg.testing import Line, Story, days, minutes
from tests.stories.asking import who_is_in


def test_third_order_in_thirty_days_makes_a_frequent_buyer_and_one_a_day_too_old_does_not(story: Story) -> None:
    story.preset("frequent-buyers")
    story.shopper("ann").buys(total=20, at=days(-29)).buys(total=20, at=days(-10)).buys(total=20, at=days(-1))
    story.shopper("bob").buys(total=20, at=days(-31)).buys(total=20, at=days(-10)).buys(total=20, at=days(-1))
    assert who_is_in(story, "frequent-buyers") == {"ann"}


def test_frequent_buyer_with_a_cancelled_order_is_excluded(story: Story) -> None:
    story.preset("frequent-buyers")
    for name in ("ann", "bob"):
        story.shopper(name).buys(total=20, at=days(-9)).buys(total=20, at=days(-6)).buys(total=20, at=days(-3))
    story.shoppers["bob"].cancels(at=days(-2))
    assert who_is_in(story, "frequent-buyers") == {"ann"}


def test_buyer_of_four_months_ago_is_lapsing_and_one_who_came_back_is_not(story: Story) -> None:
    story.preset("lapsing-buyers")
    story.shopper("ann").buys(total=20, at=days(-120))
    story.shopper("back").buys(total=20, at=days(-120)).buys(total=20, at=days(-80))
    story.shopper("gone").buys(total=20, at=days(-181))
    assert who_is_in(story, "lapsing-buyers") == {"ann"}


def test_lapsing_begins_and_ends_by_time_alone(story: Story) -> None:
    story.preset("lapsing-buyers")
    story.shopper("ann").buys(total=20)
    story.wait(days(89))
    assert who_is_in(story, "lapsing-buyers") == set()
    story.wait(days(1))
    assert who_is_in(story, "lapsing-buyers") == {"ann"}
    story.wait(days(90))
    assert who_is_in(story, "lapsing-buyers") == set()


def test_five_orders_in_half_a_year_make_a_regular_buyer_and_four_do_not(story: Story) -> None:
    story.preset("regular-buyers")
    ann, bob = story.shopper("ann"), story.shopper("bob")
    for ago in (-170, -130, -90, -50):
        ann.buys(total=20, at=days(ago))
        bob.buys(total=20, at=days(ago))
    ann.buys(total=20, at=days(-10))
    bob.buys(total=20, at=days(-190))
    assert who_is_in(story, "regular-buyers") == {"ann"}


def test_coupon_buyer_with_one_full_price_order_is_excluded(story: Story) -> None:
    story.preset("coupon-only-buyers")
    story.shopper("ann").buys(total=20, coupon="SAVE10", at=days(-40)).buys(total=20, coupon="SPRING", at=days(-5))
    story.shopper("bob").buys(total=20, coupon="SAVE10", at=days(-40)).buys(total=20, at=days(-5))
    assert who_is_in(story, "coupon-only-buyers") == {"ann"}


def test_coupon_buyer_with_a_single_order_is_excluded(story: Story) -> None:
    story.preset("coupon-only-buyers")
    story.shopper("ann").buys(total=20, coupon="SAVE10", at=days(-40))
    assert who_is_in(story, "coupon-only-buyers") == set()


def test_coupon_buyer_whose_full_price_order_was_paid_back_is_included(story: Story) -> None:
    story.preset("coupon-only-buyers")
    ann = story.shopper("ann").buys(total=20, coupon="SAVE10", at=days(-40))
    ann.buys(total=20, coupon="SPRING", at=days(-20)).buys(total=50, at=days(-5))
    assert who_is_in(story, "coupon-only-buyers") == set()
    ann.refunds()
    assert who_is_in(story, "coupon-only-buyers") == {"ann"}


def test_fan_of_footwear_bought_five_pieces_and_the_twin_five_of_two_categories(story: Story) -> None:
    story.preset("fans-of-one-kind")
    boots = Line("boot-1", "footwear", "tarnway", quantity=3, price=60)
    shoes = Line("shoe-1", "footwear", "karstwell", quantity=2, price=40)
    tent = Line("tent-1", "camp", "karstwell", quantity=2, price=40)
    story.shopper("ann").buys(lines=[boots], at=days(-300)).buys(lines=[shoes], at=days(-2))
    story.shopper("bob").buys(lines=[boots], at=days(-300)).buys(lines=[tent], at=days(-2))
    assert who_is_in(story, "fans-of-one-kind") == {"ann"}


def test_fan_of_a_brand_follows_the_brand_and_not_the_category(story: Story) -> None:
    story.preset("fans-of-one-kind", property="brand", name="Tarnway", pieces=3)
    story.shopper("ann").buys(lines=[Line("boot-1", "footwear", "tarnway"), Line("coat", "jackets", "tarnway", 2)])
    story.shopper("bob").buys(lines=[Line("boot-1", "footwear", "tarnway"), Line("boot-2", "footwear", "fell", 2)])
    assert who_is_in(story, "fans-of-one-kind") == {"ann"}


def test_one_visit_with_one_order_is_in_and_a_second_visit_takes_it_out(story: Story) -> None:
    story.preset("one-visit-one-order")
    for name in ("ann", "bob"):
        story.shopper(name).views("boot-1", at=days(-9)).adds().buys(total=60)
    story.shoppers["bob"].views("boot-2", at=days(-1))
    assert who_is_in(story, "one-visit-one-order") == {"ann"}


def test_one_visit_with_two_orders_or_with_none_is_not_one_visit_one_order(story: Story) -> None:
    story.preset("one-visit-one-order")
    story.shopper("twice").buys(total=60, at=days(-9)).buys(total=10)
    story.shopper("never").views("boot-1", at=days(-9))
    assert who_is_in(story, "one-visit-one-order") == set()


def test_mail_opened_later_is_no_second_visit(story: Story) -> None:
    story.preset("one-visit-one-order")
    story.shopper("ann").views("boot-1", at=days(-9)).buys(total=60).opens_email(at=days(-2))
    assert who_is_in(story, "one-visit-one-order") == {"ann"}


def test_big_spender_is_above_the_shops_average_and_exactly_average_is_not_enough(story: Story) -> None:
    story.preset("big-spenders")
    story.shopper("ann").buys(total=61, at=days(-9))
    story.shopper("bob").buys(total=40, at=days(-9)).buys(total=60, at=days(-3))  # 50, as the shop
    story.shopper("cat").buys(total=39, at=days(-9))
    assert who_is_in(story, "big-spenders") == {"ann"}


def test_big_spender_is_overtaken_by_the_shops_average_without_doing_anything(story: Story) -> None:
    story.preset("big-spenders")
    story.shopper("ann").buys(total=60, at=days(-9))
    story.shopper("bob").buys(total=40, at=days(-9))
    assert who_is_in(story, "big-spenders") == {"ann"}
    story.shopper("rich").buys(total=500)
    assert who_is_in(story, "big-spenders") == {"rich"}


def test_big_spender_who_sends_half_of_it_back_is_excluded(story: Story) -> None:
    story.preset("big-spenders")
    story.shopper("ann").buys(total=60, at=days(-9))
    story.shopper("bob").buys(total=60, at=days(-9)).refunds(amount=30, at=days(-1))
    assert who_is_in(story, "big-spenders") == {"ann"}


def test_vip_bought_often_and_a_lot_and_neither_alone_is_enough(story: Story) -> None:
    story.preset("vip")
    often, much, both = story.shopper("often"), story.shopper("much"), story.shopper("both")
    for number in range(1, 9):
        often.buys(total="24.99", at=days(-number * 20))
        both.buys(total=25, at=days(-number * 20))
    for number in range(1, 8):
        much.buys(total=100, at=days(-number * 20))
    assert who_is_in(story, "vip") == {"both"}


def test_vip_whose_money_was_spent_more_than_half_a_year_ago_is_excluded(story: Story) -> None:
    story.preset("vip")
    ann, bob = story.shopper("ann"), story.shopper("bob")
    for number in range(1, 8):
        ann.buys(total=1, at=days(-number * 20))
        bob.buys(total=1, at=days(-number * 20))
    ann.buys(total=193, at=days(-179))
    bob.buys(total=193, at=days(-181))
    assert who_is_in(story, "vip") == {"ann"}


def test_lost_is_judged_by_the_own_cadence(story: Story) -> None:
    """Both have not bought for 50 days. Every 20 days is a habit that ended; every 60 days is not even late."""
    story.preset("lost")
    weekly, seldom = story.shopper("often"), story.shopper("seldom")
    for number in range(4):
        weekly.buys(total=20, at=days(-50 - number * 20))
        seldom.buys(total=20, at=days(-50 - number * 60))
    assert who_is_in(story, "lost") == {"often"}


def test_lost_begins_after_twice_the_own_cadence_and_ends_with_an_order(story: Story) -> None:
    story.preset("lost")
    ann = story.shopper("ann")
    for ago in (-60, -40, -20):
        ann.buys(total=20, at=days(ago))
    story.wait(days(20))
    assert who_is_in(story, "lost") == set()  # 40 days: twice the cadence, and not longer than that
    story.wait(minutes(1))
    assert who_is_in(story, "lost") == {"ann"}
    ann.buys(total=20, at=story.now)
    assert who_is_in(story, "lost") == set()


def test_daily_buyer_is_not_lost_before_thirty_days(story: Story) -> None:
    story.preset("lost")
    daily, gone = story.shopper("daily"), story.shopper("gone")
    for number in range(5):
        daily.buys(total=5, at=days(-29 - number))
        gone.buys(total=5, at=days(-30 - number))
    assert who_is_in(story, "lost") == {"gone"}


def test_customer_without_a_rhythm_is_lost_after_half_a_year(story: Story) -> None:
    story.preset("lost")
    story.shopper("ann").buys(total=20, at=days(-180))
    story.shopper("bob").buys(total=20, at=days(-179))
    story.shopper("never").views("boot-1", at=days(-200))
    assert who_is_in(story, "lost") == {"ann"}


def test_order_in_money_without_a_rate_is_left_out_of_what_was_spent(story: Story) -> None:
    story.preset("big-spenders")
    story.shopper("ann").buys(total=30, at=days(-9)).buys(total=Decimal(900), currency="USD", at=days(-2))
    story.shopper("bob").buys(total=40, at=days(-9))
    assert who_is_in(story, "big-spenders") == {"bob"}
