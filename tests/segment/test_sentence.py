"""Rules in words: literal sentences for every aggregate, operator, window and kind of condition."""

from __future__ import annotations

import pytest
from django.utils import translation

from django_microseg.collect.catalogue import STANDARD
from django_microseg.segment.aggregates import AGGREGATES
from django_microseg.segment.sentence import Labels, describe
from django_microseg.segment.sentence.words import EVENT_WORDS
from django_microseg.segment.text import parse

LABELS = Labels(
    events={"fitting_booked": ("booked a fitting", "fittings")},
    fields={"skin_type": "type of skin"},
    segments={"vip": "Our best"},
    population={"average_order_value": "the shop's average order value"},
    currency="GBP",
)

SENTENCES = [
    # -- counts
    ('count("order_completed", days=180) >= 5', "bought at least 5 times in the last 180 days"),
    ('count("order_completed") > 5', "bought more than 5 times"),
    ('count("order_completed") <= 5', "bought at most 5 times"),
    ('count("order_completed") < 5', "bought fewer than 5 times"),
    ('count("order_completed") == 5', "bought exactly 5 times"),
    ('count("order_completed") != 5', "bought not exactly 5 times"),
    ('count("order_completed") >= 1', "bought at least once"),
    ('count("order_completed") == 1', "bought exactly once"),
    ('count("order_completed") > 1', "bought more than once"),
    ('count("order_completed", days=(90, 180)) == 0', "never bought between 90 and 180 days ago"),
    ('count("order_completed", hours=36) < 1', "never bought in the last 36 hours"),
    ('3 <= count("order_completed", days=1) <= 5', "bought between 3 and 5 times in the last 1 day"),
    (
        '3 < count("order_completed") < 5',
        "bought more than 3 times and bought fewer than 5 times",
    ),
    (
        'count("cart_changed", since="order_completed") >= 1',
        "changed the cart at least once since they last bought",
    ),
    (
        'count("page_viewed", since=event("email_opened", where(campaign="May"))) >= 2',
        "viewed a page at least 2 times since they last opened an e-mail (campaign May)",
    ),
    ('count("order_completed") > shop("average_orders")', "bought (how often: more than average orders)"),
    ('count("fitting_booked") >= 2', "booked a fitting at least 2 times"),
    ('count("unheard_of") >= 2', "did “unheard_of” at least 2 times"),
    ('distinct("any", "visit", days=30) >= 3', "visited the shop at least 3 times in the last 30 days"),
    (
        'distinct("product_viewed", "category", days=30) >= 4',
        "has at least 4 different categories in product views in the last 30 days",
    ),
    ('active_days("any", days=28) >= 8', "was active on at least 8 different days in the last 28 days"),
    ('active_weeks("order_completed") > 20', "bought in more than 20 different weeks"),
    # -- numbers
    ('sum("order_completed", "value", days=180) >= 200', "spent at least 200 GBP in the last 180 days"),
    (
        'avg("order_completed", "value") > 1.5 * shop("average_order_value")',
        "spent more than 1.5 times the shop's average order value per order on average",
    ),
    ('min("order_completed", "value") >= 25.50', "has at least 25.5 GBP as the least value of orders"),
    ('max("product_added", "quantity") >= 10', "has at least 10 as the greatest quantity of additions to the cart"),
    (
        'sum("product_purchased", "quantity", where(category="footwear"), days=365) >= 5',
        "bought at least 5 pieces (category footwear) in the last 365 days",
    ),
    (
        'sum("product_dwelled", "dwell_seconds", days=30) >= 600',
        "has at least 600 seconds as the total time in sight of stays on product pages in the last 30 days",
    ),
    # -- texts
    ('first("any", "channel") == "social"', "has “social” as the first channel of all activities"),
    (
        'last("product_viewed", "brand") not in ("a", "b", "c")',
        "has something other than “a”, “b” or “c” as the last brand of product views",
    ),
    (
        'top("product_viewed", "category", days=90) in ("boots", "socks")',
        "has “boots” or “socks” as the most frequent category of product views in the last 90 days",
    ),
    ('unknown(top("product_viewed", "category"))', "has nothing as the most frequent category of product views"),
    ('known(avg("order_completed", "value"))', "has something as the average value of orders"),
    # -- times
    ('days_since("order_completed") >= 90', "last bought at least 90 days ago"),
    ('hours_since("email_opened") < 48', "last opened an e-mail less than 48 hours ago"),
    ('minutes_since("cart_changed") <= 1', "last changed the cart at most 1 minute ago"),
    (
        'days_since("order_completed") > 2 * mean_gap("order_completed")',
        "last bought more than 2 times the average time between orders ago",
    ),
    ('mean_gap("order_completed") <= 14', "has at most 14 days on average between orders"),
    ('known(days_since("order_completed"))', "bought at some time"),
    ('unknown(days_since("order_completed"))', "never bought"),
    # -- shares and sequences
    ('share("order_completed", of=where(coupon=known())) == 1', "has exactly 100 % of orders with any coupon"),
    (
        'share("order_completed", where(device="desktop"), of=where(coupon="X"), days=90) >= 0.125',
        "has at least 12.5 % of orders (on a computer) in the last 90 days with coupon X",
    ),
    (
        'follows("order_completed", after="price_drop_alert_clicked", within_days=7) >= 2',
        "bought within 7 days after they followed a price-drop alert at least 2 times",
    ),
    (
        'not_follows("order_completed", after="email_opened", within_days=3, days=365) >= 3',
        "bought without “opened an e-mail” in the 3 days before at least 3 times in the last 365 days",
    ),
    (
        'follows_share("order_completed", after=event("video_review_viewed", where(brand="a")), within_hours=24) > 0.5',
        "has more than 50 % of orders within 1 day after they watched a video review (brand a)",
    ),
    (
        'not_follows_share("order_completed", after="coupon_applied", within_hours=2) < 0.8',
        "has less than 80 % of orders without “applied a coupon” in the 2 hours before",
    ),
    # -- filters
    (
        'count("any", where(category=one_of("a", "b"), brand=ne("c"), device=one_of("mobile", "tablet"))) >= 2',
        "was active (category a or b, brand not c, on a phone or a tablet) at least 2 times",
    ),
    (
        'count("any", where(local_hour=at_least(20), local_weekday=one_of(5, 6), quantity=between(1, 2.5))) >= 2',
        "was active (from 20:00, on Saturday or Sunday, quantity between 1 and 2.5) at least 2 times",
    ),
    (
        'count("any", where(local_hour=at_most(8), value=at_least(10), brand=none_of("a", "b"), quantity=3)) >= 2',
        "was active (until 8:59, value at least 10 GBP, brand not a or b, quantity 3) at least 2 times",
    ),
    # -- facts and context
    ("28 <= age <= 32", "is between 28 and 32 years old"),
    ("age >= 18", "is at least 18 years old"),
    ("age == 1", "is 1 year old"),
    ('gender == "female"', "has “female” as gender"),
    ('country not in ("de", "at")', "has something other than “de” or “at” as country"),
    ('skin_type != "dry"', "has something other than “dry” as type of skin"),
    ("nps >= 9", "has at least 9 as nps"),
    ("known(birthday)", "has a known birthday"),
    ("unknown(gender)", "has no known gender"),
    ('context.device == "mobile"', "is on a phone"),
    ("20 <= context.hour <= 23", "is here between 20:00 and 23:59"),
    ("context.hour < 8", "is here before 8:00"),
    ("context.hour != 8", "is here not between 8:00 and 8:59"),
    ("context.hour > 20", "is here after 20:59"),
    ("context.hour in (8, 9)", "is here between 8:00 and 8:59 or between 9:00 and 9:59"),
    ("context.weekday == 0", "is here on Monday"),
    ('context.channel == "social"', "came by the channel “social”"),
    ('context.country in ("de", "at")', "is in the country “de” or “at”"),
    ("context.visit_views >= 10", "has seen at least 10 pages in this visit"),
    ("known(context.campaign)", "is here with a known campaign"),
    # -- groups
    ("everyone()", "is anybody"),
    ("nobody()", "is nobody"),
    ('segment("vip")', "is in the segment “Our best”"),
    ('not segment("vip")', "is not in the segment “Our best”"),
    ("not (age > 5)", "does not meet: (is more than 5 years old)"),
    (
        'segment("a") and (age > 5 or not (segment("b") and segment("c")))',
        (
            "is in the segment “a” and (is more than 5 years old or "
            "does not meet: (is in the segment “b” and is in the segment “c”))"
        ),
    ),
    ("gone(a=1)", "meets the unknown condition “gone”"),
]


@pytest.mark.parametrize(("text", "sentence"), SENTENCES)
def test_sentence(text: str, sentence: str) -> None:
    assert describe(parse(text), LABELS) == sentence


def test_compound_rule_reads_as_one_sentence() -> None:
    rule = parse(
        'count("order_completed", days=180) >= 5 and count("product_viewed", where(category="footwear", '
        'device="mobile", local_hour=between(20, 23)), days=30) >= 1 and 28 <= age <= 32'
    )
    assert describe(rule) == (
        "bought at least 5 times in the last 180 days and viewed a product (category footwear, on a phone, "
        "between 20:00 and 23:59) at least once in the last 30 days and is between 28 and 32 years old"
    )


def test_every_aggregate_has_a_sentence_here() -> None:
    texts = " ".join(text for text, _ in SENTENCES)
    assert [name for name in AGGREGATES if f"{name}(" not in texts] == []


def test_every_standard_event_has_words() -> None:
    assert {*STANDARD.events, *STANDARD.groups} == set(EVENT_WORDS)


def test_another_language_does_not_break_it() -> None:
    with translation.override("de"):
        assert describe(parse("context.weekday == 0")).endswith("Montag")
