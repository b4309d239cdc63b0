"""What is wrong with a text is told in words, with a hint, at the exact place."""

from __future__ import annotations

import pytest

from django_microseg.segment.text import RuleError, find_errors, parse
from tests.segment.words import vocabulary

#: Text, column, length, message, suggestion.
GRAMMAR = [
    ("", 1, 1, "The rule is empty.", "Write everyone() if all shall be members."),
    ("age = 5", 5, 1, "`=` compares nothing.", "Write `==`."),
    ("age >= 5 and (gender = 'x')", 15, 12, "`=` compares nothing.", "Write `==`."),
    ("age => 5", 5, 2, "`=>` has no place in a rule.", "Write `>=`."),
    ("age ≥ 5", 5, 1, "`≥` has no place in a rule.", "Write `>=`."),
    ("age is 5", 5, 2, "`is` has no place in a rule.", "Write `==`."),
    ("age > 5 && nps > 5", 9, 2, "`&&` has no place in a rule.", "Write `and`."),
    ("age > 5 AND nps > 5", 9, 3, "`AND` has no place in a rule.", "Write `and`."),
    ("age ==", 7, 1, "The rule breaks off here.", "Something is missing at its end."),
    ('count("a"', 6, 1, "This bracket is never closed.", "Add a `)`."),
    ("age > 5)", 8, 1, "This bracket was never opened.", "Take it away, or add a `(` before."),
    ('tier == "gold', 9, 1, "This text is never closed.", 'Add a " at its end, on the same line.'),
    ("tier == “gold”", 9, 1, "`“` has no place in a rule.", 'Use straight quotes: `"order_completed"`.'),
    ('tier == "a\\n"', 9, 5, "A backslash stands in a text.", "Write it twice, or only before a quote."),
    ('tier == f"a"', 9, 1, "Letters stand directly before a text.", "Take them away."),
    ('tier in ("a" "b")', 14, 3, "Two texts follow each other.", "Put a comma between them."),
    ("nps >= 1e5", 8, 3, "`1e5` is no number that a rule can use.", "Write it as `1200` or `0.8`."),
    ("nps >= 007", 8, 3, "`007` is no number that a rule can use.", "Write it as `1200` or `0.8`."),
    (
        'tier in ["a"]',
        9,
        1,
        "`[` has no place in a rule.",
        'Write lists in round brackets: `("de", "at")`.',
    ),
    (
        'tier in "a"',
        9,
        3,
        "Here a list in brackets is needed.",
        'Write it as ("de", "at"), a list of one as ("de",).',
    ),
    (
        'tier == ("a", "b")',
        9,
        10,
        "A list is compared with `in` or `not in`.",
        "Write `in` before it.",
    ),
    ("tier == gold", 9, 4, "Here a number, a text or a figure is needed.", 'Write "gold" in quotes if it is a text.'),
    ("age", 1, 3, "`age` is compared with nothing.", 'Write age == "…", or known(age).'),
    ('count("a")', 1, 10, "This figure is compared with nothing.", "Add a comparison such as `>= 1`."),
    ("True", 1, 4, "This is no condition.", 'For example: count("order_completed") >= 5.'),
    (
        "5 > 3",
        1,
        1,
        "On neither side stands something that a rule can ask for.",
        'For example: count("order_completed") >= 5, or age >= 18.',
    ),
    ('cuont("a") >= 1', 1, 5, "There is no figure cuont().", "Did you mean `count`?"),
    ('evryone("a")', 1, 7, "There is no function evryone().", "Did you mean `everyone`?"),
    ("count() >= 1", 1, 7, "count() needs an event.", 'For example: count("order_completed", days=180) >= 5'),
    ("count(a) >= 1", 7, 1, "Here the name of an event is needed.", 'Write "a" in quotes.'),
    (
        'count("a", dys=5) >= 1',
        12,
        5,
        "count() takes no argument `dys`.",
        'Did you mean `days`? Properties of the event are asked for by where(category="footwear").',
    ),
    ('count("a", days=1, days=2) >= 1', 20, 6, "The argument `days` is given twice.", "Take one away."),
    (
        'count("a", days=1, hours=2) >= 1',
        20,
        7,
        "Two windows are given.",
        "Keep one of days, hours, minutes, weeks and since.",
    ),
    ('count("a", days=1.5) >= 1', 17, 3, "Here a whole number is needed, not negative.", ""),
    (
        'count("a", days=99999) >= 1',
        17,
        5,
        "A length of time is at most ten years.",
        "Leave it out for all time.",
    ),
    (
        'count("a", where("b")) >= 1',
        18,
        3,
        "A filter takes named tests only.",
        'Write where(category="footwear").',
    ),
    ('count("a", where(b=on_of("c"))) >= 1', 20, 10, "There is no test on_of().", "Did you mean `one_of`?"),
    ('count("a", where(b=between(1))) >= 1', 20, 10, "between() takes two values.", ""),
    (
        'count("a", where(b=("c", "d"))) >= 1',
        20,
        10,
        "A field is tested against a text or a number.",
        'Lists are written as one_of("a", "b").',
    ),
    (
        'follows("a", after="b") >= 1',
        1,
        23,
        "follows() needs what comes before, and within what time.",
        'Write after="email_opened", within_days=7.',
    ),
    ('share("a") >= 1', 1, 10, "share() needs the part that is asked for.", 'Write of=where(coupon="SPRING").'),
    (
        'days_since("a") > 2 * 3 * mean_gap("a")',
        19,
        21,
        "Only a number times one figure can be written.",
        'For example: 2 * mean_gap("order_completed").',
    ),
    ("segment(vip)", 9, 3, "Here the slug of a segment is needed.", 'Write "vip" in quotes.'),
    (
        "known(5)",
        1,
        8,
        "known() asks about one figure, fact or piece of context.",
        'For example: known(age), or unknown(days_since("order_completed")).',
    ),
    (
        '"de" in country',
        1,
        4,
        "Before `in` stands nothing that a rule can ask for.",
        'For example: count("order_completed") >= 5, or age >= 18.',
    ),
    ("Age > 5", 1, 3, "`Age` is no name of a fact.", "Names are written in small letters."),
    (
        'sum("order_completed", "Value") > 5',
        24,
        7,
        '"Value" is no name of a field.',
        "Names are written in small letters, digits and single underscores.",
    ),
    ("context.Device > 5", 1, 14, "A dot stands only in context.…, as in context.device.", "Take it away."),
    ("known(context.device.x)", 7, 16, "A dot stands only in context.…, as in context.device.", "Take it away."),
    ("where() > 5", 1, 7, "where() is nothing that can be compared here.", ""),
    ("age.count() > 5", 1, 9, "Only functions of rules can be called.", ""),
    (
        'count("a") > shop()',
        14,
        6,
        "shop() needs the name of one figure.",
        'For example: shop("average_order_value").',
    ),
    ('segment("a", x=1)', 14, 3, "segment() takes no argument `x`.", "Take it away."),
    ('segment("a", "b")', 1, 17, "segment() needs the slug of one segment.", 'For example: segment("vip").'),
    ("everyone(1)", 1, 11, "everyone() takes no arguments.", "Leave the brackets empty."),
    ("f(Ab=1)", 3, 4, "`Ab` is no parameter that can be given here.", ""),
    ("f(a=1, a=2)", 8, 3, "`a` is no parameter that can be given here.", ""),
    ("f(a=b)", 5, 1, "Here a text or number is needed.", ""),
    ('count("a", where(Ab="c")) >= 1', 18, 6, "`Ab` is no name of a field.", ""),
    (
        'count("a", "b") >= 1',
        12,
        3,
        "Here only a filter can stand.",
        'Filters are written as where(category="footwear").',
    ),
    (
        'count("a", since=between(1, 2)) >= 1',
        18,
        13,
        "Here an event is needed.",
        'Write "email_opened" or event("email_opened", where(…)).',
    ),
    ('share("a", of=where()) >= 1', 12, 10, "The part needs a test.", 'Write of=where(coupon="SPRING").'),
    (
        'count("a", of=where(b="c")) >= 1',
        12,
        15,
        "count() takes no argument `of`.",
        "Known are: days, hours, minutes, since, weeks.",
    ),
    (
        'count("a", hours=(1, 2, 3)) >= 1',
        18,
        9,
        "A window between two times has two numbers.",
        "Write hours=(90, 180) for between 90 and 180 hours ago.",
    ),
    ("nps > 1000000000001", 7, 13, "The number is beyond 1,000,000,000,000.", "Use a smaller one."),
    (f'tier == "{"x" * 201}"', 9, 203, "The text has more than 200 characters.", "Shorten it."),
    ('tier == "a\x80b"', 9, 5, "The text has a control character in it.", "Take it away."),
    (f"nps in ({'1, ' * 101})", 8, 305, "The list has 101 entries, more than 100.", "Shorten it."),
    (
        f'count("a", where({", ".join(["b=1"] * 101)})) >= 1',
        12,
        510,
        "The filter has 101 tests, more than 100.",
        "Shorten it.",
    ),
]

