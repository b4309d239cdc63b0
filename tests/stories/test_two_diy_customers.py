"""S37: two customers of a DIY store. One comes once a year when something broke, the other builds every weekend.

Both are customers for three years. Each field alone tells them apart: frequency, regularity, and the basket.
"""

from __future__ import annotations

import pytest

from django_microseg.testing import Line, Story, days
from tests.stories.asking import who_is_in

RULES = {
    "frequency": ('count("order_completed", days=365) <= 2', 'count("order_completed", days=365) >= 40'),
    "regularity": ('mean_gap("order_completed") >= 180', 'mean_gap("order_completed") <= 10'),
    "weeks": ('active_weeks("order_completed", days=365) <= 2', 'active_weeks("order_completed", days=365) >= 40'),
    "basket": ('avg("order_completed", "quantity") <= 2', 'avg("order_completed", "quantity") >= 8'),
    "money": ('avg("order_completed", "value") < 40', 'avg("order_completed", "value") >= 90'),
    "share": (
        'share("product_purchased", of=where(category="plumbing")) >= 0.9',
        'share("product_purchased", of=where(category=one_of("timber", "tools"))) >= 0.9',
    ),
}


@pytest.fixture
def town(story: Story) -> Story:
    """The burst pipe each winter, and the Saturdays of 156 weeks."""
    emergency, weekend = story.shopper("emergency"), story.shopper("weekend")
    for year in range(3):
        emergency.buys(lines=[Line("pipe-clamp", "plumbing", price=24)], at=days(-20 - 365 * year))
    timber = Line("board", "timber", quantity=8, price=9)
    tools = Line("screws", "tools", quantity=2, price=12)
    for week in range(156):
        weekend.buys(lines=[timber, tools], at=days(-1 - 7 * week))
    return story


@pytest.mark.parametrize("field", RULES)
def test_each_field_tells_the_two_apart(town: Story, field: str) -> None:
    emergency, weekend = RULES[field]
    town.segment("emergencies", emergency)
    town.segment("projects", weekend)
    assert (who_is_in(town, "emergencies"), who_is_in(town, "projects")) == ({"emergency"}, {"weekend"})
