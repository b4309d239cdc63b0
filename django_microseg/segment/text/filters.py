"""What picks events in a rule's text: ``where(category="footwear", local_hour=between(20, 23))``,
``event("email_opened", where(…))`` and the lengths of time around them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from ...profile.traits.definition import Stream, Test
from ..exact import UNITS
from ..limits import MAX_LIST, MAX_WINDOW
from ..names import did_you_mean, is_name
from ..rule import Value
from .cursor import Cursor
from .source import Span
from .values import is_constant, read_name, read_value, read_whole

__all__ = ["called", "read_length", "read_stream", "read_where", "read_wheres", "refuse_keywords"]

#: Function of the text -> operation of the test and how many values it takes (None: one or more).
_TESTS: dict[str, tuple[str, int | None]] = {
    "ne": ("ne", 1),
    "one_of": ("in", None),
    "none_of": ("not_in", None),
    "between": ("between", 2),
    "at_least": ("ge", 1),
    "at_most": ("le", 1),
    "known": ("ne", 0),
}


def called(node: ast.expr) -> str:
    """The name of the function that a node calls, or ``""``."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def refuse_keywords(call: ast.Call, cursor: Cursor) -> None:
    """For functions that take no named arguments."""
    for extra in call.keywords:
        raise cursor.error(f"{called(call)}() takes no argument `{extra.arg}`.", extra, "Take it away.")


def read_wheres(nodes: Iterable[ast.expr], cursor: Cursor) -> tuple[Test, ...]:
    """The tests of any number of ``where(…)`` in a row."""
    tests: list[Test] = []
    for node in nodes:
        tests += read_where(node, cursor, first=len(tests))
    if len(tests) > MAX_LIST:
        raise cursor.error(f"The filter has {len(tests)} tests, more than {MAX_LIST}.", node, "Shorten it.")
    return tuple(tests)


def read_where(node: ast.expr, cursor: Cursor, *, first: int = 0) -> tuple[Test, ...]:
    """The tests of one ``where(…)``; their paths are counted from ``first``."""
    if not isinstance(node, ast.Call) or called(node) != "where":
        hint = 'Filters are written as where(category="footwear").'
        raise cursor.error("Here only a filter can stand.", node, hint)
    for extra in node.args:
        raise cursor.error("A filter takes named tests only.", extra, 'Write where(category="footwear").')
    return tuple(_read_test(test, cursor.at(first + index)) for index, test in enumerate(node.keywords))


def _read_test(test: ast.keyword, cursor: Cursor) -> Test:
    cursor.mark(test)
    if test.arg is None or not is_name(test.arg):
        raise cursor.error(f"`{test.arg}` is no name of a field.", test)
    start = cursor.source.span(test).start
    cursor.at("field").mark(Span(start, start + len(test.arg)))
    function = called(test.value)
    if not function:
        return Test(test.arg, "eq", (_read_constant(test.value, cursor.at("values", 0)),))
    if function not in _TESTS:
        hint = did_you_mean(function, _TESTS, quote="`")
        raise cursor.error(f"There is no test {function}().", test.value, hint)
    assert isinstance(test.value, ast.Call)
    refuse_keywords(test.value, cursor)
    op, count = _TESTS[function]
    values = tuple(_read_constant(item, cursor.at("values", at)) for at, item in enumerate(test.value.args))
    if len(values) > MAX_LIST or (len(values) != count if count is not None else not values):
        needed = {0: "no values", 1: "one value", 2: "two values"}.get(count or 0, "values")
        needed = f"one to {MAX_LIST} values" if count is None else needed
        raise cursor.error(f"{function}() takes {needed}.", test.value)
    return Test(test.arg, op, values if count != 0 else ("",))


def _read_constant(node: ast.expr, cursor: Cursor) -> Value:
    if not is_constant(node):
        hint = 'Lists are written as one_of("a", "b").' if isinstance(node, ast.Tuple) else ""
        raise cursor.error("A field is tested against a text or a number.", node, hint)
    return read_value(node, cursor)


def read_stream(node: ast.expr, cursor: Cursor) -> Stream:
    """An event by its name, or ``event("…", where(…))``."""
    if not isinstance(node, ast.Call):
        return Stream(read_name(node, cursor.at("event"), "the name of an event"))
    if called(node) != "event" or not node.args:
        raise cursor.error("Here an event is needed.", node, 'Write "email_opened" or event("email_opened", where(…)).')
    refuse_keywords(node, cursor)
    cursor.mark(node)
    name = read_name(node.args[0], cursor.at("event"), "the name of an event")
    return Stream(name, read_wheres(node.args[1:], cursor.at("where")))


def read_length(node: ast.expr, unit: str, cursor: Cursor) -> int:
    """A length of time in milliseconds."""
    length = read_whole(node, cursor) * UNITS[unit]
    if length > MAX_WINDOW:
        raise cursor.error("A length of time is at most ten years.", node, "Leave it out for all time.")
    return length
