"""Figures over past events in a rule's text: ``count("order_completed", where(…), days=180)``."""

from __future__ import annotations

import ast

from ...profile.traits.definition import ALL_TIME, After, Stream, Test, Trait, Window
from ..aggregates import AGGREGATES, Aggregate
from ..exact import UNITS
from ..names import did_you_mean, is_name
from .cursor import Cursor
from .filters import called, read_length, read_stream, read_where, read_wheres
from .values import read_name

__all__ = ["read_trait"]

_WITHIN = {f"within_{unit}": unit for unit in UNITS}
_Arguments = dict[str, ast.keyword]


def read_trait(call: ast.Call, cursor: Cursor) -> Trait:
    """The trait that a call of an aggregate stands for."""
    cursor.mark(call)
    aggregate = AGGREGATES[called(call)]
    arguments = _read_arguments(call, aggregate, cursor)
    event, field, filters = _read_positional(call, aggregate, cursor)
    where = read_wheres(filters, cursor.at("where"))
    after = _read_after(call, aggregate, arguments, cursor) if aggregate.takes_after else None
    part = _read_part(call, arguments, cursor) if aggregate.takes_part else ()
    return Trait(aggregate.name, Stream(event, where, after), _read_window(arguments, cursor), field, part)


def _read_arguments(call: ast.Call, aggregate: Aggregate, cursor: Cursor) -> _Arguments:
    """Named arguments by name; unknown and doubled ones are refused."""
    known = {*UNITS, "since"}
    known |= {"after", *_WITHIN} if aggregate.takes_after else set()
    known |= {"of"} if aggregate.takes_part else set()
    arguments: _Arguments = {}
    for argument in call.keywords:
        name = argument.arg or "**"
        if name not in known:
            hint = did_you_mean(name, known, quote="`")
            if name not in ("of", "after", *_WITHIN):
                hint += ' Properties of the event are asked for by where(category="footwear").'
            raise cursor.error(f"{aggregate.name}() takes no argument `{name}`.", argument, hint)
        if name in arguments:
            raise cursor.error(f"The argument `{name}` is given twice.", argument, "Take one away.")
        arguments[name] = argument
    return arguments


def _read_positional(call: ast.Call, aggregate: Aggregate, cursor: Cursor) -> tuple[str, str | None, list[ast.expr]]:
    """Event, field and the filters after them."""
    wanted = 2 if aggregate.field else 1
    if len(call.args) < wanted:
        needs = "an event and a field" if aggregate.field else "an event"
        hint = f"For example: {aggregate.example}"
        raise cursor.error(f"{aggregate.name}() needs {needs}.", call, hint)
    event = read_name(call.args[0], cursor.at("event"), "the name of an event")
    field = _read_field(call.args[1], cursor.at("field")) if aggregate.field else None
    return event, field, call.args[wanted:]


def _read_field(node: ast.expr, cursor: Cursor) -> str:
    """A field's name, which stands bare in filters, so it is one that could."""
    name = read_name(node, cursor, "the name of a field")
    if not is_name(name):
        hint = "Names are written in small letters, digits and single underscores."
        raise cursor.error(f'"{name}" is no name of a field.', node, hint)
    return name


def _read_after(call: ast.Call, aggregate: Aggregate, arguments: _Arguments, cursor: Cursor) -> After:
    within = [argument for name, argument in arguments.items() if name in _WITHIN]
    if "after" not in arguments or len(within) != 1:
        hint = 'Write after="email_opened", within_days=7.'
        raise cursor.error(f"{aggregate.name}() needs what comes before, and within what time.", call, hint)
    here = cursor.at("after")
    stream = read_stream(arguments["after"].value, here)
    unit = _WITHIN[within[0].arg or ""]
    length = read_length(within[0].value, unit, here.at("within"))
    return After(stream.event, stream.where, length, aggregate.is_negated)


def _read_part(call: ast.Call, arguments: _Arguments, cursor: Cursor) -> tuple[Test, ...]:
    if "of" not in arguments:
        raise cursor.error("share() needs the part that is asked for.", call, 'Write of=where(coupon="SPRING").')
    part = read_where(arguments["of"].value, cursor.at("of"))
    if not part:
        raise cursor.error("The part needs a test.", arguments["of"], 'Write of=where(coupon="SPRING").')
    return part


def _read_window(arguments: _Arguments, cursor: Cursor) -> Window:
    given = [arguments[name] for name in (*UNITS, "since") if name in arguments]
    if not given:
        return ALL_TIME
    if len(given) > 1:
        raise cursor.error("Two windows are given.", given[1], "Keep one of days, hours, minutes, weeks and since.")
    here = cursor.at("window")
    here.mark(given[0])
    if given[0].arg == "since":
        return Window(since=read_stream(given[0].value, here.at("since")))
    return _read_range(given[0], here)


def _read_range(argument: ast.keyword, cursor: Cursor) -> Window:
    unit, value = argument.arg or "", argument.value
    if not isinstance(value, ast.Tuple):
        return Window(0, read_length(value, unit, cursor.at(unit)))
    if len(value.elts) != 2:
        hint = f"Write {unit}=(90, 180) for between 90 and 180 {unit} ago."
        raise cursor.error("A window between two times has two numbers.", value, hint)
    newest, oldest = (read_length(item, unit, cursor.at(unit, at)) for at, item in enumerate(value.elts))
    return Window(newest, oldest)
