"""What each form of the text stands for, as a literal tree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from django_microseg.profile.traits.definition import DAY, HOUR, MINUTE, After, Stream, Trait, Window
from django_microseg.profile.traits.definition import Test as EventTest
from django_microseg.segment.rule import (
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
)
from django_microseg.segment.text import parse, render

ORDERS = Stream("order_completed")
COUNT = Trait("count", ORDERS)
GAP = Trait("mean_gap", ORDERS)
SINCE = Trait("days_since", ORDERS)


def count(window: Window) -> TraitCondition:
    return TraitCondition(Trait("count", ORDERS, window), ">=", 1)


#: Text in its settled form, and the tree.
SETTLED: list[tuple[str, Rule]] = [
    ('count("order_completed") >= 1', TraitCondition(COUNT, ">=", 1)),
    ('count("order_completed", days=180) >= 1', count(Window(0, 180 * DAY))),
    ('count("order_completed", days=(90, 180)) >= 1', count(Window(90 * DAY, 180 * DAY))),
    ('count("order_completed", hours=36) >= 1', count(Window(0, 36 * HOUR))),
    ('count("order_completed", minutes=90) >= 1', count(Window(0, 90 * MINUTE))),
    ('count("order_completed", since="email_opened") >= 1', count(Window(since=Stream("email_opened")))),
    (
        'count("order_completed", since=event("ad_clicked", where(network="x"))) >= 1',
        count(Window(since=Stream("ad_clicked", (EventTest("network", "eq", ("x",)),)))),
    ),
    (
        'sum("order_completed", "value") > 19.99',
        TraitCondition(Trait("sum", ORDERS, field="value"), ">", Fraction(1999, 100)),
    ),
    (
        'top("product_viewed", "category") in ("a", "b")',
        TraitCondition(Trait("top", Stream("product_viewed"), field="category"), "in", ("a", "b")),
    ),
    (
        'share("order_completed", of=where(coupon=known())) == 1',
        TraitCondition(Trait("share", ORDERS, part=(EventTest("coupon", "ne", ("",)),)), "==", 1),
    ),
    (
        'follows("order_completed", where(brand="a"), after="email_opened", within_days=7) >= 2',
        TraitCondition(
            Trait(
                "follows",
                Stream("order_completed", (EventTest("brand", "eq", ("a",)),), After("email_opened", (), 7 * DAY)),
            ),
            ">=",
            2,
        ),
    ),
    (
        'not_follows_share("order_completed", after=event("a", where(b="c")), within_hours=5, days=30) < 0.5',
        TraitCondition(
            Trait(
                "not_follows_share",
                Stream("order_completed", (), After("a", (EventTest("b", "eq", ("c",)),), 5 * HOUR, is_negated=True)),
                Window(0, 30 * DAY),
            ),
            "<",
            Fraction(1, 2),
        ),
    ),
    (
        'days_since("order_completed") > 2 * mean_gap("order_completed")',
        TraitCondition(SINCE, ">", TraitOperand(GAP, 2)),
    ),
    (
        'mean_gap("order_completed") <= days_since("order_completed")',
        TraitCondition(GAP, "<=", TraitOperand(SINCE)),
    ),
    ('count("order_completed") > 1.5 * shop("a")', TraitCondition(COUNT, ">", PopulationOperand("a", Fraction(3, 2)))),
    ('gender == "female"', FactCondition("gender", "==", "female")),
    ('country not in ("de",)', FactCondition("country", "not_in", ("de",))),
    ("nps in (9, 10)", FactCondition("nps", "in", (9, 10))),
    ("temperature < -3.5", FactCondition("temperature", "<", Fraction(-7, 2))),
    ('context.device != "mobile"', ContextCondition("device", "!=", "mobile")),
    ("known(birthday)", FactCondition("birthday", "known", ())),
    ("unknown(context.campaign)", ContextCondition("campaign", "unknown", ())),
    ('segment("vip")', SegmentCondition("vip")),
    (
        'is_odd(flag=True, n=0.5, names=("a",), nothing=None)',
        CustomCondition(
            "is_odd",
            (("flag", True), ("n", Fraction(1, 2)), ("names", ("a",)), ("nothing", None)),
        ),
    ),
    ("everyone()", Group("all")),
    ("nobody()", Group("any")),
    ("28 <= age < 32", Group("all", (FactCondition("age", ">=", 28), FactCondition("age", "<", 32)))),
    ("not (age >= 18)", Group("all", (FactCondition("age", ">=", 18),), is_negated=True)),
    ('not segment("vip")', Group("all", (SegmentCondition("vip"),), is_negated=True)),
    (
        "18 <= age <= 30 or known(gender)",
        Group(
            "any",
            (
                Group("all", (FactCondition("age", ">=", 18), FactCondition("age", "<=", 30))),
                FactCondition("gender", "known", ()),
            ),
        ),
    ),
    (
        "age > 1 and (nps > 2 or not (nps > 3 and nps > 4))",
        Group(
            "all",
            (
                FactCondition("age", ">", 1),
                Group(
                    "any",
                    (
                        FactCondition("nps", ">", 2),
                        Group("all", (FactCondition("nps", ">", 3), FactCondition("nps", ">", 4)), is_negated=True),
                    ),
                ),
            ),
        ),
    ),
    ('tier == "a \\"b\\" \\\\ c"', FactCondition("tier", "==", 'a "b" \\ c')),
]

#: What people type, and the settled form of it.
TYPED = [
    ('5 <= count("a")', 'count("a") >= 5'),
    ('5 > count("a") > 2', 'count("a") < 5 and count("a") > 2'),
    ('2 * mean_gap("a") < days_since("a")', 'days_since("a") > 2 * mean_gap("a")'),
    ('days_since("a") > mean_gap("a") * 2', 'days_since("a") > 2 * mean_gap("a")'),
    ('"female" == gender', 'gender == "female"'),
    ('count("a", weeks=2) >= 1', 'count("a", days=14) >= 1'),
    ('count("a", hours=48) >= 1', 'count("a", days=2) >= 1'),
    ('count("a", hours=(24, 36)) >= 1', 'count("a", hours=(24, 36)) >= 1'),
    ('count("a", days=(0, 7)) >= 1', 'count("a", days=7) >= 1'),
    ('count("a", since=event("b")) >= 1', 'count("a", since="b") >= 1'),
    ('count("a", where(), where(b="c"), where(d="e")) >= 1', 'count("a", where(b="c", d="e")) >= 1'),
    ('count("a", where(x="vegan", x="warm")) >= 1', 'count("a", where(x="vegan", x="warm")) >= 1'),
    ("(age > 1 and nps > 2) and (nps > 3)", "age > 1 and nps > 2 and nps > 3"),
    ("not not age > 1", "age > 1"),
    ("not everyone()", "nobody()"),
    ("everyone() and age > 1", "age > 1"),
    ("not (not (age > 1 or nps > 2))", "age > 1 or nps > 2"),
    ("b(z=1, a=2)", "b(a=2, z=1)"),
    ("age > .5 and nps > 1_000.50", "age > 0.5 and nps > 1000.5"),
    ("tier == 'gold'", 'tier == "gold"'),
    ("  age\n\t> 5\n", "age > 5"),
    ("age\u00a0> 5", "age > 5"),
    ('tier == "a\u00a0b"', 'tier == "a\u00a0b"'),
]


@pytest.mark.parametrize(("text", "rule"), SETTLED)
def test_text_stands_for_tree_and_tree_for_text(text: str, rule: Rule) -> None:
    assert parse(text) == rule
    assert render(rule) == text


@pytest.mark.parametrize(("typed", "settled"), TYPED)
def test_typed_text_settles(typed: str, settled: str) -> None:
    assert render(parse(typed)) == settled


def test_numbers_are_exact() -> None:
    assert parse("nps > 0.1") == FactCondition("nps", ">", Fraction(1, 10))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ('x="a"', EventTest("x", "eq", ("a",))),
        ("x=5", EventTest("x", "eq", (5,))),
        ('x=ne("a")', EventTest("x", "ne", ("a",))),
        ('x=one_of("a", "b")', EventTest("x", "in", ("a", "b"))),
        ('x=none_of("a")', EventTest("x", "not_in", ("a",))),
        ("x=between(1, 2.5)", EventTest("x", "between", (1, Fraction(5, 2)))),
        ("x=at_least(-1)", EventTest("x", "ge", (-1,))),
        ("x=at_most(1)", EventTest("x", "le", (1,))),
        ("x=known()", EventTest("x", "ne", ("",))),
    ],
)
def test_filter_tests(test: str, expected: EventTest) -> None:
    text = f'count("a", where({test})) >= 1'
    rule = parse(text)
    assert rule == TraitCondition(Trait("count", Stream("a", (expected,))), ">=", 1)
    assert render(rule) == text


def test_tree_that_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold float"):
        render(FactCondition("nps", ">", 0.5))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot be written as a decimal"):
        render(FactCondition("nps", ">", Fraction(1, 3)))
