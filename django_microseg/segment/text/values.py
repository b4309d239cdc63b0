"""Constants of a rule's text: exact numbers, texts and lists of them."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

from ..exact import tidy
from ..limits import MAX_LIST, MAX_NAME, MAX_NUMBER, MAX_TEXT_LENGTH
from ..names import is_clean_text
from ..rule import Value
from .cursor import Cursor

__all__ = [
    "is_constant",
    "read_list",
    "read_name",
    "read_number",
    "read_parameter",
    "read_text",
    "read_value",
    "read_whole",
]

Number = int | Fraction


def is_constant(node: ast.expr) -> bool:
    """Whether a node is a number or a text."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, str | int | float) and not _is_bool(node)


def read_value(node: ast.expr, cursor: Cursor) -> Value:
    """A number or a text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return read_text(node, cursor, "a text or number")
    return read_number(node, cursor, "a text or number")


def read_name(node: ast.expr, cursor: Cursor, what: str) -> str:
    """The name of something, in quotes."""
    return read_text(node, cursor, what, limit=MAX_NAME)


def read_text(node: ast.expr, cursor: Cursor, what: str = "a text", *, limit: int = MAX_TEXT_LENGTH) -> str:
    """A text in quotes. ``what`` is what the message says was needed."""
    cursor.mark(node)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        hint = f'Write "{node.id}" in quotes.' if isinstance(node, ast.Name) else ""
        raise cursor.error(f"Here {what} is needed.", node, hint)
    if len(node.value) > limit:
        raise cursor.error(f"The text has more than {limit} characters.", node, "Shorten it.")
    if not is_clean_text(node.value):
        raise cursor.error("The text has a control character in it.", node, "Take it away.")
    return node.value


def read_number(node: ast.expr, cursor: Cursor, what: str = "a number") -> Number:
    """A number, exactly as it is written."""
    cursor.mark(node)
    sign, digits = 1, node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, digits = -1, node.operand
    if not isinstance(digits, ast.Constant) or not isinstance(digits.value, int | float) or _is_bool(digits):
        raise cursor.error(f"Here {what} is needed.", node)
    written = cursor.source.part(cursor.source.span(digits))
    number = sign * Fraction(written.replace("_", ""))
    if abs(number) > MAX_NUMBER:
        raise cursor.error(f"The number is beyond {MAX_NUMBER:,}.", node, "Use a smaller one.")
    return tidy(number)


def read_whole(node: ast.expr, cursor: Cursor) -> int:
    """A whole number, not negative."""
    number = read_number(node, cursor, "a whole number")
    if not isinstance(number, int) or number < 0:
        raise cursor.error("Here a whole number is needed, not negative.", node)
    return number


def read_list(node: ast.expr, cursor: Cursor) -> tuple[Value, ...]:
    """A list in round brackets."""
    cursor.mark(node)
    if not isinstance(node, ast.Tuple):
        hint = 'Write it as ("de", "at"), a list of one as ("de",).'
        raise cursor.error("Here a list in brackets is needed.", node, hint)
    _check_length(node, cursor)
    return tuple(read_value(item, cursor.at(index)) for index, item in enumerate(node.elts))


def read_parameter(node: ast.expr, cursor: Cursor) -> Any:
    """A value of a custom condition: number, text, True, False, None, or a list of them."""
    if isinstance(node, ast.Tuple):
        cursor.mark(node)
        _check_length(node, cursor)
        return tuple(_read_plain(item, cursor.at(index)) for index, item in enumerate(node.elts))
    return _read_plain(node, cursor)


def _read_plain(node: ast.expr, cursor: Cursor) -> Any:
    if isinstance(node, ast.Constant) and (node.value is None or _is_bool(node)):
        cursor.mark(node)
        return node.value
    return read_value(node, cursor)


def _check_length(node: ast.Tuple, cursor: Cursor) -> None:
    if len(node.elts) > MAX_LIST:
        raise cursor.error(f"The list has {len(node.elts)} entries, more than {MAX_LIST}.", node, "Shorten it.")


def _is_bool(node: ast.Constant) -> bool:
    return isinstance(node.value, bool)
