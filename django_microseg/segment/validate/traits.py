"""Traits: does the event exist, does it have the field, does the window make sense?"""

from __future__ import annotations

from ...profile.traits.definition import MINUTE, After, Stream, Test, Trait, Window
from ..aggregates import AGGREGATES, Aggregate
from ..limits import MAX_LIST, MAX_WINDOW
from ..terms import TEXTS, EventTerm, Term
from .findings import Check
from .values import check_number, check_text

__all__ = ["TESTS", "check_trait", "fields_for", "tests_for"]

_NUMBER_FIELDS = frozenset({"number", "money", "measure"})
_TEXT_FIELDS = frozenset({"text", "key"})
#: Tests that a filter may make of a text, and all that it may make of a number.
_TEXT_TESTS = ("eq", "ne", "in", "not_in")
TESTS = (*_TEXT_TESTS, "between", "ge", "le")


def check_trait(trait: Trait, check: Check) -> Term | None:
    """Judge a trait; its own kind of value, or None where that cannot be told."""
    aggregate = AGGREGATES.get(trait.aggregate)
    if aggregate is None:
        check.at("aggregate").add_unknown(
            "unknown-aggregate", "There is no figure", trait.aggregate, AGGREGATES, quote="`"
        )
        return None
    _check_parts(trait, aggregate, check)
    _check_window(trait.window, check.at("window"))
    if trait.stream.after is not None:
        _check_after(trait.stream.after, check.at("after"))
    event = _check_stream(trait.stream, check)
    if event is None:
        return None
    _check_tests(trait.part, event, check.at("of"))
    return _value_term(trait, aggregate, event, check)


def _check_parts(trait: Trait, aggregate: Aggregate, check: Check) -> None:
    """Whether the trait has exactly the parts that its aggregate takes."""
    after = trait.stream.after
    for name, given, wanted in (
        ("field", trait.field is not None, bool(aggregate.field)),
        ("of", bool(trait.part), aggregate.takes_part),
        ("after", after is not None, aggregate.takes_after),
    ):
        if given is not wanted:
            needs = "needs" if wanted else "does not take"
            check.add("wrong-parts", f"{aggregate.name} {needs} {name!r}.", f"For example: {aggregate.example}")
    if after is not None and aggregate.takes_after and after.is_negated is not aggregate.is_negated:
        check.at("after").add("wrong-parts", f"{aggregate.name} and its stream disagree about the negation.")


def _check_stream(stream: Stream, check: Check) -> EventTerm | None:
    event = check.vocabulary.events.get(stream.event)
    if event is None:
        check.at("event").add_unknown("unknown-event", "There is no event", stream.event, check.vocabulary.events)
        return None
    _check_tests(stream.where, event, check.at("where"))
    return event


def _check_after(after: After, check: Check) -> None:
    _check_stream(Stream(after.event, after.where), check)
    if not 0 < after.within <= MAX_WINDOW or after.within % MINUTE:
        check.at("within").add("bad-window", "The time within is no whole minutes up to ten years.", "Write 1 or more.")


def _check_window(window: Window, check: Check) -> None:
    if window.since is not None:
        if window.newest or window.oldest is not None:
            check.add("bad-window", "A window since an event has no other bounds.", "Keep one of them.")
        if window.since.after is not None:
            check.at("since").add("wrong-parts", "The event that a window starts at follows no other.")
        _check_stream(window.since, check.at("since"))
        return
    oldest = window.oldest
    if oldest is None:
        if window.newest:
            check.add("bad-window", "The window ends in the past but has no start.", "Write days=(90, 3650).")
        return
    if not 0 <= window.newest < oldest:
        check.add("bad-window", "The window is empty.", "Write the smaller number first, as in days=(90, 180).")
    elif oldest > MAX_WINDOW or window.newest % MINUTE or oldest % MINUTE:
        check.add("bad-window", "The window is no whole minutes up to ten years.", "Leave it out for all time.")


def _check_tests(tests: tuple[Test, ...], event: EventTerm, check: Check) -> None:
    if len(tests) > MAX_LIST:
        check.add("too-long", f"The filter has {len(tests)} tests, more than {MAX_LIST}.", "Shorten it.")
        return
    for index, test in enumerate(tests):
        here = check.at(index)
        term = event.filters.get(test.field)
        if term is None:
            what = f"{event.name} has no property"
            here.at("field").add_unknown("unknown-field", what, test.field, event.filters, quote="`")
        elif test.op not in TESTS:
            here.at("op").add_unknown("unknown-operator", "There is no test", test.op, TESTS)
        else:
            _check_test(test, term, here)


def _check_test(test: Test, term: Term, check: Check) -> None:
    wanted = {"in": None, "not_in": None, "between": 2}.get(test.op, 1)
    if not test.values or len(test.values) > MAX_LIST or (wanted is not None and len(test.values) != wanted):
        check.add("wrong-parts", f"The test {test.op!r} has {len(test.values)} values.")
        return
    if test.op not in tests_for(term):
        hint = "Ask with ne(), one_of() or none_of()."
        check.add("wrong-operator", f"`{test.field}` is a text: it has no order.", hint)
        return
    if term.kind in TEXTS and test.op == "ne" and test.values == ("",):
        return
    before = len(check.problems)
    for at, value in enumerate(test.values):
        judge = check_text if term.kind in TEXTS else check_number
        judge(value, term, check.at("values", at))
    if test.op == "between" and len(check.problems) == before and test.values[0] > test.values[1]:  # type: ignore[operator]
        hint = "Write the smaller number first; for hours over midnight use one_of()."
        check.add("empty-range", "Nothing lies between these two numbers.", hint)


def tests_for(term: Term) -> tuple[str, ...]:
    """The tests that a filter may make of values of a kind: texts have no order."""
    return _TEXT_TESTS if term.kind in TEXTS else TESTS


def fields_for(aggregate: Aggregate, event: EventTerm) -> dict[str, Term]:
    """The properties of an event that an aggregate can be taken of; none if it takes none."""
    allowed = {"number": _NUMBER_FIELDS, "text": _TEXT_FIELDS}.get(aggregate.field, frozenset())
    return {name: term for name, term in event.aggregated.items() if term.kind in allowed}


def _value_term(trait: Trait, aggregate: Aggregate, event: EventTerm, check: Check) -> Term | None:
    """The kind of the trait's value."""
    if not aggregate.field or trait.field is None:
        return Term(aggregate.name, aggregate.kind, aggregate.unit) if not aggregate.field else None
    fields = fields_for(aggregate, event)
    if trait.field not in fields:
        kind = "number" if aggregate.field == "number" else "text"
        what = f"{aggregate.name}() takes a {kind} of {event.name}, which has none called"
        check.at("field").add_unknown("unknown-field", what, trait.field, fields)
        return None
    term = fields[trait.field]
    if aggregate.name == "distinct":
        return Term(aggregate.name, "count")
    return term
