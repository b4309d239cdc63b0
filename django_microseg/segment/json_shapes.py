"""Shapes of JSON that a rule's form is made of, each read strictly and with its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..profile.traits.definition import Number
from .errors import RuleFormError
from .exact import UNITS, read_decimal
from .limits import MAX_LIST, MAX_NAME, MAX_NUMBER, MAX_TEXT_LENGTH, MAX_WINDOW
from .names import is_clean_text, is_name
from .rule import Value

__all__ = [
    "kind_of",
    "read_choice",
    "read_lengths",
    "read_list",
    "read_name",
    "read_number",
    "read_object",
    "read_parameter",
    "read_text",
    "read_value",
    "read_word",
]

_T = TypeVar("_T")


def read_object(
    data: Any, path: str, *, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise RuleFormError(f"Here stands {kind_of(data)} where an object is needed.", path=path)
    for key in data:
        if key not in required and key not in optional:
            known = ", ".join((*required, *optional))
            raise RuleFormError(
                f"The key {str(key)[:MAX_NAME]!r} is unknown here.", path=path, suggestion=f"Known keys: {known}."
            )
    for key in required:
        if key not in data:
            raise RuleFormError(f"The key {key!r} is missing.", path=path)
    return data


def read_list(data: Any, path: str, read: Callable[[Any, str], _T], *, limit: int = MAX_LIST) -> tuple[_T, ...]:
    if not isinstance(data, list):
        raise RuleFormError(f"Here stands {kind_of(data)} where a list is needed.", path=path)
    if len(data) > limit:
        raise RuleFormError(f"The list has {len(data)} entries, more than {limit}.", path=path)
    return tuple(read(item, f"{path}[{at}]") for at, item in enumerate(data))


def read_name(data: Any, path: str) -> str:
    """The name of an event, a segment, a figure of the shop: in the text form it stands in quotes."""
    return read_text(data, path, limit=MAX_NAME)


def read_word(data: Any, path: str) -> str:
    """The name of a fact, context, field, condition or parameter: in the text form it stands bare."""
    name = read_name(data, path)
    if not is_name(name):
        hint = "Names are small letters, digits and single underscores, and no word of Python."
        raise RuleFormError(f"{name!r} is no name that a rule can use.", path=path, suggestion=hint)
    return name


def read_text(data: Any, path: str, *, limit: int = MAX_TEXT_LENGTH) -> str:
    if not isinstance(data, str):
        raise RuleFormError(f"Here stands {kind_of(data)} where text is needed.", path=path)
    if len(data) > limit:
        raise RuleFormError(f"The text has {len(data)} characters, more than {limit}.", path=path)
    if not is_clean_text(data):
        raise RuleFormError("The text has a control character in it.", path=path, suggestion="Take it away.")
    return data


def read_choice(data: Any, allowed: frozenset[str] | dict[str, Any], path: str, what: str) -> str:
    if not isinstance(data, str) or data not in allowed:
        raise RuleFormError(
            f"{str(data)[:MAX_NAME]!r} is no {what}.",
            path=path,
            suggestion=f"Use one of: {', '.join(sorted(allowed))}.",
        )
    return data


def kind_of(data: Any) -> str:
    if isinstance(data, bool):
        return "true or false"
    names = {dict: "an object", list: "a list", str: "text", int: "a number", float: "a float", type(None): "null"}
    return names.get(type(data), type(data).__name__)


def read_number(data: Any, path: str) -> Number:
    number: Number | None = data if isinstance(data, int) and not isinstance(data, bool) else None
    if isinstance(data, dict):
        text = read_text(read_object(data, path, required=("number",))["number"], f"{path}.number", limit=MAX_NAME)
        number = read_decimal(text)
    if number is None:
        hint = 'Write whole numbers as 5 and others as {"number": "0.8"}.'
        raise RuleFormError(f"Here stands {kind_of(data)} where an exact number is needed.", path=path, suggestion=hint)
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise RuleFormError(f"The number is beyond {MAX_NUMBER:,}.", path=path)
    return number


def read_value(data: Any, path: str) -> Value:
    return read_text(data, path) if isinstance(data, str) else read_number(data, path)


def read_parameter(data: Any, path: str) -> Any:
    if data is None or isinstance(data, bool):
        return data
    return read_list(data, path, _plain_parameter) if isinstance(data, list) else read_value(data, path)


def _plain_parameter(data: Any, path: str) -> Any:
    return data if data is None or isinstance(data, bool) else read_value(data, path)


def read_lengths(data: Any, path: str) -> tuple[int, ...]:
    form = read_object(data, path, optional=tuple(UNITS))
    if len(form) != 1:
        raise RuleFormError("One unit of time is needed.", path=path, suggestion=f"Use one of: {', '.join(UNITS)}.")
    ((unit, given),) = form.items()
    here = f"{path}.{unit}"
    given = given if isinstance(given, list) else [given]
    numbers = read_list(given, here, read_number, limit=2)
    lengths = tuple(int(number * UNITS[unit]) for number in numbers)
    if not lengths or any(isinstance(n, int) is False or n < 0 or n * UNITS[unit] > MAX_WINDOW for n in numbers):
        raise RuleFormError("A length of time is a whole number, at most ten years.", path=here)
    return lengths
