"""What a rule may say in this shop, as plain JSON values: for whoever writes rules with a program or a form.

The same vocabulary that rules are judged by. Labels are those of the language that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .aggregates import AGGREGATES, Aggregate
from .conditions import REQUIRED, ConditionType, Parameter
from .context_catalogue import CONTEXTS
from .json_form import value_to_json
from .models import Segment
from .terms import EventTerm, Term
from .validate.operands import PRESENCE, operators_for
from .validate.traits import tests_for
from .vocabulary import build_vocabulary

__all__ = ["describe_fields"]

_Operators = Callable[[Term], tuple[str, ...]]


def describe_fields() -> dict[str, list[dict[str, Any]]]:
    """Events with their properties, facts, context, aggregates, segments, figures of the shop, conditions of its own.

    One query, whatever the number of segments.
    """
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED).order_by("slug").values_list("slug", "name", "state")
    segments = list(rows)
    known = build_vocabulary({slug: frozenset() for slug, _, _ in segments})
    return {
        "events": [_event(event) for event in known.events.values()],
        "facts": _terms(known.facts.values(), _compared),
        "context": [{**_term(term, _compared), **_of_the_moment(term.name)} for term in known.contexts.values()],
        "shop": _terms(known.population.values(), _as_figure),
        "aggregates": _aggregates(),
        "segments": [{"slug": slug, "name": name, "state": state} for slug, name, state in segments],
        "conditions": [_condition(each) for each in _by_name(known.conditions)],
    }


def _event(event: EventTerm) -> dict[str, Any]:
    return {
        "name": event.name,
        "label": str(event.summary),
        "is_group": event.is_group,
        "filters": _terms(event.filters.values(), tests_for),
        "aggregated": _terms(event.aggregated.values(), _as_figure),
    }


def _compared(term: Term) -> tuple[str, ...]:
    return (*operators_for(term, is_figure=False), *PRESENCE)


def _as_figure(term: Term) -> tuple[str, ...]:
    """Whether a figure may be unknown is its aggregate's to say."""
    return operators_for(term, is_figure=True)


def _terms(terms: Iterable[Term], operators: _Operators) -> list[dict[str, Any]]:
    return [_term(term, operators) for term in terms]


def _term(term: Term, operators: _Operators) -> dict[str, Any]:
    return {
        "name": term.name,
        "kind": term.kind,
        "label": str(term.label),
        "unit": term.unit,
        "bounds": None if term.bounds is None else list(term.bounds),
        "operators": list(operators(term)),
    }


def _of_the_moment(name: str) -> dict[str, Any]:
    """What a context often is, and whether it is known only while somebody is here."""
    return {"usual": list(CONTEXTS[name].usual), "is_momentary": CONTEXTS[name].is_momentary}


def _aggregates() -> list[dict[str, Any]]:
    return [
        {
            "name": each.name, "kind": each.kind, "label": str(each.summary), "example": each.example,
            "field": each.field, "unit": each.unit, "takes_part": each.takes_part, "takes_after": each.takes_after,
            "operators": [*_of_its_own(each), *(() if each.is_always_known else PRESENCE)],
        }
        for each in AGGREGATES.values()
    ]  # fmt: skip


def _of_its_own(aggregate: Aggregate) -> tuple[str, ...]:
    """A figure that is of its property's kind is compared as the property says."""
    return () if aggregate.kind == "field" else _as_figure(Term(aggregate.name, aggregate.kind))


def _by_name(types: Mapping[str, ConditionType]) -> list[ConditionType]:
    return [types[name] for name in sorted(types)]


def _condition(each: ConditionType) -> dict[str, Any]:
    return {
        "name": each.kind,
        "label": str(each.label or each.kind),
        "parameters": [_parameter(parameter) for parameter in each.parameters],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    is_required = parameter.default is REQUIRED
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "label": str(parameter.label or parameter.name),
        "is_required": is_required,
        "default": None if is_required else value_to_json(parameter.default),
        "choices": list(parameter.choices),
    }