#: Text, column, length, message, suggestion: the grammar is right, the meaning is not.
MEANING = [
    ('count("order_complete") >= 1', 7, 16, 'There is no event "order_complete".', 'Did you mean "order_completed"?'),
    (
        'count("product_viewed", where(categry="a")) >= 1',
        31,
        7,
        "product_viewed has no property `categry`.",
        "Did you mean `category`?",
    ),
    (
        'sum("order_completed", "valeu") > 1',
        24,
        7,
        'sum() takes a number of order_completed, which has none called "valeu".',
        'Did you mean "value"?',
    ),
    ("agee > 5", 1, 4, "There is no fact `agee`.", "Did you mean `age`?"),
    ("18 <= agee <= 30", 7, 4, "There is no fact `agee`.", "Did you mean `age`?"),
    ('context.devise == "mobile"', 1, 14, "There is no context `devise`.", "Did you mean `device`?"),
    ('segment("vips")', 9, 6, 'There is no segment "vips".', 'Did you mean "vip"?'),
    (
        'avg("order_completed", "value") > shop("avg_order_value")',
        40,
        17,
        'There is no figure of the shop "avg_order_value".',
        'Did you mean "average_order_value"?',
    ),
    ("evryone()", 1, 7, "There is no condition `evryone`.", "Did you mean `everyone`?"),
    (
        'days_since("any") == 3',
        1,
        22,
        "`days_since` never holds still: `==` would be true for an instant.",
        "Use >= > <= or <.",
    ),
    (
        'share("any", of=where(brand="a")) >= 80',
        38,
        2,
        "A share lies between 0 and 1.",
        "Write 80 % as 0.8.",
    ),
    (
        'sum("order_completed", "value") >= 9.999',
        36,
        5,
        "An amount in the shop's currency has at most 2 decimals.",
        "Round it.",
    ),
    (
        "context.hour >= 24",
        17,
        2,
        "`hour` lies between 0 and 23.",
        "Use a number from there.",
    ),
    (
        'count("any", days=(180, 90)) >= 1',
        14,
        14,
        "The window is empty.",
        "Write the smaller number first, as in days=(90, 180).",
    ),
    (
        'known(count("any"))',
        1,
        19,
        "count() is always known: of nothing it is 0.",
        "Compare it with 0.",
    ),
    (
        'count("any") > mean_gap("any")',
        16,
        15,
        "`count` is a number of things, `mean_gap` is a length of time.",
        "Compare figures of one kind.",
    ),
]


