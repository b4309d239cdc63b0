"""Which declared facts the traits of an ``identify`` are. Pure.

A trait whose name is no fact's is left out: names and addresses of people are not kept unless the
shop says in ``MICROSEG["FACTS"]`` what it wants of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django_microseg.profile.fact_catalogue import FactType, InvalidFact, encode_fact

__all__ = ["Declared", "facts_of"]

_ADDRESS = {"country": "country", "state": "region", "region": "region", "city": "city"}
_ADDRESS |= dict.fromkeys(("postalCode", "postal_code", "postcode", "zip"), "postcode")
_OTHER_NAMES = {"createdAt": "customer_since", "created_at": "customer_since"}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Declared:
    """Facts by name, and the names of traits that are no facts, or whose value is none of that fact."""

    facts: Mapping[str, Any]
    left_out: tuple[str, ...] = ()


def facts_of(traits: Mapping[str, Any], types: Mapping[str, FactType]) -> Declared:
    """The facts that traits declare. A trait without a value says nothing."""
    facts: dict[str, Any] = {}
    left_out = []
    for trait, value in _flat(traits):
        name = _OTHER_NAMES.get(trait) or _CAPITAL.sub("_", trait).lower()
        kind = types.get(name)
        readable = None if kind is None or kind.derived_from else _readable(kind, value)
        if readable is None:
            left_out.append(trait)
        else:
            facts.setdefault(name, readable)
    return Declared(facts, tuple(left_out))


def _flat(traits: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """An address by its parts, which only count where no trait of the same name does."""
    address = traits.get("address")
    yield from ((name, value) for name, value in traits.items() if name != "address" and value not in (None, ""))
    if isinstance(address, Mapping):
        for part, name in _ADDRESS.items():
            if address.get(part):
                yield name, address[part]


def _readable(kind: FactType, value: Any) -> Any:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if not isinstance(value, str | int | float):
        return None
    if kind.kind == "date":
        value = str(value)[:10]
    if kind.kind == "text":
        value = str(value)
    if kind.name == "country" and len(value) != 2:
        return None
    try:
        encode_fact(kind, value)
    except InvalidFact:
        return None
    return value
