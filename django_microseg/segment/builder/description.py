"""Everything a rule may say in this shop, as plain JSON for the builder: names, words, kinds, and what fits what.

Made from the vocabulary that judges rules, by the same functions, so that the builder offers what is valid and nothing
else. Values of texts are not in it: they are asked for one by one (`suggest`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..aggregates import AGGREGATES, Aggregate
from ..conditions import REQUIRED, ConditionType, Parameter
from ..context_catalogue import CONTEXTS
from ..exact import UNITS as KNOWN_UNITS
from ..json_form import VERSION, value_to_json
from ..rule import MAX_DEPTH
from ..sentence import Labels
from ..terms import NUMBERS, TEXTS, EventTerm, Term, Vocabulary
from ..validate.operands import PRESENCE, operators_for
from ..validate.traits import fields_for, tests_for
from .suggest import has_values
from .wording import FIELDS, FIGURES, OPERATORS, SUBJECTS, TESTS, UNITS, WEEKDAYS, WINDOWS, WORDS

__all__ = ["describe_vocabulary"]

_KINDS = (*sorted(TEXTS), *sorted(NUMBERS), "date")
_WEEKDAYS = ("weekday", "local_weekday")
Choices = list[tuple[Any, str]]


def describe_vocabulary(vocabulary: Vocabulary, labels: Labels) -> dict[str, Any]:
    """The description; everything in it is JSON, all words are in the language of the moment."""
    return {
        "version": VERSION,
        "max_depth": MAX_DEPTH,
        "currency": labels.currency,
        "subjects": [[name, str(words)] for name, words in SUBJECTS.items()],
        "custom": [_custom(each) for each in sorted(vocabulary.conditions.values(), key=lambda each: each.kind)],
        "figures": [_figure(each) for each in AGGREGATES.values()],
        "events": sorted((_event(each, labels) for each in vocabulary.events.values()), key=_groups_first),
        "fields": _fields(vocabulary, labels),
        "facts": _named(vocabulary.facts.values(), labels, "fact"),
        "contexts": _named(vocabulary.contexts.values(), labels, "context"),
        "shop": [_term(each, str(each.label) or each.name) for each in vocabulary.population.values()],
        "figure_operators": {kind: _operators(kind, is_figure=True) for kind in _KINDS},
        "operators": {kind: _operators(kind, is_figure=False) for kind in _KINDS},
        "presence": [[name, str(OPERATORS[name][0])] for name in PRESENCE],
        "tests": {kind: _tests(kind) for kind in _KINDS},
        "windows": [[name, str(words)] for name, words in WINDOWS.items()],
        "units": [[name, str(UNITS[name])] for name in UNITS if name in KNOWN_UNITS],
        "texts": sorted(TEXTS),
        "words": {name: str(words) for name, words in WORDS.items()},
    }


def _groups_first(event: Mapping[str, Any]) -> tuple[bool, str]:
    return not event["group"], event["label"].casefold()


def _figure(aggregate: Aggregate) -> dict[str, Any]:
    name = aggregate.name
    return {
        "name": name,
        "label": str(FIGURES.get(name, name)),
        "kind": aggregate.kind,
        "field": aggregate.field,
        "part": aggregate.takes_part,
        "after": aggregate.takes_after,
        "presence": not aggregate.is_always_known,
    }


def _event(event: EventTerm, labels: Labels) -> dict[str, Any]:
    """Property names with their kinds; by aggregate's kind of field, which properties it can be taken of."""
    fields = {each.field: list(fields_for(each, event)) for each in AGGREGATES.values() if each.field}
    return {
        "name": event.name,
        "label": labels.verb(event.name),
        "group": event.is_group,
        "filters": {name: term.kind for name, term in event.filters.items()},
        "of": fields,
    }


def _fields(vocabulary: Vocabulary, labels: Labels) -> dict[str, Any]:
    """Each property of any event: its words, its bounds, its choices, and whether values can be asked for."""
    found: dict[str, Term] = {}
    for event in vocabulary.events.values():
        found |= event.filters
    return {
        name: _term(term, str(FIELDS.get(name) or labels.field_name(name)), "field")
        for name, term in sorted(found.items())
    }


def _named(terms: Iterable[Term], labels: Labels, subject: str) -> list[dict[str, Any]]:
    rows = [_term(term, labels.field_name(term.name), subject) for term in terms]
    return sorted(rows, key=lambda row: str(row["label"]).casefold())


def _term(term: Term, label: str, subject: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {"name": term.name, "label": label, "kind": term.kind}
    if term.label and term.label != label:
        row["help"] = term.label
    if term.bounds:
        row["bounds"] = list(term.bounds)
    choices = _choices(term.name, subject)
    if choices:
        row["choices"] = choices
    if subject and has_values(subject, term):
        row["picker"] = True
    return row


def _choices(name: str, subject: str) -> Choices:
    """The few values that something usually has; numbers of them are the only ones."""
    if name in _WEEKDAYS:
        return [(number, str(words)) for number, words in enumerate(WEEKDAYS)]
    context = CONTEXTS.get(name) if subject in ("context", "field") else None
    return [(value, value) for value in context.usual] if context else []


def _operators(kind: str, *, is_figure: bool) -> list[list[str]]:
    fitting, column = operators_for(Term("", kind), is_figure=is_figure), kind in TEXTS
    ordered = sorted(fitting, key=list(OPERATORS).index)
    return [[name, str(OPERATORS[name][column])] for name in ordered]


def _tests(kind: str) -> list[list[str]]:
    names = (*tests_for(Term("", kind)), *(["known"] if kind in TEXTS else []))
    return [[name, str(TESTS[name])] for name in names]


def _custom(condition: ConditionType) -> dict[str, Any]:
    return {
        "name": condition.kind,
        "label": condition.label or condition.kind.replace("_", " "),
        "parameters": [_parameter(each) for each in condition.parameters],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": parameter.name,
        "label": parameter.label or parameter.name.replace("_", " "),
        "kind": parameter.kind,
        "choices": [(value, value) for value in parameter.choices],
        "required": parameter.default is REQUIRED,
    }
    return row if parameter.default is REQUIRED else {**row, "default": value_to_json(parameter.default)}
