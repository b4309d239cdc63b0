"""What offers take off: by hand at the edges, and held to its promises on generated offers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.decide.offers.arithmetic import Share, Terms, amount_of, best_of, is_reckoned_in

TEN = Terms("ten", "GBP", percent_hundredths=1000)
FIVER = Terms("fiver", "GBP", amount_minor=500)


@pytest.mark.parametrize(
    ("subtotal", "off"), [(8000, 800), (995, 100), (994, 99), (5, 1), (4, 0), (1, 0), (0, 0), (-100, 0)]
)
def test_percentage_rounds_halves_up(subtotal, off):
    assert amount_of(TEN, subtotal, "GBP") == off


@pytest.mark.parametrize(("hundredths", "off"), [(1, 1), (1250, 1000), (3333, 2666), (10_000, 8000)])
def test_percentage_has_two_decimals(hundredths, off):
    assert amount_of(replace(TEN, percent_hundredths=hundredths), 8000, "GBP") == off


@pytest.mark.parametrize(("subtotal", "off"), [(8000, 500), (500, 500), (499, 499), (1, 1), (0, 0)])
def test_amount_is_never_more_than_the_goods_cost(subtotal, off):
    assert amount_of(FIVER, subtotal, "GBP") == off


@pytest.mark.parametrize(("subtotal", "off"), [(5000, 500), (4999, 0)])
def test_minimum_is_reached_by_the_last_penny(subtotal, off):
    assert amount_of(replace(TEN, minimum_minor=5000), subtotal, "GBP") == off


@pytest.mark.parametrize(("subtotal", "off"), [(2000, 200), (2010, 200), (100_000, 200)])
def test_maximum_caps(subtotal, off):
    assert amount_of(replace(TEN, maximum_minor=200), subtotal, "GBP") == off


@pytest.mark.parametrize("bound", ["amount_minor", "minimum_minor", "maximum_minor"])
def test_amounts_count_in_their_own_currency_alone(bound):
    bounded = replace(TEN, **{bound: 100})
    assert (is_reckoned_in(TEN, "EUR"), is_reckoned_in(bounded, "GBP"), is_reckoned_in(bounded, "EUR")) == (
        True,
        True,
        False,
    )
    assert amount_of(bounded, 8000, "EUR") == 0


def test_largest_of_those_that_do_not_stack_wins():
    assert best_of([FIVER, TEN], 8000, "GBP") == (Share("ten", 800),)
    assert best_of([FIVER, TEN], 4000, "GBP") == (Share("fiver", 500),)


def test_tie_goes_to_the_priority_and_then_to_the_slug():
    assert best_of([FIVER, TEN], 5000, "GBP") == (Share("fiver", 500),)
    assert best_of([FIVER, replace(TEN, priority=1)], 5000, "GBP") == (Share("ten", 500),)


def test_those_that_stack_are_given_together_by_priority():
    both = [replace(FIVER, stacks=True), replace(TEN, stacks=True, priority=1)]
    assert best_of(both, 8000, "GBP") == (Share("ten", 800), Share("fiver", 500))


def test_one_that_does_not_stack_is_given_alone_or_not_at_all():
    stacking = [replace(FIVER, stacks=True), replace(TEN, stacks=True)]
    big, small = Terms("big", "GBP", amount_minor=1301), Terms("small", "GBP", amount_minor=1299)
    assert best_of([*stacking, big], 8000, "GBP") == (Share("big", 1301),)
    assert best_of([*stacking, small], 8000, "GBP") == (Share("fiver", 500), Share("ten", 800))


def test_together_they_take_no_more_than_the_goods_cost():
    both = [replace(FIVER, stacks=True, priority=1), Terms("all", "GBP", percent_hundredths=10_000, stacks=True)]
    assert best_of(both, 800, "GBP") == (Share("fiver", 500), Share("all", 300))
    assert best_of(both, 500, "GBP") == (Share("fiver", 500),)


def test_nothing_is_given_where_nothing_is_taken_off():
    assert best_of([replace(TEN, minimum_minor=5000)], 4999, "GBP") == ()
    assert best_of([], 5000, "GBP") == ()


MINOR = st.integers(1, 10**7)
OFFERS = st.lists(
    st.builds(
        Terms,
        slug=st.from_regex(r"[a-f]{1,2}", fullmatch=True),
        currency=st.sampled_from(["GBP", "GBP", "JPY"]),
        percent_hundredths=st.none() | st.integers(1, 10_000),
        amount_minor=st.none() | MINOR,
        minimum_minor=st.none() | MINOR,
        maximum_minor=st.none() | MINOR,
        stacks=st.booleans(),
        priority=st.integers(-1, 1),
    ),
    max_size=6,
    unique_by=lambda terms: terms.slug,
)
SUBTOTALS = st.integers(-5, 2 * 10**7)


@given(offers=OFFERS, subtotal=SUBTOTALS)
def test_total_lies_between_nothing_and_the_goods(offers, subtotal):
    shares = best_of(offers, subtotal, "GBP")
    assert all(share.amount_minor > 0 for share in shares)
    assert 0 <= sum(share.amount_minor for share in shares) <= max(subtotal, 0)


@given(offers=OFFERS, subtotal=SUBTOTALS)
def test_no_share_passes_its_offers_bounds(offers, subtotal):
    by_slug = {terms.slug: terms for terms in offers}
    for slug, amount in best_of(offers, subtotal, "GBP"):
        terms = by_slug[slug]
        assert is_reckoned_in(terms, "GBP")
        assert subtotal >= (terms.minimum_minor or 0)
        assert amount <= (terms.maximum_minor or amount)


@given(offers=OFFERS, subtotal=SUBTOTALS, data=st.data())
def test_order_of_offers_changes_nothing(offers, subtotal, data):
    shuffled = data.draw(st.permutations(offers))
    assert best_of(offers, subtotal, "GBP") == best_of(shuffled, subtotal, "GBP")


@given(offers=OFFERS, subtotal=SUBTOTALS)
def test_one_that_does_not_stack_never_comes_with_another(offers, subtotal):
    alone = {terms.slug for terms in offers if not terms.stacks}
    given_slugs = [share.slug for share in best_of(offers, subtotal, "GBP")]
    assert len(given_slugs) <= 1 or not alone.intersection(given_slugs)


@given(offers=OFFERS, subtotal=SUBTOTALS)
def test_nobody_would_get_more_from_any_one_offer(offers, subtotal):
    total = sum(share.amount_minor for share in best_of(offers, subtotal, "GBP"))
    assert all(amount_of(terms, subtotal, "GBP") <= total for terms in offers)


@given(offers=OFFERS, subtotal=SUBTOTALS, more=MINOR)
def test_dearer_goods_never_get_less_off(offers, subtotal, more):
    def total(goods: int) -> int:
        return sum(share.amount_minor for share in best_of(offers, goods, "GBP"))

    assert total(subtotal) <= total(subtotal + more)


@given(subtotal=st.integers(0, 10**15), hundredths=st.integers(1, 10_000))
def test_percentage_is_the_nearest_penny_of_the_exact_fraction(subtotal, hundredths):
    exact = Fraction(subtotal * hundredths, 10_000)
    off = amount_of(Terms("x", "GBP", percent_hundredths=hundredths), subtotal, "GBP")
    assert off == min(subtotal, int(exact + Fraction(1, 2)))