@pytest.mark.parametrize(("text", "column", "length", "message", "suggestion"), GRAMMAR)
def test_grammar_error_stands_at_its_place(text: str, column: int, length: int, message: str, suggestion: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    error = caught.value
    assert (error.line, error.column, error.length, error.message, error.suggestion) == (
        1, column, length, message, suggestion,
    )  # fmt: skip


@pytest.mark.parametrize(("text", "column", "length", "message", "suggestion"), MEANING)
def test_error_of_meaning_stands_at_its_place(
    text: str, column: int, length: int, message: str, suggestion: str
) -> None:
    (error,) = find_errors(text, vocabulary())
    assert (error.line, error.column, error.length, error.message, error.suggestion) == (
        1, column, length, message, suggestion,
    )  # fmt: skip
    parse(text)


def test_parse_with_a_vocabulary_raises_the_first_error() -> None:
    with pytest.raises(RuleError, match="`agee`"):
        parse('agee > 5 and count("nothing") > 1', vocabulary())


def test_find_errors_gives_the_error_of_grammar_alone() -> None:
    assert [error.message for error in find_errors("agee > 5 and age = 5", vocabulary())] == ["`=` compares nothing."]


def test_error_about_the_whole_rule_shows_all_of_it() -> None:
    text = "a > 1"
    for level in range(9):
        text = f"(b > 1 {('and', 'or')[level % 2]} {text})"
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert (caught.value.column, caught.value.length) == (1, len(text))


def test_all_errors_of_meaning_come_in_order_of_the_text() -> None:
    errors = find_errors('count("a") > 1 and not (b == 1 or context.c == 2)', vocabulary())
    assert [error.column for error in errors] == [7, 25, 35]


def test_every_condition_of_a_flattened_rule_keeps_its_place() -> None:
    errors = find_errors("everyone() and (age > 5 and (a > 1 and b > 2)) or not (not c > 3)", vocabulary())
    assert [(error.column, error.message) for error in errors] == [
        (30, "There is no fact `a`."),
        (40, "There is no fact `b`."),
        (60, "There is no fact `c`."),
    ]


def test_lines_are_counted_and_the_line_is_shown() -> None:
    (error,) = find_errors('age >= 18\n  and contry == "de"\n', vocabulary())
    assert (error.line, error.column, error.length) == (2, 7, 6)
    assert str(error) == (
        'There is no fact `contry`. Did you mean `country`? (line 2, column 7)\n    and contry == "de"\n        ^^^^^^'
    )


def test_column_counts_characters_also_behind_letters_of_several_bytes() -> None:
    (error,) = find_errors('\u00a0city == "Plauen, Süd 🛒" and  agee > 3', vocabulary())
    assert (error.column, error.length) == (31, 4)


def test_long_line_is_shown_around_the_place() -> None:
    text = " and ".join(["age >= 18"] * 40) + " and agee > 3"
    (error,) = find_errors(text, vocabulary())
    shown, carets = error.excerpt.splitlines()
    assert shown.startswith("  …")
    assert len(shown) < 80
    assert shown[carets.index("^") :].startswith("agee")
    assert carets.count("^") == 4
