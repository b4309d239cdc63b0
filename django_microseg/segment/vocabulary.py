"""Fills the vocabulary of rules from this shop's catalogues, settings and segments."""

from __future__ import annotations

from collections.abc import Mapping

from .. import conf
from ..collect.catalogue import Catalogue, FilterField
from ..collect.events import catalogue
from ..collect.money import minor_exponent
from ..profile.fact_catalogue import fact_types
from ..profile.facts import reserved_now
from ..profile.population import POPULATION
from .conditions import condition_types, expand_custom
from .context_catalogue import CONTEXTS
from .errors import InvalidRule
from .json_form import from_json
from .models import Segment
from .names import is_name
from .sentence import Labels
from .terms import EventTerm, Term, Vocabulary
from .validate import segments_used

__all__ = ["build_labels", "build_vocabulary", "segment_uses"]

_BOUNDS = {"local_hour": (0, 23), "local_weekday": (0, 6)}
#: What kind of figure each population fact is; a plain number if it is not said here.
_POPULATION_KINDS = {"average_order_value": "money"}


def build_vocabulary(segments: Mapping[str, frozenset[str]] | None = None) -> Vocabulary:
    """What rules may name in this shop now. One query, for the segments if they are not given."""
    reserved = reserved_now()
    return Vocabulary(
        events=_events(catalogue()),
        facts={
            name: Term(name, fact.kind, label=fact.summary)
            for name, fact in fact_types(conf.get("FACTS")).items()
            if is_name(name) and name not in reserved
        },
        reserved=reserved,
        contexts={
            name: Term(name, context.kind, bounds=context.bounds, label=context.description)
            for name, context in CONTEXTS.items()
        },
        population={
            name: Term(name, _POPULATION_KINDS.get(name, "number"), label=str(label))
            for name, (_, label) in POPULATION.items()
        },
        segments=segment_uses() if segments is None else segments,
        conditions=condition_types(),
        minor_exponent=minor_exponent(conf.get("CURRENCY")),
    )


def build_labels(names: Mapping[str, str] | None = None) -> Labels:
    """The words of this shop for sentences. One query, for the names of segments if they are not given."""
    return Labels(
        segments=dict(Segment.objects.values_list("slug", "name")) if names is None else names,
        population={name: str(label) for name, (_, label) in POPULATION.items()},
        conditions=condition_types(),
        currency=conf.get("CURRENCY"),
    )


def segment_uses() -> dict[str, frozenset[str]]:
    """Each segment's slug with the slugs that its live rule uses; without a rule none."""
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED).values_list("slug", "live_version__rule")
    return {slug: _used_by(form) if form else frozenset() for slug, form in rows}


def _used_by(form: object) -> frozenset[str]:
    rule = None
    try:
        rule = from_json(form)
        rule = expand_custom(rule)
    except InvalidRule:
        # What cannot be read has no members; what cannot be expanded still uses what it names itself.
        return segments_used(rule) if rule is not None else frozenset()
    return segments_used(rule)


def _events(events: Catalogue) -> dict[str, EventTerm]:
    names = {**events.groups, **{name: frozenset({name}) for name in events.events}}
    return {name: _event(events, name, is_group=name in events.groups) for name in sorted(names)}


def _event(events: Catalogue, name: str, *, is_group: bool) -> EventTerm:
    event = events.event_type(name)
    return EventTerm(
        name,
        filters=_terms(events.filter_fields(name)),
        aggregated=_terms(events.aggregate_fields(name)),
        summary=event.summary if event else "",
        is_group=is_group,
    )


def _terms(fields: dict[str, FilterField]) -> dict[str, Term]:
    """Fields as terms. A field whose name cannot be written as a plain word is left out."""
    return {
        name: Term(name, field.kind, unit=name if field.kind == "measure" else "", bounds=_BOUNDS.get(name))
        for name, field in fields.items()
        if is_name(name)
    }
