"""Is a value of the seam what its class says: ours and frozen, each field of its type, money with a currency? Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from ...shop.values import CartInfo, CategoryInfo, LineInfo, Money, OrderInfo, ProductInfo

__all__ = ["faults_of"]

_CLASSES = (ProductInfo, CategoryInfo, CartInfo, OrderInfo)
_CODE = re.compile(r"[A-Z]{3}")


def faults_of(value: Any) -> list[str]:
    """What is wrong with a product, a category, a cart or an order; empty if nothing is."""
    if type(value) not in _CLASSES:
        return [f"a {type(value).__name__} is none of django_microseg.shop.values"]
    return [*_of_fields(value), *([] if value.key else ["key is empty"])]


def _of_fields(value: Any) -> Iterator[str]:
    for field in fields(value):
        found = getattr(value, field.name)
        if not _fits(found, str(field.type)):
            yield f"{type(value).__name__}.{field.name} is {found!r}, not {field.type}"


def _fits(found: Any, wanted: str) -> bool:
    return any(_is_a(found, each) for each in wanted.split(" | "))


def _is_a(found: Any, wanted: str) -> bool:
    match wanted:
        case "None":
            return found is None
        case "Money":
            return type(found) is Money and _is_money(found)
        case "dt.datetime":
            return isinstance(found, dt.datetime) and found.tzinfo is not None
        case "tuple[str, ...]":
            return type(found) is tuple and all(type(each) is str and each for each in found)
        case "tuple[LineInfo, ...]":
            return type(found) is tuple and all(type(each) is LineInfo and not list(_of_fields(each)) for each in found)
        case _:
            return type(found) is {"str": str, "int": int, "bool": bool}[wanted]


def _is_money(money: Any) -> bool:
    is_amount = isinstance(money.amount, Decimal) and money.amount.is_finite()
    return is_amount and isinstance(money.currency, str) and _CODE.fullmatch(money.currency) is not None
