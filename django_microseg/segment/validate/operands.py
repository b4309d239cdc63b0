"""Comparisons: does the operator fit the kind of the subject, and the operand both?"""

from __future__ import annotations

from ..aggregates import AGGREGATES, NUMBER_OPERATORS, OPERATORS, TEXT_OPERATORS
from ..limits import MAX_LIST
from ..rule import (
    ContextCondition,
    FactCondition,
    Operand,
    PopulationOperand,
    TraitCondition,
    TraitOperand,
)
from ..terms import TEXTS, Term
from .findings import Check
from .traits import check_trait
from .values import check_factor, check_number, check_text

__all__ = ["PRESENCE", "check_comparison", "operators_for"]

#: What asks whether there is a value at all.
PRESENCE = ("known", "unknown")
_ORDER = (">", ">=", "<", "<=")
#: Kinds whose figures are plain numbers and can be compared with each other.
_PLAIN = frozenset({"count", "number"})


def check_comparison(condition: TraitCondition | FactCondition | ContextCondition, term: Term, check: Check) -> None:
    """Judge operator and operand of a condition whose subject is of the term's kind."""
    operator = condition.operator
    if operator not in OPERATORS:
        check.at("operator").add_unknown("unknown-operator", "There is no operator", operator, OPERATORS)
    elif operator in PRESENCE:
        _check_presence(condition, check)
    elif operator not in operators_for(term, is_figure=isinstance(condition, TraitCondition)):
        check.at("operator").add("wrong-operator", *_why_not(term, operator))
    elif isinstance(condition.value, TraitOperand | PopulationOperand):
        _check_figure(condition, condition.value, term, check.at("value"))
    else:
        _check_constants(condition.value, operator, term, check.at("value"))


def _check_presence(condition: TraitCondition | FactCondition | ContextCondition, check: Check) -> None:
    if condition.value != ():
        check.at("value").add("wrong-value", f"{condition.operator}() is compared with nothing.")
    if isinstance(condition, TraitCondition) and AGGREGATES[condition.trait.aggregate].is_always_known:
        name = condition.trait.aggregate
        message = f"{name}() is always known: of nothing it is 0."
        check.at("operator").add("wrong-operator", message, "Compare it with 0.")


def operators_for(term: Term, *, is_figure: bool) -> tuple[str, ...]:
    """The operators that compare values of a kind; figures are not compared with lists of numbers."""
    if term.kind in TEXTS:
        return TEXT_OPERATORS
    if term.kind == "duration":
        return _ORDER
    if term.kind == "date":
        return ()
    return NUMBER_OPERATORS if is_figure else (*NUMBER_OPERATORS, "in", "not_in")


def _why_not(term: Term, operator: str) -> tuple[str, str]:
    shown = operator.replace("_", " ")
    if term.kind in TEXTS:
        return f"`{term.name}` is a text: `{shown}` does not compare texts.", "Use == != in or not in."
    if term.kind == "duration":
        return f"`{term.name}` never holds still: `{shown}` would be true for an instant.", "Use >= > <= or <."
    if term.kind == "date":
        return f"`{term.name}` is a date and not compared.", f"Ask known({term.name}), or for the age."
    return f"`{shown}` does not compare figures.", "Use >= > <= < == or !=."


def _check_constants(value: Operand, operator: str, term: Term, check: Check) -> None:
    is_list = operator in ("in", "not_in")
    if isinstance(value, tuple) is not is_list:
        hint = 'Write lists as ("de", "at").' if is_list else "Use `in` for a list."
        check.add("wrong-value", "A list is compared with `in` and `not in`, and nothing else is.", hint)
        return
    values = value if isinstance(value, tuple) else (value,)
    if not values or len(values) > MAX_LIST:
        check.add("too-long", f"A list has 1 to {MAX_LIST} values, this one {len(values)}.", "Shorten or fill it.")
        return
    judge = check_text if term.kind in TEXTS else check_number
    for at, each in enumerate(values):
        judge(each, term, check.at(at) if is_list else check)  # type: ignore[arg-type]


def _check_figure(
    condition: TraitCondition | FactCondition | ContextCondition,
    value: TraitOperand | PopulationOperand,
    term: Term,
    check: Check,
) -> None:
    """A figure on the other side: same kind, sensible factor."""
    if not isinstance(condition, TraitCondition) or term.kind in TEXTS:
        message = f"`{term.name}` is compared with constants only."
        check.add("wrong-value", message, "Write a number or a text.")
        return
    check_factor(value.factor, check.at("factor"))
    other = _figure_term(value, check)
    if other is not None and not _is_comparable(term, other):
        message = f"`{term.name}` is {_in_words(term)}, `{other.name}` is {_in_words(other)}."
        check.add("wrong-kind", message, "Compare figures of one kind.")


def _figure_term(value: TraitOperand | PopulationOperand, check: Check) -> Term | None:
    if isinstance(value, TraitOperand):
        return check_trait(value.trait, check.at("trait"))
    term = check.vocabulary.population.get(value.name)
    if term is None:
        check.at("shop").add_unknown(
            "unknown-population", "There is no figure of the shop", value.name, check.vocabulary.population
        )
    return term


def _is_comparable(one: Term, other: Term) -> bool:
    if one.kind in _PLAIN and other.kind in _PLAIN:
        return True
    if one.kind != other.kind or one.kind in TEXTS:
        return False
    return one.kind != "measure" or one.unit == other.unit


def _in_words(term: Term) -> str:
    words = {
        "count": "a number of things", "number": "a number", "money": "an amount of money",
        "ratio": "a share", "duration": "a length of time", "measure": f"in {term.unit or term.name}",
        "date": "a date",
    }  # fmt: skip
    return words.get(term.kind, "a text")
