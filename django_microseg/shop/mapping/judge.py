"""Is a mapping one that can be used? Every path is followed on the models; no query is made.

In comes the mapping, out go all problems: first whether each section is well formed (here), then
whether the sections fit together (`agree`). Addresses are tried by `judge_addresses`, apart from the
rest, because the shop's URL configuration may itself import what needs the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import models

from .agree import disagreements
from .follow import LeadsNowhere, Way, did_you_mean, follow
from .problem import Problem, Wrong
from .table import AMOUNTS, LINES, SECTIONS, URLS, Entry, Kind

__all__ = ["judge"]

_Model = type[models.Model]


def judge(mapping: Any) -> list[Problem]:
    """Everything that is wrong with a mapping."""
    if not isinstance(mapping, Mapping):
        return [Problem(Wrong.UNFIT, "", "the mapping is no dict", "Write a dict of sections.")]
    found = [
        *_unknown("", mapping, (*SECTIONS, "urls", "amounts")),
        *(problem for name in SECTIONS if name in mapping for problem in _section(name, mapping[name])),
        *_urls(mapping.get("urls", {})),
        *_amounts(mapping.get("amounts", AMOUNTS[0])),
    ]
    return found if any(each.is_error for each in found) else [*found, *disagreements(mapping)]


def _unknown(where: str, given: Mapping[Any, Any], known: Iterable[str]) -> Iterator[Problem]:
    known = tuple(known)
    for name in given:
        if name not in known:
            advice = did_you_mean(str(name), known) or f"Known here: {', '.join(known)}."
            yield Problem(Wrong.UNKNOWN, _at(where, name), "is unknown", advice)


def _section(name: str, given: Any) -> Iterator[Problem]:
    if not isinstance(given, Mapping):
        yield Problem(Wrong.UNFIT, name, "is no dict", "Write a dict of paths.")
        return
    yield from _shape(name, given, SECTIONS[name])
    model = given.get("model")
    if model is None:
        return
    found = _model(model)
    if found is None:
        known = [each._meta.label for each in apps.get_models()]
        advice = did_you_mean(str(model), known) or "Write app_label.Model, and put its app into INSTALLED_APPS."
        yield Problem(
            Wrong.NO_MODEL, f"{name}.model", f"names {model!r}, which is no model of an installed app", advice
        )
        return
    yield from _paths(name, given, SECTIONS[name], found)


def _shape(where: str, given: Mapping[Any, Any], entries: tuple[Entry, ...]) -> Iterator[Problem]:
    yield from _unknown(where, given, (entry.name for entry in entries))
    for entry in entries:
        if entry.is_required and entry.name not in given:
            yield Problem(Wrong.MISSING, _at(where, entry.name), "is missing", f"Give {entry.kind.value}.")


def _paths(where: str, given: Mapping[Any, Any], entries: tuple[Entry, ...], model: _Model | None) -> Iterator[Problem]:
    for entry in entries:
        if entry.name in given and entry.kind is not Kind.MODEL:
            yield from _value(_at(where, entry.name), given[entry.name], entry.kind, model)


def _value(where: str, value: Any, kind: Kind, model: _Model | None) -> Iterator[Problem]:
    if kind is Kind.LINES and isinstance(value, Mapping):
        yield from _lines(where, value, model)
    elif kind is Kind.ADDRESS and isinstance(value, Mapping) and _is_named_address(value):
        for path in (*value.get("args", ()), *value.get("kwargs", {}).values()):
            yield from _path(where, path, kind, model)
    elif kind in (Kind.PATH, Kind.MANY, Kind.FIELD, Kind.ADDRESS) and _is_text(value):
        yield from _path(where, value, kind, model)
    elif kind is Kind.RELATIONS and _is_list(value) and all(_is_text(each) for each in value):
        for path in value:
            yield from _path(where, path, kind, model)
    elif kind is Kind.FILTER and isinstance(value, Mapping):
        yield from _filter(where, value, model)
    elif not (kind is Kind.VALUES and _is_list(value)) and not (kind is Kind.TEXT and _is_text(value)):
        yield Problem(Wrong.UNFIT, where, f"is {value!r}", f"Give {kind.value}.")


def _lines(where: str, given: Mapping[Any, Any], owner: _Model | None) -> Iterator[Problem]:
    yield from _shape(where, given, LINES)
    if owner is None or "path" not in given:
        return
    path = given["path"]
    found = list(_value(f"{where}.path", path, Kind.MANY, owner))
    yield from found
    if not found:
        rest = tuple(entry for entry in LINES if entry.name != "path")
        yield from _paths(where, given, rest, follow(owner, path).target)


def _path(where: str, path: Any, kind: Kind, model: _Model | None) -> Iterator[Problem]:
    if model is None:  # lines that are no rows: only reading them will tell
        return
    try:
        way = follow(model, path)
    except LeadsNowhere as error:
        yield Problem(Wrong.NOWHERE, where, f"is {path!r}, but {error}", error.advice)
        return
    if kind is Kind.FIELD and (not way.lookup or way.is_many):
        yield Problem(Wrong.UNFIT, where, f"is {path!r}, which no query can ask by", f"Give {kind.value}.")
    elif kind is Kind.FIELD and not where.endswith(".user"):
        yield from _plain(where, way)
    elif kind is Kind.RELATIONS and way.field is not None:
        yield Problem(Wrong.UNFIT, where, f"names {path!r}, which is no relation", f"Give {kind.value}.")


def _plain(where: str, way: Way) -> Iterator[Problem]:
    if way.field is None:
        text = f"is {way.path!r}, which leads to a whole row"
        yield Problem(Wrong.UNFIT, where, text, f"Go on to one of its fields, such as '{way.path}.pk'.")
    elif where.endswith(".key") and (way.relations or not _is_unique(way.field)):
        text = f"is {way.path!r}, of which several rows may have the same"
        yield Problem(Wrong.AMBIGUOUS, where, text, "Name a unique field.")


def _is_unique(field: models.Field[Any, Any]) -> bool:
    alone = [each.fields for each in field.model._meta.total_unique_constraints]
    return field.unique or (field.name,) in alone


def _filter(where: str, value: Mapping[Any, Any], model: _Model | None) -> Iterator[Problem]:
    assert model is not None
    try:
        model._default_manager.filter(**value)
    except (FieldError, ValidationError, ValueError, TypeError) as error:
        text = f"cannot be asked of {model._meta.label}: {error}"
        yield Problem(Wrong.UNFIT, where, text, "Give lookups as QuerySet.filter() takes them.")


def _urls(given: Any) -> Iterator[Problem]:
    if not isinstance(given, Mapping):
        yield Problem(Wrong.UNFIT, "urls", "is no dict", "Write a dict of url names.")
        return
    yield from _unknown("urls", given, URLS)
    for page in URLS:
        if page in given and not _is_text(given[page]):
            yield Problem(Wrong.UNFIT, f"urls.{page}", f"is {given[page]!r}", "Give a url name, or an address.")


def _amounts(given: Any) -> Iterator[Problem]:
    if given not in AMOUNTS:
        yield Problem(Wrong.UNFIT, "amounts", f"is {given!r}", f"Give one of {', '.join(AMOUNTS)}.")


def _model(name: Any) -> _Model | None:
    try:
        return apps.get_model(name)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def _is_named_address(value: Mapping[Any, Any]) -> bool:
    args, kwargs = value.get("args", ()), value.get("kwargs", {})
    are_paths = _is_list(args) and isinstance(kwargs, Mapping) and all(map(_is_text, (*args, *kwargs.values())))
    return set(value) <= {"name", "args", "kwargs"} and _is_text(value.get("name")) and are_paths


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _at(where: str, name: Any) -> str:
    return f"{where}.{name}" if where else str(name)
