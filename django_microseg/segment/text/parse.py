"""From a rule's text to its tree, by Python's own parser and a whitelist of its nodes.

The text is never compiled or run: each node is either read by a function here or refused. What
comes out is in normal form, and always has a JSON form.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..aggregates import AGGREGATES
from ..errors import RuleError
from ..limits import MAX_LIST
from ..names import CONDITION_FUNCTIONS, FUNCTIONS, did_you_mean, is_name
from ..normal import depth_of, normalise
from ..rule import MAX_CONDITIONS, MAX_DEPTH, Condition, CustomCondition, Group, Rule, SegmentCondition
from .comparisons import read_comparison, read_presence
from .cursor import Cursor, Marks, Path
from .filters import called, refuse_keywords
from .scan import check_tokens
from .source import Source, Span
from .values import read_name, read_parameter

__all__ = ["Reading", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule read from a text, and where in the text each of its parts stands."""

    rule: Rule
    source: Source
    marks: tuple[Marks, ...]

    def span_of(self, path: Path) -> Span | None:
        """Where the part at a path stands, or the nearest part around it; None is the whole text."""
        for (start, _), marks in zip(_paths(self.rule), self.marks, strict=True):
            if path[: len(start)] == start:
                inner = path[len(start) :]
                ends = (inner[:end] for end in range(len(inner), -1, -1))
                return next((marks[end] for end in ends if end in marks), None)
        return None


def _paths(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Every condition with its path, in the order of `conditions_of`."""
    if isinstance(rule, Group):
        for index, inner in enumerate(rule.rules):
            yield from _paths(inner, (*path, "rules", index))
    else:
        yield path, rule


def read(text: str) -> Reading:
    """Read a rule. Raises `RuleError` at the first thing that cannot be read."""
    source = Source(text)
    line = check_tokens(source)
    source.indent = len(line) - len(line.lstrip())
    source.line = line.strip()
    if not source.line:
        raise source.error("The rule is empty.", None, "Write everyone() if all shall be members.")
    reader = _Reader(source)
    rule = normalise(reader.read_rule(_tree(source)))
    if depth_of(rule) > MAX_DEPTH:
        message = f"Groups lie more than {MAX_DEPTH} deep inside each other."
        raise source.error(message, None, "Split the rule into segments that use each other.")
    return Reading(rule, source, tuple(reader.marks))


def _tree(source: Source) -> ast.expr:
    try:
        return ast.parse(source.line, mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(error, source) from None
    except (ValueError, MemoryError, RecursionError):
        raise source.error("The rule cannot be read.", None, "Write it more simply.") from None


def _syntax_error(error: SyntaxError, source: Source) -> RuleError:
    start = (error.offset or 0) - 1
    if not 0 <= start < len(source.line) or error.lineno != 1:
        end_of_text = Span(source.indent + len(source.line), source.indent + len(source.line) + 1)
        return source.error("The rule breaks off here.", end_of_text, "Something is missing at its end.")
    end = max(start + 1, (error.end_offset or 0) - 1)
    place = Span(source.indent + start, source.indent + end)
    for part, message, suggestion in _SYNTAX:
        if part in (error.msg or ""):
            return source.error(message, place, suggestion)
    return source.error("The rule cannot be read here.", place, _JOIN)


_JOIN = "Conditions are joined by `and`, `or` and `not`; arguments are separated by commas."
_SYNTAX = (
    (
        "positional argument follows keyword",
        "Something without a name stands after a named argument.",
        "Write where(…) before arguments such as days=30.",
    ),
    ("Maybe you meant '=='", "`=` compares nothing.", "Write `==`."),
    ("cannot contain assignment", "`=` compares nothing.", "Write `==`."),
)


@dataclass(slots=True)
class _Reader:
    source: Source
    marks: list[Marks] = field(default_factory=list)

    def read_rule(self, node: ast.expr) -> Rule:
        match node:
            case ast.BoolOp():
                combinator = "all" if isinstance(node.op, ast.And) else "any"
                return Group(combinator, tuple(self.read_rule(inner) for inner in node.values))
            case ast.UnaryOp(op=ast.Not()):
                return Group("all", (self.read_rule(node.operand),), is_negated=True)
            case ast.Compare():
                pairs = list(read_comparison(node, self.source))
                return Group("all", tuple(self._keep(node, *pair) for pair in pairs))
            case ast.Call():
                return self._read_call(node)
        raise self._no_condition(node)

    def _keep(self, node: ast.expr, condition: Condition, marks: Marks) -> Condition:
        self.marks.append(marks)
        if len(self.marks) > MAX_CONDITIONS:
            message = f"The rule has more than {MAX_CONDITIONS} conditions."
            raise self.source.error(message, node, "Split it into segments that use each other.")
        return condition

    def _read_call(self, node: ast.Call) -> Rule:
        name = called(node)
        if name in ("everyone", "nobody"):
            if node.args or node.keywords:
                raise self.source.error(f"{name}() takes no arguments.", node, "Leave the brackets empty.")
            return Group("all" if name == "everyone" else "any")
        cursor = Cursor(self.source)
        cursor.mark(node)
        if name in ("known", "unknown"):
            return self._keep(node, read_presence(node, cursor), cursor.marks)
        if name == "segment":
            return self._keep(node, _read_segment(node, cursor), cursor.marks)
        if name in FUNCTIONS or not name:
            raise self._no_condition(node)
        return self._keep(node, _read_custom(node, cursor), cursor.marks)

    def _no_condition(self, node: ast.expr) -> RuleError:
        written = self.source.part(self.source.span(node))
        if called(node) in AGGREGATES:
            return self.source.error("This figure is compared with nothing.", node, "Add a comparison such as `>= 1`.")
        if isinstance(node, ast.Name) and is_name(node.id):
            hint = f'Write {written} == "…", or known({written}).'
            return self.source.error(f"`{written}` is compared with nothing.", node, hint)
        if isinstance(node, ast.Attribute):
            hint = f'Write {written} == "…", or known({written}).'
            return self.source.error("This is compared with nothing.", node, hint)
        return self.source.error("This is no condition.", node, 'For example: count("order_completed") >= 5.')


def _read_segment(node: ast.Call, cursor: Cursor) -> SegmentCondition:
    refuse_keywords(node, cursor)
    if len(node.args) != 1:
        raise cursor.error("segment() needs the slug of one segment.", node, 'For example: segment("vip").')
    return SegmentCondition(read_name(node.args[0], cursor.at("segment"), "the slug of a segment"))


def _read_custom(node: ast.Call, cursor: Cursor) -> CustomCondition:
    name = called(node)
    if node.args or not is_name(name):
        hint = did_you_mean(name, {*AGGREGATES, *CONDITION_FUNCTIONS}, quote="`")
        raise cursor.error(f"There is no function {name}().", node.func, hint)
    cursor.at("custom").mark(node.func)
    parameters = {}
    for item in node.keywords:
        if item.arg is None or not is_name(item.arg) or item.arg in parameters:
            raise cursor.error(f"`{item.arg}` is no parameter that can be given here.", item)
        here = cursor.at("parameters", item.arg)
        parameters[item.arg] = read_parameter(item.value, here)
        here.mark(item)
    if len(parameters) > MAX_LIST:
        raise cursor.error(f"More than {MAX_LIST} parameters are given.", node)
    return CustomCondition(name, tuple(parameters.items()))
