"""The rules in force, compiled once per version and kept by each process.

`Publication` holds what is in force as data; a `Rulebook` is the same made runnable. Writers ask
`current()`, which reads the version each time; readers bring the version along themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.signals import setting_changed

from .. import conf
from ..collect.money import minor_exponent
from ..profile.facts import reserved_now
from ..profile.traits.fold import Folder
from .conditions import UnknownCondition, expand_custom
from .json_form import from_json
from .models import Publication
from .rule import CustomCondition, FactCondition, Rule, conditions_of
from .ruleset import Definition, Population, Ruleset

__all__ = ["Rulebook", "compile_ruleset", "current", "load", "runnable", "shop_zone"]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One publication, runnable. ``live`` maps slugs to definition ids."""

    version: int
    ruleset: Ruleset
    folder: Folder
    population: Population
    live: Mapping[str, int]
    segments: Mapping[int, int]
    experiences: tuple[Mapping[str, Any], ...]
    offers: tuple[Mapping[str, Any], ...] = ()
    is_stopped: bool = False

    @property
    def live_ids(self) -> frozenset[int]:
        return frozenset(self.live.values())

    @property
    def in_force(self) -> dict[str, Definition]:
        """The definitions that show, by slug."""
        live = self.live_ids
        return {each.slug: each for each in self.ruleset.definitions if each.id in live}

    @property
    def users(self) -> Counter[str]:
        """By slug: how many segments in force use a segment."""
        return Counter(slug for each in self.in_force.values() for slug in each.references)


def shop_zone() -> ZoneInfo:
    """The shop's time zone: calendar days and birthdays are judged in it."""
    return ZoneInfo(conf.get("TIME_ZONE") or settings.TIME_ZONE)


def runnable(data: Mapping[str, Any]) -> Rule:
    """A stored rule with the shop's own condition types written out.

    A type that this process does not know stays in the tree: such a segment has no members. So it is with a rule that
    asks for a fact which is reserved for audits by now.
    """
    rule = from_json(data)
    try:
        rule = expand_custom(rule)
    except UnknownCondition as unknown:
        return CustomCondition(unknown.kind)
    asked = [c.name for c in conditions_of(rule) if isinstance(c, FactCondition)]
    reserved = reserved_now() if asked else frozenset()
    name = next((each for each in asked if each in reserved), None)
    return rule if name is None else CustomCondition(f"fact {name}")


def compile_ruleset(definitions: list[Definition], version: int) -> Ruleset:
    """Compile definitions with the shop's currency and calendar."""
    exponent = minor_exponent(conf.get("CURRENCY"))
    return Ruleset(definitions, version=version, minor_exponent=exponent, zone=shop_zone())


def current() -> Rulebook:
    """The rulebook in force now; one small query, two when a new one was published."""
    version = Publication.objects.filter(pk=1).values_list("version", flat=True).first()
    return load(version or 0)


def load(version: int) -> Rulebook:
    """The rulebook of a publication that is at least as new as ``version``."""
    book = _books.get("newest")
    if book is None or book.version < version:
        book = _books["newest"] = _read()
    return book


_books: dict[str, Rulebook] = {}


def forget() -> None:
    """Drop what this process remembers; tests and settings changes call it."""
    _books.clear()


def _read() -> Rulebook:
    row = Publication.objects.filter(pk=1).first() or Publication()
    entries = row.ruleset.get("definitions", [])
    definitions = [Definition(e["id"], e["slug"], runnable(e["rule"]), e["references"]) for e in entries]
    ruleset = compile_ruleset(definitions, row.ruleset_version)
    return Rulebook(
        version=row.version,
        ruleset=ruleset,
        folder=Folder(ruleset.plan, ruleset.minor_exponent),
        population={k: (v[0], v[1]) for k, v in row.ruleset.get("population", {}).items()},
        live={e["slug"]: e["id"] for e in entries if e["is_live"]},
        segments={e["id"]: e["segment"] for e in entries},
        experiences=tuple(row.experiences),
        offers=tuple(row.offers),
        is_stopped=row.is_stopped,
    )


def _on_setting(*, setting: str, **kwargs: Any) -> None:
    if setting in ("MICROSEG", "TIME_ZONE"):
        forget()


setting_changed.connect(_on_setting, dispatch_uid="django_microseg.segment.rulebook")
