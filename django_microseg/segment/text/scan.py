"""A first look at a rule's text, token by token, before Python's parser sees it.

Lets through only what a rule is made of, so that code of any other kind fails here with its place
and a hint, and the parser never meets text that is long, deep or odd enough to hurt it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..limits import MAX_NAME, MAX_TEXT
from .source import Source, Span

__all__ = ["check_tokens"]

#: Brackets inside each other, and signs or ``not`` in a row. Eight groups need far fewer.
_MAX_NESTING = 40
_MAX_DIGITS = 30

_TOKEN = re.compile(
    r"""
      (?P<name>   [A-Za-z_][A-Za-z0-9_]* )
    | (?P<number> \.?[0-9][0-9A-Za-z_.]* )
    | (?P<text>   "(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\.)*" | '(?:[^'\\\x00-\x1f\x7f\ud800-\udfff]|\\.)*' )
    | (?P<sign>   ==|!=|<=|>=|=>|=<|<>|\*\*|&&|\|\||:=|//|->|<|>|=|\(|\)|,|\.|\*|- )
    | (?P<blank>  [^\S\n]+|\n )
    | (?P<odd>    . )
    """,
    re.VERBOSE,
)
_WORDS = frozenset({"and", "or", "not", "in", "True", "False", "None"})
_SIGNS = frozenset({"==", "!=", "<=", ">=", "<", ">", "=", "(", ")", ",", ".", "*", "-"})
#: Signs that may nest without brackets, and what ends a run of them.
_RUNS = frozenset({"not", "-", "*", "."})
_RUN_ENDS = frozenset({"and", "or", ",", "(", ")", "==", "!=", "<=", ">=", "<", ">"})
_ODD_SIGNS = {
    "&&": "Write `and`.",
    "||": "Write `or`.",
    "&": "Write `and`.",
    "|": "Write `or`.",
    "!": "Write `not`.",
    "<>": "Write `!=`.",
    "[": 'Write lists in round brackets: `("de", "at")`.',
    "]": 'Write lists in round brackets: `("de", "at")`.',
    "=>": "Write `>=`.",
    "=<": "Write `<=`.",
    "≥": "Write `>=`.",
    "≤": "Write `<=`.",
    "≠": "Write `!=`.",
    "\u00d7": "Write `*`.",
    "%": "Write shares as a number from 0 to 1: `0.8`.",
}
#: Typographic quotes that word processors put in.
_CURLED = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a`\u00b4"
_ODD_SIGNS |= dict.fromkeys(_CURLED, 'Use straight quotes: `"order_completed"`.')
_ODD_WORDS = {
    "is": "Write `==`.",
    "AND": "Write `and`.",
    "OR": "Write `or`.",
    "NOT": "Write `not`.",
    "IN": "Write `in`.",
}
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*(?:_[0-9]+)*)(?:\.[0-9]+)?|\.[0-9]+")
_ESCAPES = re.compile(r"""(?:[^\\]|\\[\\"'])*""", re.DOTALL)


#: Message and suggestion.
_Problem = tuple[str, str] | None


class _Token(NamedTuple):
    kind: str
    text: str
    span: Span


def check_tokens(source: Source) -> str:
    """The text as one line for Python's parser; `RuleError` at the first thing no rule is made of."""
    if len(source.text) > MAX_TEXT:
        message = f"The rule has {len(source.text):,} characters, more than {MAX_TEXT:,}."
        raise source.error(message, Span(MAX_TEXT, MAX_TEXT + 1), "Split it into segments that use each other.")
    before = _Token("start", "", Span(0, 0))
    brackets: list[_Token] = []
    run = 0
    for token in _tokens(source.text):
        _check_token(source, token, before)
        _check_bracket(source, token, before, brackets)
        run = 0 if token.text in _RUN_ENDS else run + (token.text in _RUNS)
        if run > _MAX_NESTING or len(brackets) > _MAX_NESTING:
            raise source.error("The rule is nested too deeply here.", token.span, "Take brackets or `not` away.")
        before = token
    if brackets:
        raise source.error("This bracket is never closed.", brackets[-1].span, "Add a `)`.")
    return _TOKEN.sub(_blanked, source.text)


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match.group()) if match.lastgroup == "blank" else match.group()


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup and match.lastgroup != "blank":
            yield _Token(match.lastgroup, match.group(), Span(*match.span()))


def _check_token(source: Source, token: _Token, before: _Token) -> None:
    problem = _PROBLEMS[token.kind](token.text)
    if problem is not None:
        raise source.error(problem[0], token.span, problem[1])
    if token.kind == "text" and before.kind == "text":
        raise source.error("Two texts follow each other.", token.span, "Put a comma between them.")
    is_prefixed = token.kind == "text" and before.kind == "name" and before.span.end == token.span.start
    if is_prefixed and before.text not in _WORDS:
        raise source.error("Letters stand directly before a text.", before.span, "Take them away.")


def _check_bracket(source: Source, token: _Token, before: _Token, brackets: list[_Token]) -> None:
    if token.text == "(":
        if before.kind in ("text", "number") or before.text == ")":
            raise source.error("This cannot be called like a function.", token.span, "Put `and` or `or` before it.")
        brackets.append(token)
    elif token.text == ")":
        if not brackets:
            raise source.error("This bracket was never opened.", token.span, "Take it away, or add a `(` before.")
        brackets.pop()
    elif token.text == "=" and not brackets:
        raise source.error("`=` compares nothing.", token.span, "Write `==`.")


def _name_problem(name: str) -> _Problem:
    if name in _ODD_WORDS:
        return (f"`{name}` has no place in a rule.", _ODD_WORDS[name])
    if name not in _WORDS and keyword.iskeyword(name):
        return (f"`{name}` has no place in a rule.", "A rule is conditions joined by `and`, `or`, `not` and brackets.")
    if "__" in name or name.startswith("_"):
        hint = "Only what the catalogue names can be asked for; no name there has a leading or doubled underscore."
        return (f"`{name[:MAX_NAME]}` is no name that a rule can use.", hint)
    if len(name) > MAX_NAME:
        return (f"The name has {len(name)} characters, more than {MAX_NAME}.", "No name in a rule is so long.")
    return None


def _number_problem(number: str) -> _Problem:
    if _NUMBER.fullmatch(number):
        return None if len(number) <= _MAX_DIGITS else ("The number is too long.", "Use fewer digits.")
    return (f"`{number[:_MAX_DIGITS]}` is no number that a rule can use.", "Write it as `1200` or `0.8`.")


def _text_problem(text: str) -> _Problem:
    if _ESCAPES.fullmatch(text[1:-1]):
        return None
    return ("A backslash stands in a text.", "Write it twice, or only before a quote.")


def _sign_problem(sign: str) -> _Problem:
    if sign in _SIGNS:
        return None
    return (f"`{sign}` has no place in a rule.", _ODD_SIGNS.get(sign, ""))


def _odd_problem(char: str) -> _Problem:
    if char in "\"'":
        return ("This text is never closed.", f"Add a {char} at its end, on the same line.")
    shown = f"`{char}`" if char.isprintable() else f"The character U+{ord(char):04X}"
    return (f"{shown} has no place in a rule.", _ODD_SIGNS.get(char, ""))


_PROBLEMS = {
    "name": _name_problem,
    "number": _number_problem,
    "text": _text_problem,
    "sign": _sign_problem,
    "odd": _odd_problem,
}
