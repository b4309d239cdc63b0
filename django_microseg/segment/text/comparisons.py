"""Comparisons of a rule's text: ``28 <= age <= 32``, ``country in ("de", "at")``.

The subject of a condition is a figure, a fact or a piece of context; it may stand on either side.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..aggregates import AGGREGATES, OPPOSITE
from ..names import FUNCTIONS, did_you_mean, is_name
from ..rule import (
    Condition,
    ContextCondition,
    FactCondition,
    Operand,
    PopulationOperand,
    TraitCondition,
    TraitOperand,
)
from .cursor import Cursor, Marks
from .filters import called, refuse_keywords
from .source import Source
from .traits import read_trait
from .values import is_constant, read_list, read_name, read_number, read_value

__all__ = ["read_comparison", "read_presence"]

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
    ast.In: "in", ast.NotIn: "not_in",
}  # fmt: skip


def read_comparison(node: ast.Compare, source: Source) -> Iterator[tuple[Condition, Marks]]:
    """The conditions of a comparison, one for each of its operators, with their marks."""
    sides = [node.left, *node.comparators]
    for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
        cursor = Cursor(source)
        if len(sides) == 2:
            cursor.mark(node)
        yield _read_pair(left, _OPERATORS[type(operator)], right, cursor), cursor.marks


def _read_pair(left: ast.expr, operator: str, right: ast.expr, cursor: Cursor) -> Condition:
    if _is_subject(left):
        subject, value = left, right
    elif _is_subject(right) and operator in OPPOSITE:
        subject, value, operator = right, left, OPPOSITE[operator]
    else:
        hint = 'For example: count("order_completed") >= 5, or age >= 18.'
        message = "On neither side stands something that a rule can ask for."
        if operator not in OPPOSITE:
            message = "Before `in` stands nothing that a rule can ask for."
        raise cursor.error(message, left, hint)
    if operator in OPPOSITE:
        return _read_subject(subject, operator, _read_operand(value, cursor.at("value")), cursor)
    return _read_subject(subject, operator, read_list(value, cursor.at("value")), cursor)


def read_presence(node: ast.Call, cursor: Cursor) -> Condition:
    """``known(x)`` or ``unknown(x)``."""
    refuse_keywords(node, cursor)
    if len(node.args) != 1 or not _is_subject(node.args[0]):
        hint = 'For example: known(age), or unknown(days_since("order_completed")).'
        raise cursor.error(f"{called(node)}() asks about one figure, fact or piece of context.", node, hint)
    return _read_subject(node.args[0], called(node), (), cursor)


def _is_subject(node: ast.expr) -> bool:
    if isinstance(node, ast.Name | ast.Attribute):
        return True
    return isinstance(node, ast.Call) and called(node) != "shop"


def _read_subject(node: ast.expr, operator: str, value: Operand, cursor: Cursor) -> Condition:
    if isinstance(node, ast.Call):
        _check_figure(node, cursor)
        return TraitCondition(read_trait(node, cursor.at("trait")), operator, value)
    if isinstance(node, ast.Attribute):
        cursor.at("context").mark(node)
        return ContextCondition(_read_context_name(node, cursor), operator, value)
    assert isinstance(node, ast.Name)
    if not is_name(node.id):
        raise cursor.error(f"`{node.id}` is no name of a fact.", node, "Names are written in small letters.")
    cursor.at("fact").mark(node)
    return FactCondition(node.id, operator, value)


def _check_figure(node: ast.Call, cursor: Cursor) -> None:
    """A call in a comparison must be of an aggregate."""
    name = called(node)
    if name in AGGREGATES:
        return
    if not name:
        raise cursor.error("Only functions of rules can be called.", node.func)
    if name in FUNCTIONS:
        raise cursor.error(f"{name}() is nothing that can be compared here.", node)
    raise cursor.error(f"There is no figure {name}().", node.func, did_you_mean(name, AGGREGATES, quote="`"))


def _read_context_name(node: ast.Attribute, cursor: Cursor) -> str:
    if not isinstance(node.value, ast.Name) or node.value.id != "context" or not is_name(node.attr):
        raise cursor.error("A dot stands only in context.…, as in context.device.", node, "Take it away.")
    return node.attr


def _read_operand(node: ast.expr, cursor: Cursor) -> Operand:
    if is_constant(node):
        return read_value(node, cursor)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _read_product(node, cursor)
    if isinstance(node, ast.Call):
        return _read_scaled(node, cursor)
    if isinstance(node, ast.Tuple):
        raise cursor.error("A list is compared with `in` or `not in`.", node, "Write `in` before it.")
    hint = f'Write "{node.id}" in quotes if it is a text.' if isinstance(node, ast.Name) else ""
    raise cursor.error("Here a number, a text or a figure is needed.", node, hint)


def _read_product(node: ast.BinOp, cursor: Cursor) -> Operand:
    factor, figure = (node.left, node.right) if is_constant(node.left) else (node.right, node.left)
    if not is_constant(factor) or not isinstance(figure, ast.Call):
        hint = 'For example: 2 * mean_gap("order_completed").'
        raise cursor.error("Only a number times one figure can be written.", node, hint)
    number = read_number(factor, cursor.at("factor"))
    operand = _read_scaled(figure, cursor)
    cursor.mark(node)
    if isinstance(operand, TraitOperand):
        return TraitOperand(operand.trait, number)
    return PopulationOperand(operand.name, number)


def _read_scaled(node: ast.Call, cursor: Cursor) -> TraitOperand | PopulationOperand:
    cursor.mark(node)
    if called(node) != "shop":
        _check_figure(node, cursor)
        return TraitOperand(read_trait(node, cursor.at("trait")))
    refuse_keywords(node, cursor)
    if len(node.args) != 1:
        raise cursor.error("shop() needs the name of one figure.", node, 'For example: shop("average_order_value").')
    return PopulationOperand(read_name(node.args[0], cursor.at("shop"), "the name of a figure"))
