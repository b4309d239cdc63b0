"""Can the shop's adapter be used: a mapping that leads somewhere, or a class with all it needs?

The mapping's paths are followed on the models and its addresses in the URL configuration; no query is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured

from django_microseg import conf
from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.current import adapter_class
from django_microseg.shop.mapped import MappedAdapter
from django_microseg.shop.mapping.judge import judge
from django_microseg.shop.mapping.judge_addresses import judge_addresses
from django_microseg.shop.mapping.problem import Problem, Wrong

from .findings import finding

__all__ = ["check_shop"]

_REQUIRED = ("products", "orders", "key_of")
_IDS = {
    Wrong.UNKNOWN: "E102",
    Wrong.NO_MODEL: "E103",
    Wrong.NOWHERE: "E104",
    Wrong.MISSING: "E105",
    Wrong.UNFIT: "E106",
    Wrong.AMBIGUOUS: "W107",
    Wrong.NO_ADDRESS: "W108",
}


def check_shop(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with ``MICROSEG["SHOP"]``; settings that cannot be read are the business of another check."""
    if conf.problems(getattr(settings, "MICROSEG", {})):
        return []
    named = conf.get("SHOP")
    if isinstance(named, Mapping):
        return list(_mapping(named))
    return list(_named(named)) if isinstance(named, str) else []


def _named(path: str) -> Iterator[CheckMessage]:
    try:
        found = adapter_class(path)
    except ImproperlyConfigured as error:
        yield finding("E100").message(problem=error)
        return
    missing = [name for name in _REQUIRED if getattr(found, name) is getattr(ShopAdapter, name)]
    if missing:
        yield finding("E101").message(path=path, methods=", ".join(missing))
    if issubclass(found, MappedAdapter):
        yield from _mapping(found.mapping)


def _mapping(mapping: Mapping[str, Any]) -> Iterator[CheckMessage]:
    problems = judge(mapping)
    if not any(problem.is_error for problem in problems):
        problems += judge_addresses(mapping)
    yield from map(_message, problems)


def _message(problem: Problem) -> CheckMessage:
    words = {"where": problem.where, "problem": problem.text, "advice": problem.advice}
    found = finding(_IDS[problem.wrong]).message(**words)
    found.hint = str(found.hint).strip()
    return found
