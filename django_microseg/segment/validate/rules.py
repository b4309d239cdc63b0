"""Groups and conditions: sizes, names, and the parts each condition is made of."""

from __future__ import annotations

from collections.abc import Mapping

from ...profile.fact_catalogue import is_list_name
from ..conditions import BrokenCondition, UnknownCondition, expand_custom, find_parameter_errors
from ..names import CONDITION_FUNCTIONS
from ..normal import depth_of
from ..rule import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    Condition,
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    Rule,
    SegmentCondition,
    TraitCondition,
    conditions_of,
)
from ..terms import Term, Vocabulary
from .cycles import find_cycle, segments_used
from .findings import Check, Problem
from .operands import check_comparison
from .traits import check_trait

__all__ = ["validate"]


def validate(rule: Rule, vocabulary: Vocabulary, *, slug: str = "") -> list[Problem]:
    """Every problem of a rule. With the ``slug`` of its segment, circles through it are found too."""
    check = Check(vocabulary)
    if not _is_of_size(rule, check):
        return check.problems
    _check_rule(rule, check)
    if slug and not check.problems:
        _check_circle(rule, slug, check)
    return check.problems


def _is_of_size(rule: Rule, check: Check) -> bool:
    count = sum(1 for _ in conditions_of(rule))
    hint = "Split it into segments that use each other."
    if count > MAX_CONDITIONS:
        check.add("too-many-conditions", f"The rule has {count} conditions, more than {MAX_CONDITIONS}.", hint)
    if depth_of(rule) > MAX_DEPTH:
        check.add("too-deep", f"Groups lie more than {MAX_DEPTH} deep inside each other.", hint)
    return not check.problems


def _check_rule(rule: Rule, check: Check) -> None:
    if not isinstance(rule, Group):
        _check_condition(rule, check)
        return
    if rule.combinator not in ("all", "any"):
        check.at("combinator").add_unknown(
            "unknown-combinator", "There is no combinator", rule.combinator, ("all", "any")
        )
    for index, inner in enumerate(rule.rules):
        _check_rule(inner, check.at("rules", index))


def _check_condition(condition: Condition, check: Check) -> None:
    vocabulary = check.vocabulary
    match condition:
        case TraitCondition():
            term = check_trait(condition.trait, check.at("trait"))
            if term is not None:
                check_comparison(condition, term, check)
        case FactCondition() if condition.name in vocabulary.reserved:
            check.at("fact").add("reserved-fact", *reserved_in_words(condition.name))
        case FactCondition() if is_list_name(condition.name):
            check.at("fact").add("reserved-fact", *list_in_words(condition.name))
        case FactCondition():
            _check_named(condition, "fact", vocabulary.facts, check)
        case ContextCondition():
            _check_named(condition, "context", vocabulary.contexts, check)
        case SegmentCondition():
            if condition.slug not in vocabulary.segments:
                known = vocabulary.segments
                check.at("segment").add_unknown("unknown-segment", "There is no segment", condition.slug, known)
        case CustomCondition():
            _check_custom(condition, check)


def _check_named(
    condition: FactCondition | ContextCondition, kind: str, known: Mapping[str, Term], check: Check
) -> None:
    """A fact or a piece of context: is it known, and compared as its kind can be?"""
    if condition.name in known:
        check_comparison(condition, known[condition.name], check)
    else:
        check.at(kind).add_unknown(f"unknown-{kind}", f"There is no {kind}", condition.name, known, quote="`")


def reserved_in_words(name: str) -> tuple[str, str]:
    """Why no rule may ask for a fact, and what to do."""
    return (
        f"The fact `{name}` is kept for audits alone, and no rule may ask for it.",
        'Take it out, or name it in MICROSEG["SPECIAL_CATEGORIES_IN_RULES"] if the law and the people allow it.',
    )


def list_in_words(name: str) -> tuple[str, str]:
    """Why no rule that somebody writes may ask who is in a frozen segment, and what to do."""
    return (
        f"The fact `{name}` says who is in a frozen segment, and no rule may ask for it.",
        'Ask for the segment: segment("…").',
    )


def _check_custom(condition: CustomCondition, check: Check) -> None:
    types = check.vocabulary.conditions
    if condition.kind not in types:
        known = {*types, *CONDITION_FUNCTIONS}
        check.at("custom").add_unknown("unknown-condition", "There is no condition", condition.kind, known, quote="`")
        return
    errors = find_parameter_errors(condition, types[condition.kind])
    for name, message, suggestion in errors:
        here = check.at("parameters", name) if name else check
        here.add("bad-parameter", message, suggestion)
    if not errors:
        _check_expansion(condition, check)


def _check_expansion(condition: CustomCondition, check: Check) -> None:
    """What a custom condition stands for must itself be a rule that can be evaluated."""
    try:
        rule = expand_custom(condition, check.vocabulary.conditions)
    except (BrokenCondition, UnknownCondition) as error:
        check.add("broken-condition", error.message, error.suggestion)
        return
    inner = Check(check.vocabulary)
    _check_rule(rule, inner)
    for problem in inner.problems:
        check.add(problem.code, f"{condition.kind}() stands for a faulty rule: {problem.message}", problem.suggestion)


def _check_circle(rule: Rule, slug: str, check: Check) -> None:
    used = segments_used(expand_custom(rule, check.vocabulary.conditions))
    circle = find_cycle({**check.vocabulary.segments, slug: used})
    if circle is not None:
        way = " uses ".join(f'"{each}"' for each in circle)
        check.add("circle", f"Segments go in a circle: {way}.", "Take one of these references away.")
