"""Whatever is typed: a rule or a `RuleError`, at once, and nothing of it ever runs."""

from __future__ import annotations

import ast
import builtins
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_microseg.segment.json_form import from_json, to_json
from django_microseg.segment.text import RuleError, parse, render
from tests.effort import cases
from tests.segment.words import vocabulary
from tests.strategies.rules import custom_conditions, rules

PIECES = [
    "count", "sum", "follows", "share", "where", "event", "known", "segment", "shop", "between", "ne", "everyone",
    "age", "context", "days", "since", "of", "after", "within_days", "and", "or", "not", "in", "is", "if", "else",
    "lambda", "for", "import", "await", "None", "True", "__class__", "a__b", "(", ")", ",", ".", "=", "==", "!=",
    "<", "<=", ">", ">=", "*", "**", "-", "+", ":", ":=", "[", "]", "{", "}", "@", "#", "\\", "\n", "\t", "\0",
    '"', "'", '"""', '"order_completed"', '"a"', "'b'", 'f"{x}"', "5", "0.8", "1e999", "0x1", "007", "1_000", "9" * 99,
    "\u00a0", "ä", "\u202e", "\ud800", " ", "…",
]  # fmt: skip
soups = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.lists(
    st.sampled_from(PIECES), max_size=40
).map(" ".join)

SMUGGLED = [
    'user__password == "x"',
    '__class__ == "x"',
    "().__class__.__bases__[0].__subclasses__()",
    'count.__globals__ == "x"',
    'context.device.__class__ == "x"',
    'context._meta == "x"',
    'profile.password == "x"',
    'count("order_completed", where(user__password="x")) >= 1',
    'count("order_completed", where(**{"a": 1})) >= 1',
    'count("order_completed", **kwargs) >= 1',
    "count(*args) >= 1",
    "(lambda: 1)() >= 1",
    "[x for x in (1, 2)]",
    "{1: 2}",
    "(x for x in y)",
    "age if age else nps",
    "(age := 5) > 3",
    'f"{age}" == "5"',
    'b"x" == tier',
    '__import__("os").system("true") == 0',
    'eval("1") == 1',
    'exec(code="1")\n.x',
    "age[0] == 1",
    "age + 1 == 2",
    "-age == 2",
    "await age",
    "yield",
    "print",
    "import os",
    "age; nps",
    "age > 5 # and nps > 5",
    "age > 5j",
    "... == age",
    "age @ nps",
    "not",
    "a, b",
]

HOSTILE = [
    "(" * 20_000,
    "(" * 10_000 + ")" * 10_000,
    "not " * 5_000,
    "-" * 20_000,
    "a" + ".b" * 9_999,
    "a" + "()" * 9_999,
    "1" + "*1" * 9_999,
    "9" * 20_000,
    "0." + "9" * 19_998,
    '"' * 20_000,
    '"' + "\\" * 19_999,
    '"' + "a" * 19_999,
    "a" * 20_000,
    "count(" * 3_333,
    "a<" * 10_000,
    " and ".join(["a>1"] * 2_500),
    "(a>1 or b>1) and " * 1_100 + "c>1",
    "not (a>1 and b>1 or " * 30 + "c>1" + ")" * 30,
    "a in (" + "1," * 9_990 + ")",
    "f(" + ",".join(f"a{n}=1" for n in range(2_400)) + ")",
    "\n" * 20_000,
    "x" * 20_001,
]


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.compile

    def watched(source: Any, filename: Any, mode: str, flags: int = 0, *args: Any, **kwargs: Any) -> Any:
        assert flags & ast.PyCF_ONLY_AST or filename != "<unknown>", "a rule was compiled to code"
        return real(source, filename, mode, flags, *args, **kwargs)

    monkeypatch.setattr(builtins, "compile", watched)


def read(text: str) -> None:
    """A rule that has a text and a JSON form of its own, or a `RuleError`; nothing else."""
    try:
        rule = parse(text)
    except RuleError as error:
        repr(str(error))
        return
    assert parse(render(rule)) == rule
    assert from_json(to_json(rule)) == rule


@pytest.mark.parametrize("text", SMUGGLED)
def test_smuggled_code_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse(text)


HANGS = 20
"""Seconds of CPU that no machine needs for a text that is refused, and that whatever grows too fast exceeds."""


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:12]!r}*{len(text)}")
def test_hostile_text_is_refused_at_once(text: str) -> None:
    started = time.process_time()
    with pytest.raises(RuleError):
        parse(text, vocabulary())
    assert time.process_time() - started < HANGS


@settings(max_examples=cases(quick=200, ci=2000))
@given(soups)
@example("a\x0c>\x0c1")
@example("a >\r\n1")
@example('"\u2028" == a')
def test_soup_of_tokens_raises_nothing_else(text: str) -> None:
    read(text)


@settings(max_examples=cases(quick=200, ci=1500))
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_raises_nothing_else(text: str) -> None:
    read(text)


@settings(max_examples=cases(quick=60, ci=500))
@given(rules(vocabulary(), extra=custom_conditions()), st.data())
def test_damaged_rule_raises_nothing_else(rule: Any, data: st.DataObject) -> None:
    text = render(rule)
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 5)))
    read(text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[end:])


def test_hundred_conditions_are_read_and_one_more_is_not() -> None:
    parse(" and ".join(["age > 1"] * 100))
    with pytest.raises(RuleError, match="more than 100 conditions"):
        parse(" and ".join(["age > 1"] * 101))


def test_eight_levels_are_read_and_nine_are_not() -> None:
    def nested(levels: int) -> str:
        return "a > 1" if levels == 0 else f"(b > 1 {('and', 'or')[levels % 2]} {nested(levels - 1)})"

    parse(nested(8))
    with pytest.raises(RuleError, match="more than 8 deep"):
        parse(nested(9))
